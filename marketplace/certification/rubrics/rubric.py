"""The shape of a rubric: parts, criteria as a tree, options with points and star marks; all immutable."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    vi: str
    en: str


class NoteKind(StrEnum):
    """What a note beside a criterion is for."""

    REQUIRE = "require"
    EXCLUDE = "exclude"
    APPLIES = "applies"
    STOP = "stop"
    ELIMINATE = "eliminate"
    BASIS = "basis"
    DEFINE = "define"
    CASE = "case"


STOPPING = frozenset({NoteKind.EXCLUDE, NoteKind.STOP, NoteKind.ELIMINATE})
"""Notes that name a finding after which nothing is scored any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What is to be minded at a criterion, at some of its options (by number) or in one of its cases."""

    kind: NoteKind
    words: Words
    options: tuple[int, ...] = ()
    case: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """What looks odd or is unclear in the regulation, and how it was handled."""

    words: Words
    handling: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Erratum:
    """What is misprinted in the regulation and what is used instead; `printed` None is a blank."""

    words: Words
    printed: str | None
    used: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One of the steps of a criterion; `number` counts from 1, `gate` is its star mark (3 to 5)."""

    number: int
    words: Words
    points: int
    gate: int | None = None
    case: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """A criterion: either a group of others, or a leaf with options of which one is chosen."""

    code: str
    words: Words
    most: int
    children: tuple["Criterion", ...] = ()
    options: tuple[Option, ...] = ()
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    errata: tuple[Erratum, ...] = ()

    def leaves(self) -> Iterator["Criterion"]:
        """Yield what is scored: the leaves below, or the criterion itself."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def _minded(self) -> Iterator[Note]:
        """Yield the notes that neither stop the scoring nor name a case."""
        yield from (note for note in self.notes if note.kind not in STOPPING and note.case is None)

    @property
    def minded_above(self) -> tuple[Note, ...]:
        """Return what is to be minded at the criterion or at several of its options."""
        return tuple(note for note in self._minded() if len(note.options) != 1)

    def minded_at(self, number: int) -> tuple[Note, ...]:
        """Return what is to be minded at one option alone."""
        return tuple(note for note in self._minded() if note.options == (number,))

    def points_of(self, note: Note) -> tuple[int, ...]:
        """Return the points of the options that a note is about, none where it is about all of them."""
        if len(note.options) in (0, len(self.options)):
            return ()
        return tuple(self.options[number - 1].points for number in note.options)

    def case_words(self, case: str) -> Words:
        """Return what one of the cases of the criterion is called."""
        return next(note.words for note in self.notes if note.case == case)

    @property
    def may_reach_nothing(self) -> bool:
        """Return whether a product may fall below every option, which then counts as 0 points."""
        return all(option.points for option in self.options)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One of the three parts A, B and C with the most points it gives."""

    code: str
    words: Words
    most: int
    criteria: tuple[Criterion, ...]
    doubts: tuple[Doubt, ...] = ()

    def leaves(self) -> Iterator[Criterion]:
        """Yield the criteria that are scored."""
        for criterion in self.criteria:
            yield from criterion.leaves()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A finding that ends the scoring: of the whole file (`code` None), or at a criterion."""

    number: int
    words: Words
    code: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rubric:
    """The criteria of one set (bộ sản phẩm) in one edition; `digest` names exactly this content."""

    regulation: str
    edition: int
    number: int
    slug: str
    name: Words
    group: Words
    family: Words
    parts: tuple[Part, ...]
    stops: tuple[Stop, ...]
    digest: str
    doubts: tuple[Doubt, ...] = ()
    abbreviations: tuple[tuple[str, Words], ...] = ()

    def leaves(self) -> Iterator[Criterion]:
        """Yield the criteria that are scored, in order."""
        for part in self.parts:
            yield from part.leaves()

    def stops_at(self, code: str | None) -> tuple[Stop, ...]:
        """Return the findings that end the scoring at a criterion; None: of the file as a whole."""
        return tuple(stop for stop in self.stops if stop.code == code)
