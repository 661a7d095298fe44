"""What a story of drill S3 is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

Deed = Callable[[Session, int], Any]


@dataclass(frozen=True)
class Story:
    """A thing that goes from state to state; `begin` writes one, numbered, and returns its id."""

    name: str
    begin: Callable[[int], int]
    state: Callable[[Session, int], str]
    deeds: dict[str, Deed]
    legal: dict[tuple[str, str], str]


def leads(deed: str, **to: str) -> dict[tuple[str, str], str]:
    """Return where a deed leads, by the state it finds (underscores are spaces)."""
    return {(deed, state.replace("_", " ")): after for state, after in to.items()}


def changes_nothing(deed: str, *states: str) -> dict[tuple[str, str], str]:
    """Return the states in which a deed was done already, or has nothing to do."""
    return {(deed, state): state for state in states}
