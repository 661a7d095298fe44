"""Reading JSON of strangers: what is too much or cannot be kept is refused before anything judges it."""

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any, NoReturn

from marketplace.traceability.epcis.errors import CaptureRefused
from marketplace.traceability.epcis.schema import Fault, events_of

MOST_EVENTS = 500
MOST_ELEMENTS = 2_000
"""How many members all lists of a document have together."""
MOST_VALUES = 20_000
DEEPEST = 20
LONGEST_TEXT = 10_000


def load_document(body: bytes) -> Any:
    """Return the JSON of a document that is of bearable size; raises CaptureRefused."""
    try:
        document = json.loads(body, parse_constant=_refuse_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise CaptureRefused([Fault("", f"no JSON: {error}")]) from error
    if len(events_of(document) or ()) > MOST_EVENTS:
        raise CaptureRefused([Fault("/epcisBody/eventList", f"at most {MOST_EVENTS} events are expected")])
    _weigh(document)
    return document


def _weigh(document: Any) -> None:
    """Look at each level in turn, so that no nesting is deeper than this can follow."""
    level, elements, values = [document], 0, 0
    for _ in range(DEEPEST):
        elements += sum(len(value) for value in level if isinstance(value, list))
        values += len(level)
        if elements > MOST_ELEMENTS:
            _refuse(f"lists with at most {MOST_ELEMENTS} members together are expected")
        if values > MOST_VALUES:
            _refuse(f"at most {MOST_VALUES} values are expected")
        level = [part for value in level for part in _parts(value)]
        if not level:
            return
    _refuse(f"members nested at most {DEEPEST} deep are expected")


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for name in value:
            _check_text(name)
        return value.values()
    if isinstance(value, str):
        _check_text(value)
    return value if isinstance(value, list) else ()


def _check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        _refuse(f"texts of at most {LONGEST_TEXT} characters are expected")
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        _refuse("texts without NUL and without halves of characters are expected")


def _refuse(words: str) -> NoReturn:
    raise CaptureRefused([Fault("", words)])


def _refuse_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        _refuse_number(text[:20])
    return number
