"""What the first event of a lot says of it, so that the chain holds the lot's own facts too."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.models import Lot, LotInput

INPUTS = "ocop:inputs"
"""The member of an event that names what went into a lot; it is of our own name space."""


def first_details(lot: Lot, inputs: Iterable[LotInput]) -> dict[str, Any]:
    """Return the members of a lot's first event: master data (CBV 2.0, 9.2) and its inputs."""
    ilmd = {
        "cbvmda:lotNumber": lot.code,
        "ocop:madeOn": _day(lot.made_on),
        "cbvmda:itemExpirationDate": _day(lot.use_by),
        "ocop:certificate": lot.certificate_code,
    }
    details: dict[str, Any] = {"ilmd": {name: value for name, value in ilmd.items() if value is not None}}
    if used := [_input(one) for one in inputs]:
        details[INPUTS] = used
    return details


def differences(
    lot: Lot, inputs: Iterable[LotInput], first: TraceEvent
) -> Iterator[tuple[str, object, object]]:
    """Yield the facts of a lot that are not what its first event says: name, as told there, as they are."""
    are = {"quantity": lot.quantity, "uom": lot.uom, **first_details(lot, inputs)}
    told = {"quantity": first.quantity, "uom": first.uom, **first.details}
    for name in sorted(are.keys() | told.keys()):
        if are.get(name) != told.get(name):
            yield name, told.get(name), are.get(name)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _input(one: LotInput) -> dict[str, Any]:
    said = {
        "material": one.material,
        "zone": one.zone_id,
        "lot": one.source_lot_id,
        "from": one.bought_from,
        "commune": one.commune_id,
        "province": one.province_id,
        "harvested": _day(one.harvested_on),
        "quantity": None if one.quantity is None else f"{one.quantity.normalize():f}",
        "uom": one.uom.value if one.uom else None,
    }
    return {name: value for name, value in said.items() if value is not None}
