"""A thing to do in a producer's workspace, and how much it presses."""

from dataclasses import dataclass
from enum import IntEnum


class Urgency(IntEnum):
    """How much something presses; buyers who wait come before everything."""

    BUYERS = 0
    PARCELS = 1
    QUESTIONS = 2
    STARS = 3
    DECLINED = 4
    STOCK = 5
    DRAFT = 6


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, why, and the page where it is done."""

    urgency: Urgency
    drawing: str
    words: str
    detail: str
    path: str
    verb: str

    @property
    def colour(self) -> str:
        """Return how it is marked, beside its words: u urgent, w soon, nothing else."""
        soon = {Urgency.PARCELS, Urgency.QUESTIONS, Urgency.STARS, Urgency.DECLINED}
        return "u" if self.urgency is Urgency.BUYERS else ("w" if self.urgency in soon else "")
