"""Making a rubric out of what its file holds, refusing one that does not add up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from marketplace.certification.rubrics.rubric import (
    STOPPING,
    Criterion,
    Doubt,
    Erratum,
    Note,
    NoteKind,
    Option,
    Part,
    Rubric,
    Stop,
    Words,
)

Raw = dict[str, Any]


class FaultyRubric(ValueError):
    """A set whose points do not add up, whose gates do not rise, or which gates one of two cases."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """What the sets of an edition share: words, short forms, doubts and errata as they are in the files."""

    regulation: str
    number: int
    labels: dict[str, Raw]
    abbreviations: dict[str, Raw]
    doubts: list[Raw]
    errata: list[Raw]

    def words(self, label: str) -> Words:
        """Return the words of a label."""
        return _words(self.labels[label])

    def doubts_of(self, number: int, code: str | None) -> tuple[Doubt, ...]:
        """Return the doubts about a criterion or part of a set; None: about the set as a whole."""
        return tuple(
            Doubt(words=_words(row), handling=_words(row["handling"]))
            for row in self.doubts
            if number in row["sets"] and row["code"] == code
        )

    def errata_of(self, number: int, code: str) -> tuple[Erratum, ...]:
        """Return what was misprinted at a criterion of a set."""
        return tuple(
            Erratum(
                words=_words(row),
                printed=None if row["printed"] is None else str(row["printed"]),
                used=str(row["used"]),
            )
            for row in self.errata
            if row["set"] == number and row["code"] == code
        )


def _words(raw: Raw) -> Words:
    return Words(vi=raw["vi"], en=raw["en"])


def build_rubric(raw: Raw, edition: Edition, digest: str) -> Rubric:
    """Return the rubric of a file; its digest has been taken before.

    Raises FaultyRubric.
    """
    parts = tuple(_part(one, raw["number"], edition) for one in raw["parts"])
    leaves = [leaf for part in parts for leaf in part.leaves()]
    return Rubric(
        regulation=edition.regulation,
        edition=edition.number,
        number=raw["number"],
        slug=raw["slug"],
        name=_words(raw["name"]),
        group=_words(raw["group"]),
        family=_words(raw["family"]),
        parts=parts,
        stops=tuple(_stops(map(_words, raw["disqualifiers"]), leaves)),
        digest=digest,
        doubts=edition.doubts_of(raw["number"], None),
        abbreviations=tuple(_abbreviations(leaves, edition)),
    )


def _part(raw: Raw, number: int, edition: Edition) -> Part:
    criteria = tuple(_criterion(one, number, edition) for one in raw["criteria"])
    _require_sum(raw["code"], raw["max"], (criterion.most for criterion in criteria))
    return Part(
        code=raw["code"],
        words=edition.words(raw["label"]),
        most=raw["max"],
        criteria=criteria,
        doubts=edition.doubts_of(number, raw["code"]),
    )


def _criterion(raw: Raw, number: int, edition: Edition) -> Criterion:
    code = raw["code"]
    children = tuple(_criterion(one, number, edition) for one in raw.get("children", ()))
    options = tuple(_option(place, one, edition) for place, one in enumerate(raw.get("options", ()), 1))
    if children:
        _require_sum(code, raw["max"], (child.most for child in children))
    else:
        _require_ladder(code, raw["max"], options)
    return Criterion(
        code=code,
        words=edition.words(raw["label"]),
        most=raw["max"],
        children=children,
        options=options,
        notes=tuple(_note(one, edition) for one in raw.get("notes", ())),
        doubts=edition.doubts_of(number, code),
        errata=edition.errata_of(number, code),
    )


def _option(number: int, raw: Raw, edition: Edition) -> Option:
    return Option(
        number=number,
        words=edition.words(raw["label"]),
        points=raw["points"],
        gate=raw.get("gate"),
        case=raw.get("case"),
    )


def _note(raw: Raw, edition: Edition) -> Note:
    return Note(
        kind=NoteKind(raw["kind"]),
        words=edition.words(raw["label"]),
        options=tuple(raw.get("options", ())),
        case=raw.get("case"),
    )


def _stops(of_file: Iterable[Words], leaves: list[Criterion]) -> Iterator[Stop]:
    found: list[tuple[Words, str | None]] = [(words, None) for words in of_file]
    found += [(note.words, leaf.code) for leaf in leaves for note in leaf.notes if note.kind in STOPPING]
    for number, (words, code) in enumerate(found, 1):
        yield Stop(number=number, words=words, code=code)


def _abbreviations(leaves: list[Criterion], edition: Edition) -> Iterator[tuple[str, Words]]:
    said = [leaf.words.vi for leaf in leaves]
    said += [option.words.vi for leaf in leaves for option in leaf.options]
    said += [note.words.vi for leaf in leaves for note in leaf.notes]
    for short, meaning in edition.abbreviations.items():
        if any(short in words for words in said):
            yield short, _words(meaning)


def _require_sum(code: str, most: int, below: Iterable[int]) -> None:
    if sum(below) != most:
        raise FaultyRubric(f"{code}: does not add up to {most}")


def _require_ladder(code: str, most: int, options: tuple[Option, ...]) -> None:
    """Refuse options that do not climb to the most there is, case by case, gates rising with them."""
    for case in {option.case for option in options}:
        points = [option.points for option in options if option.case == case]
        if points != sorted(points) or points[-1] != most:
            raise FaultyRubric(f"{code}: options do not climb to {most}")
    gates = [option.gate for option in options if option.gate]
    if gates != sorted(set(gates)):
        raise FaultyRubric(f"{code}: star marks do not rise")
    if gates and any(option.case for option in options):
        raise FaultyRubric(f"{code}: a star mark in one of two cases")
