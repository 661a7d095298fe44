"""The query parameters of EPCIS 2.0 that are answered here; lists are separated by commas."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from marketplace.errors import InvalidInput
from marketplace.text import whole_number
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.epcis.asking import MOST_EVENTS, Question
from marketplace.traceability.epcis.names import read_disposition, read_step
from marketplace.traceability.epcis.reading import read_epc
from marketplace.traceability.errors import UnreadableCode
from marketplace.traceability.events.models import Action, EventKind

MOST_VALUES = 50
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Instants beyond cannot be told in every time zone."""

Parameters = MultiDict[str, str]
Value = TypeVar("Value")

EPC_PARAMETERS = ("MATCH_anyEPC", "MATCH_anyEPCClass", "MATCH_epc", "MATCH_epcClass")
KNOWN = {
    "eventType", "EQ_action", "EQ_bizStep", "EQ_disposition", "EQ_eventID", "GE_eventTime", "LT_eventTime",
    "GE_recordTime", "LT_recordTime", "perPage", "nextPageToken", *EPC_PARAMETERS,
}  # fmt: skip


class InvalidQuery(InvalidInput):
    """A query parameter that is not known or cannot be read; `field` names it."""

    code = "invalid_query"
    status = 400


def read_question(parameters: Parameters) -> Question:
    """Return what a query asks for; raises InvalidQuery."""
    for name in parameters:
        if name not in KNOWN:
            raise InvalidQuery(field=name)
    return Question(
        kinds=_read(parameters, "eventType", EventKind),
        actions=_read(parameters, "EQ_action", Action),
        steps=_read(parameters, "EQ_bizStep", read_step),
        dispositions=_read(parameters, "EQ_disposition", read_disposition),
        event_ids=_read(parameters, "EQ_eventID", str),
        lots=_lots(parameters),
        happened_from=_moment(parameters, "GE_eventTime"),
        happened_before=_moment(parameters, "LT_eventTime"),
        recorded_from=_moment(parameters, "GE_recordTime"),
        recorded_before=_moment(parameters, "LT_recordTime"),
        after=_number(parameters, "nextPageToken", 0, 0, 10**15),
        most=_number(parameters, "perPage", 1, MOST_EVENTS, MOST_EVENTS),
    )


def _read(parameters: Parameters, name: str, read: Callable[[str], Value | None]) -> list[Value]:
    values = []
    texts = ",".join(parameters.getlist(name)).split(",")
    if len(texts) > MOST_VALUES:
        raise InvalidQuery(field=name)
    for text in texts:
        if not text.strip():
            continue
        try:
            value = read(text.strip())
        except (ValueError, UnreadableCode) as error:
            raise InvalidQuery(field=name) from error
        if value is None:
            raise InvalidQuery(field=name)
        values.append(value)
    return values


def _lots(parameters: Parameters) -> list[TraceCode]:
    lots: list[TraceCode] = []
    for name in EPC_PARAMETERS:
        lots += _read(parameters, name, _code)
        if len(lots) > MOST_VALUES:
            raise InvalidQuery(field=name)
    return lots


def _code(uri: str) -> TraceCode:
    return read_epc(uri)


def _moment(parameters: Parameters, name: str) -> datetime | None:
    if name not in parameters:
        return None
    try:
        moment = datetime.fromisoformat(parameters[name])
    except ValueError as error:
        raise InvalidQuery(field=name) from error
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidQuery(field=name)
    return moment


def _number(parameters: Parameters, name: str, least: int, usual: int, most: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return usual
    number = whole_number(text, most)
    if number is None or number < least:
        raise InvalidQuery(field=name)
    return number
