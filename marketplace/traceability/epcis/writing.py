"""The history of lots as an EPCIS 2.0 document in JSON-LD."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from marketplace.traceability.epcis.names import (
    CONTEXT,
    PREFIX,
    lot_uri,
    namespace,
    site_uri,
    step_name,
    zone_uri,
)
from marketplace.traceability.events.models import Action, EventKind, TraceEvent
from marketplace.traceability.lots.models import Lot, LotInput

SCHEMA_VERSION = "2.0"
QUANTITIES = {
    EventKind.OBJECT: "quantityList",
    EventKind.AGGREGATION: "childQuantityList",
    EventKind.TRANSACTION: "quantityList",
    EventKind.TRANSFORMATION: "outputQuantityList",
}
"""The member of each type of event that names the lot."""

Json = dict[str, Any]


def write_document(events: Iterable[Json], created_at: datetime, site_url: str) -> Json:
    """Return written events as an EPCISDocument."""
    return _envelope("EPCISDocument", created_at, site_url) | {"epcisBody": {"eventList": list(events)}}


def write_answer(events: Iterable[Json], asked_at: datetime, site_url: str, query: str) -> Json:
    """Return written events as the answer to a query, an EPCISQueryDocument."""
    results = {"queryName": query, "resultsBody": {"eventList": list(events)}}
    return _envelope("EPCISQueryDocument", asked_at, site_url) | {"epcisBody": {"queryResults": results}}


def write_events(events: Sequence[TraceEvent], beside: Iterable[TraceEvent], site_url: str) -> list[Json]:
    """Return events as EPCIS has them, in their order.

    An event that takes another back is written as the standard asks: as the other one once more, with an
    error declaration that names what replaces it. Those others are looked for among `events` and `beside`.
    The events' lots must be loaded as `epcis.asking` does.
    """
    known = {event.id: event for event in (*beside, *events)}
    instead = {event.corrects_id: event.event_id for event in known.values() if event.corrects_id is not None}
    written = []
    for event in events:
        wrong = known[event.declares_wrong_id] if event.declares_wrong_id else None
        one = _write_event(wrong or event, site_url)
        if wrong is not None:
            one["errorDeclaration"] = _declaration(event, instead.get(wrong.id))
        written.append(one)
    return written


def _envelope(kind: str, at: datetime, site_url: str) -> Json:
    return {
        "@context": [CONTEXT, {PREFIX: namespace(site_url)}],
        "type": kind,
        "schemaVersion": SCHEMA_VERSION,
        "creationDate": at.isoformat(),
    }


def _write_event(event: TraceEvent, site_url: str) -> Json:
    lot = event.lot
    written: Json = {
        **event.details,
        "type": event.kind.value,
        "eventID": event.event_id,
        "eventTime": _local(event).isoformat(),
        "eventTimeZoneOffset": event.time_zone_offset,
        "recordTime": event.recorded_at.isoformat(),
        f"{PREFIX}:hash": event.hash,
        QUANTITIES[event.kind]: [_amount(lot, event.quantity, event.uom, site_url)],
    }
    written.setdefault("bizStep", step_name(event.biz_step, site_url))
    if event.action is not None:
        written["action"] = event.action.value
    if event.disposition is not None:
        written["disposition"] = event.disposition.value
    if event.kind is EventKind.TRANSFORMATION:
        written.setdefault("inputQuantityList", _write_inputs(lot.inputs, site_url))
    if event.action is Action.ADD or event.kind is EventKind.TRANSFORMATION:
        written.setdefault("ilmd", _master_data(lot))
    return written | _place(event, site_url) | _words(event)


def _local(event: TraceEvent) -> datetime:
    """Return when it happened by the clock of the place, or in UTC at the ends of the calendar."""
    sign = -1 if event.time_zone_offset.startswith("-") else 1
    hours, minutes = map(int, event.time_zone_offset[1:].split(":"))
    try:
        return event.event_time.astimezone(timezone(sign * timedelta(hours=hours, minutes=minutes)))
    except OverflowError:
        return event.event_time


def _amount(lot: Lot, quantity: Decimal | None, uom: str | None, site_url: str) -> Json:
    """Return a quantity element; pieces carry no unit, as the standard has it."""
    amount: Json = {"epcClass": lot_uri(lot, site_url)}
    if quantity is not None:
        amount["quantity"] = _number(quantity)
        if uom is not None and uom != "H87":
            amount["uom"] = str(uom)
    return amount


def _number(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


def _write_inputs(inputs: Sequence[LotInput], site_url: str) -> list[Json]:
    """Return the amounts that came from other lots, and from zones under the zones' own URIs."""
    written = []
    for one in inputs:
        if one.source_lot is not None:
            written.append(_amount(one.source_lot, one.quantity, one.uom, site_url))
        elif one.zone is not None:
            named = {"epcClass": zone_uri(one.zone, site_url)}
            written.append(named | ({} if one.quantity is None else _measure(one)))
    return written


def _measure(one: LotInput) -> Json:
    return {"quantity": _number(one.quantity or Decimal(0))} | ({"uom": str(one.uom)} if one.uom else {})


def _master_data(lot: Lot) -> Json:
    """Return the master data of a lot (CBV 2.0, instance/lot master data)."""
    data: Json = {"cbvmda:lotNumber": lot.code}
    if lot.use_by is not None:
        data["cbvmda:itemExpirationDate"] = lot.use_by.isoformat()
    return data


def _place(event: TraceEvent, site_url: str) -> Json:
    if event.site is not None:
        return {name: {"id": site_uri(event.site, site_url)} for name in ("readPoint", "bizLocation")}
    if event.zone is not None:
        return {"readPoint": {"id": zone_uri(event.zone, site_url)}}
    return {f"{PREFIX}:place": event.place_words} if event.place_words else {}


def _words(event: TraceEvent) -> Json:
    return {f"{PREFIX}:words": event.words} if event.words else {}


def _declaration(event: TraceEvent, corrected_by: str | None) -> Json:
    declared: Json = {"declarationTime": event.recorded_at.isoformat(), "reason": str(event.error_reason)}
    return declared | ({"correctiveEventIDs": [corrected_by]} if corrected_by else {})
