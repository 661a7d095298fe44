"""A typed line as it was understood: what a product must or may hold."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Term:
    """One word to look for: with its marks, or folded when it was typed without any."""

    word: str
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a need is met: words side by side in one field.

    `cost` tells how far it lies from what was typed, in points lost; `after` is the folded word it
    must stand right behind; `unless` are folded pairs of words in which it means something else.
    """

    terms: tuple[Term, ...]
    cost: float = 0.0
    side_by_side: bool = True
    after: str | None = None
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A word or set phrase of the line, with the ways in which a product may meet it."""

    typed: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    optional: bool = False
    place: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The whole line; `words` as they were understood, `of_producer` when it names a legal form."""

    words: tuple[str, ...]
    needs: tuple[Need, ...]
    of_producer: bool = False
    kinds_too: bool = False
    cheapest_only: bool = False
    least: int | None = field(default=None)

    @property
    def required(self) -> tuple[Need, ...]:
        """The needs a product must meet: all that are not optional, or all when all are."""
        return tuple(need for need in self.needs if not need.optional) or self.needs

    def looser(self, **changes: object) -> "Query":
        """Return the same line asking for less."""
        return replace(self, **changes)  # type: ignore[arg-type]
