"""Reading events of a valid document: what of the trade they say, and about which lot.

One event speaks of one lot here, since each lot has a chain of its own.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from marketplace.traceability.codes.trace_code import TraceCode, read_digital_link, read_token_link
from marketplace.traceability.epcis.names import PREFIX, read_disposition, read_step
from marketplace.traceability.epcis.schema import Fault
from marketplace.traceability.epcis.writing import QUANTITIES, Json
from marketplace.traceability.errors import Misreading, UnreadableCode
from marketplace.traceability.events.models import Action, BizStep, Disposition, ErrorReason, EventKind
from marketplace.traceability.lots.models import MeasureUnit

LONGEST_ID, LONGEST_WORDS, LONGEST_PLACE = 120, 500, 200
LONGEST_DETAILS = 8_000

_LISTS = ("epcList", "childEPCs", "outputEPCList")
_READ = {
    "@context", "type", "eventID", "eventTime", "eventTimeZoneOffset", "recordTime", "action",
    "readPoint", "bizLocation", "errorDeclaration", f"{PREFIX}:words", f"{PREFIX}:place", f"{PREFIX}:hash",
    "quantityList", "childQuantityList", "outputQuantityList",
}  # fmt: skip
_LINK = re.compile(r"/(01|t)/(.+)")


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """What an event says; `place` is a URI, `details` hold the members that have no column of their own.

    `hash` is that of our own chain, in an event that was exported here.
    """

    path: str
    event_id: str
    kind: EventKind
    lot: TraceCode
    action: Action | None
    biz_step: BizStep
    disposition: Disposition | None
    event_time: datetime
    time_zone_offset: str
    place: str | None
    place_words: str | None
    words: str | None
    quantity: Decimal | None
    uom: MeasureUnit | None
    details: Json
    declared_wrong: ErrorReason | None
    corrected_by: tuple[str, ...]
    hash: str | None


class UnreadEvent(Exception):
    """An event that says something that is not kept here; `fault` names the member."""

    def __init__(self, path: str, words: str) -> None:
        super().__init__(words)
        self.fault = Fault(path, words)


def read_events(document: Json) -> tuple[list[ReadEvent], list[Fault]]:
    """Return the events of a document that is valid by the schema, and what is wrong with the others."""
    read: list[ReadEvent] = []
    faults: list[Fault] = []
    for number, event in enumerate(document["epcisBody"]["eventList"]):
        try:
            read.append(_read_event(event, f"/epcisBody/eventList/{number}"))
        except UnreadEvent as unread:
            faults.append(unread.fault)
    return read, faults


def _read_event(event: Json, path: str) -> ReadEvent:
    kind = _kind(event, path)
    element = _element(event, kind, path)
    declared = event.get("errorDeclaration")
    return ReadEvent(
        path=path,
        event_id=_event_id(event, path),
        kind=kind,
        lot=_lot(event, element, path),
        action=Action(event["action"]) if "action" in event else None,
        biz_step=read_step(event.get("bizStep")) or BizStep.OTHER,
        disposition=read_disposition(event.get("disposition")),
        event_time=datetime.fromisoformat(event["eventTime"]),
        time_zone_offset=event["eventTimeZoneOffset"],
        place=(event.get("bizLocation") or event.get("readPoint") or {}).get("id"),
        place_words=_text(event, f"{PREFIX}:place", LONGEST_PLACE, path),
        words=_text(event, f"{PREFIX}:words", LONGEST_WORDS, path),
        quantity=_quantity(element, path),
        uom=_unit(element, path),
        details=_details(event, path),
        declared_wrong=_reason(declared, path),
        corrected_by=tuple((declared or {}).get("correctiveEventIDs", ())),
        hash=event.get(f"{PREFIX}:hash"),
    )


def _kind(event: Json, path: str) -> EventKind:
    if event["type"] not in set(EventKind):
        raise UnreadEvent(f"{path}/type", "association events are not kept here")
    return EventKind(event["type"])


def _event_id(event: Json, path: str) -> str:
    """Return the id of an event; one without gets one made from all it says, so that it is known again."""
    given = event.get("eventID")
    if given is None:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(event, sort_keys=True))}"
    if len(given) > LONGEST_ID:
        raise UnreadEvent(f"{path}/eventID", f"at most {LONGEST_ID} characters are kept")
    return str(given)


def _element(event: Json, kind: EventKind, path: str) -> Mapping[str, Any]:
    """Return the one quantity element of an event, or an empty one when it lists single items."""
    member = QUANTITIES[kind]
    elements = event.get(member, [])
    if len(elements) > 1:
        raise UnreadEvent(f"{path}/{member}", "one lot for each event is expected: write one event for each")
    return elements[0] if elements else {}


def _lot(event: Json, element: Mapping[str, Any], path: str) -> TraceCode:
    """Return the lot that an event is about: that of its class, or the one that all its items are of."""
    named = [element["epcClass"]] if element else [one for member in _LISTS for one in event.get(member, [])]
    lots = {_code(uri, path) for uri in named}
    if len(lots) != 1:
        raise UnreadEvent(path, "an event about exactly one lot is expected")
    return lots.pop()


def _code(uri: str, path: str) -> TraceCode:
    """Return the lot that a Digital Link names, whatever its host and serial."""
    try:
        code = read_epc(uri)
    except UnreadableCode as error:
        raise UnreadEvent(path, f"{uri} is not the Digital Link of a lot") from error
    if code.lot is None:
        raise UnreadEvent(path, f"{uri} names no lot (/10/…)")
    return TraceCode(gtin=code.gtin, token=code.token, lot=code.lot)


def read_epc(uri: str) -> TraceCode:
    """Return the code in a Digital Link of whatever host; raises UnreadableCode."""
    try:
        link = _LINK.search(unquote(urlsplit(uri).path))
    except ValueError as error:
        raise UnreadableCode(reason=Misreading.FORM, printed=uri) from error
    read = read_digital_link if link and link[1] == "01" else read_token_link
    return read(link[2] if link else "")


def _text(event: Json, member: str, longest: int, path: str) -> str | None:
    text = event.get(member)
    if text is not None and (not isinstance(text, str) or len(text) > longest):
        raise UnreadEvent(f"{path}/{member}", f"a text of at most {longest} characters is expected")
    return text


def _quantity(element: Mapping[str, Any], path: str) -> Decimal | None:
    if "quantity" not in element:
        return None
    try:
        quantity = Decimal(str(element["quantity"]))
    except InvalidOperation as error:
        raise UnreadEvent(path, "the quantity is no number") from error
    if not 0 < quantity < 10**11:
        raise UnreadEvent(path, "a quantity above 0 is expected")
    return quantity


def _unit(element: Mapping[str, Any], path: str) -> MeasureUnit | None:
    if "quantity" not in element:
        return None
    unit = element.get("uom", MeasureUnit.PIECE)
    if unit not in set(MeasureUnit):
        raise UnreadEvent(path, f"the unit {unit} is not kept here: {', '.join(MeasureUnit)}")
    return MeasureUnit(unit)


def _details(event: Json, path: str) -> Json:
    """Return the members that have no column, with the names of steps and dispositions not known here."""
    left = _without(event, _READ)
    if read_step(event.get("bizStep")) is not None:
        left.pop("bizStep")
    if read_disposition(event.get("disposition")) is not None:
        left.pop("disposition")
    if len(json.dumps(left)) > LONGEST_DETAILS:
        raise UnreadEvent(path, f"at most {LONGEST_DETAILS} bytes beside the standard members are kept")
    return left


def _without(event: Json, members: Iterable[str]) -> Json:
    left = set(members)
    return {name: value for name, value in event.items() if name not in left}


def _reason(declared: Json | None, path: str) -> ErrorReason | None:
    if declared is None:
        return None
    word = str(declared.get("reason", "")).rpartition("-")[2].rpartition(":")[2]
    if word not in set(ErrorReason):
        raise UnreadEvent(f"{path}/errorDeclaration/reason", f"one of {', '.join(ErrorReason)} is expected")
    return ErrorReason(word)
