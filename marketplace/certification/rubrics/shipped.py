"""The rubrics as shipped: read once, held against their digests, built into dataclasses."""

import csv
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from marketplace.certification.rubrics.building import Edition, build_rubric
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.errors import NotFound

REGULATION = "26/2026"
EDITION = 1


class ChangedRubric(RuntimeError):
    """A shipped set is not what its digest says: a defect of the build."""


def _folder(regulation: str, edition: int) -> Traversable:
    shipped = files("marketplace") / "data" / "certification" / "rubrics"
    return shipped / regulation.replace("/", "-") / str(edition)


@cache
def list_rubrics(regulation: str = REGULATION, edition: int = EDITION) -> tuple[Rubric, ...]:
    """Return the rubrics of an edition by the number of their set; the one in force unless told.

    Raises NotFound where there is no such edition, and ChangedRubric.
    """
    folder = _folder(regulation, edition)
    if not folder.is_dir():
        raise NotFound(regulation=regulation, edition=edition)
    words = Edition(
        regulation=regulation,
        number=edition,
        labels=_read(folder / "labels.json"),
        abbreviations=_read(folder / "abbreviations.json"),
        doubts=_read(folder / "doubts.json"),
        errata=_read(folder / "errata.json"),
    )
    digests = _digests(folder)
    raw = sorted((_read(file) for file in (folder / "sets").iterdir()), key=lambda one: int(one["number"]))
    return tuple(build_rubric(one, words, _checked(one, words.labels, digests)) for one in raw)


def find_rubric(slug: str) -> Rubric | None:
    """Return the rubric in force of a set by the set's slug."""
    return next((rubric for rubric in list_rubrics() if rubric.slug == slug), None)


def _read(file: Traversable) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _digests(folder: Traversable) -> dict[int, str]:
    with (folder / "digests.csv").open(encoding="utf-8") as file:
        return {int(row["set"]): row["digest"] for row in csv.DictReader(file)}


def digest_of(raw: dict[str, Any], labels: dict[str, dict[str, str]]) -> str:
    """Return the SHA-256 of a set with the words it uses, whatever the layout of its file."""
    used = {label: labels[label] for label in _labels_in(raw)}
    text = json.dumps([raw, used], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _labels_in(raw: Any) -> Iterator[str]:
    if isinstance(raw, dict):
        if "label" in raw:
            yield raw["label"]
        for value in raw.values():
            yield from _labels_in(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _labels_in(value)


def _checked(raw: dict[str, Any], labels: dict[str, dict[str, str]], digests: dict[int, str]) -> str:
    digest = digest_of(raw, labels)
    if digests.get(raw["number"]) != digest:
        raise ChangedRubric(f"set {raw['number']}: {digest}")
    return digest
