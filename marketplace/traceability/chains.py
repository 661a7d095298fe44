"""Whether hashed rows that follow one another are a whole chain."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar


class Link(Protocol):
    """A row of a chain: its place from 1 on, its hash, and that of the row before."""

    position: int
    previous_hash: str | None
    hash: str


L = TypeVar("L", bound=Link)


def find_break(
    links: Iterable[L], hash_of: Callable[[L], str | None], length: int, last_hash: str | None
) -> int | None:
    """Return the first position at which links are no whole chain, or None if they are.

    `hash_of` reckons what a link's hash must be. A link that is missing is the broken one, and so is one
    after the end that `length` and `last_hash` tell.
    """
    position, previous = 0, None
    for position, link in enumerate(links, start=1):
        if (link.position, link.previous_hash, link.hash) != (position, previous, hash_of(link)):
            return position
        previous = link.hash
    if position != length:
        return min(position, length) + 1
    return None if previous == last_hash else position
