"""Checking documents against the JSON schema that GS1 publishes with EPCIS 2.0."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match

_SCHEMA = Path(__file__).parents[2] / "data" / "traceability" / "epcis" / "EPCIS-JSON-Schema.json"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

_formats = FormatChecker(formats=())


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a document: `path` is a JSON pointer to the member, `words` say what is expected."""

    path: str
    words: str


@_formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def find_faults(document: Any, most: int | None = None) -> list[Fault]:
    """Return what is wrong with an EPCIS document, event by event; none when it is valid.

    Nothing is judged any more once there are `most` faults.
    """
    return list(islice(_faults(document), most))


def _faults(document: Any) -> Iterator[Fault]:
    """Look at each event by itself, so that a fault names its member and not the whole list."""
    events = events_of(document)
    if events is None:
        yield from _judge(_document_validator(), document, "")
        return
    shell = {**document, "epcisBody": {**document["epcisBody"], "eventList": []}}
    yield from _judge(_document_validator(), shell, "")
    for number, event in enumerate(events):
        yield from _judge_event(event, f"/epcisBody/eventList/{number}")


def events_of(document: Any) -> list[Any] | None:
    """Return the events of what may be a document; None when it has no list of them."""
    body = document.get("epcisBody") if isinstance(document, dict) else None
    events = body.get("eventList") if isinstance(body, dict) else None
    return events if isinstance(events, list) else None


def _judge_event(event: Any, path: str) -> Iterator[Fault]:
    kind = event.get("type") if isinstance(event, dict) else None
    if kind not in EVENT_TYPES:
        yield Fault(f"{path}/type", f"one of {', '.join(EVENT_TYPES)} is expected")
        return
    yield from _judge(_event_validator(kind), event, path)


def _judge(validator: Draft7Validator, value: Any, path: str) -> Iterator[Fault]:
    for error in validator.iter_errors(value):
        deepest = best_match([error]) or error
        yield Fault(path + _pointer(deepest), deepest.message[:300])


def _pointer(error: ValidationError) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)
    return "".join(f"/{step}" for step in steps)


EVENT_TYPES = (
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
)


@cache
def _schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_SCHEMA.read_text())
    return loaded


@cache
def _event_validator(kind: str) -> Draft7Validator:
    schema = {"$ref": f"#/definitions/{kind}", "definitions": _schema()["definitions"]}
    return Draft7Validator(schema, format_checker=_formats)


@cache
def _document_validator() -> Draft7Validator:
    return Draft7Validator(
        {"$ref": "#/definitions/epcisDocument", "definitions": _schema()["definitions"]},
        format_checker=_formats,
    )
