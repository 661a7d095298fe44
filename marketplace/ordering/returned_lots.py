"""Which lots units came back of that a buyer returned: as the seller says, or as far as nobody need ask.

What nobody knows the lot of is in stock and on no lot's shelf, until it is counted there.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.ordering.errors import InvalidQuantity
from marketplace.ordering.line_lots import Taken, list_taken
from marketplace.ordering.lot_models import OrderLineLot
from marketplace.ordering.lots import change_remaining, lock_shelves_of
from marketplace.ordering.models import Order
from marketplace.ordering.status import units_out

UnitsByLot = Mapping[int, int]


def list_doubtful(session: Session, order: Order, units: Mapping[int, int]) -> dict[int, list[OrderLineLot]]:
    """Return by line the lots that units may be of, where somebody has to say which; first expired first.

    `units` are those of lines, by id, that are to come back.
    """
    taken = list_taken(session, order)
    out = {line_id: [one for one in taken[line_id] if one.out] for line_id in units}
    loose = _loose(order, taken)
    return {
        line_id: own
        for line_id, own in out.items()
        if own and not _is_plain([one.out for one in own], loose[line_id], units[line_id])
    }


def put_on_shelf_again(
    session: Session,
    order: Order,
    units: Mapping[int, int],
    told: Mapping[int, UnitsByLot],
    at: datetime,
) -> None:
    """Put units of lines, by id, that a buyer returned on the shelf of their lots; they stay on record.

    `told` says by line which lots they are of. Of what it leaves open, units that may be of several lots or
    of none are believed to be of the recalled ones, which takes them out of trade; the others stay loose,
    for nobody knows which it was. Raises InvalidQuantity for more than came back, or than was sent of a lot.
    """
    taken = list_taken(session, order)
    for line_id, said in told.items():
        _check(line_id, taken[line_id], said, units.get(line_id, 0))
    shelves = lock_shelves_of(session, {one.lot_id for line_id in units for one in taken[line_id]})
    loose = _loose(order, taken)
    for line_id, count in units.items():
        for one, back in _shared(taken[line_id], loose[line_id], count, told.get(line_id, {})):
            one.returned += back
            if one.lot_id in shelves:
                change_remaining(session, shelves[one.lot_id], back, at)
    session.flush()


def _check(line_id: int, own: list[OrderLineLot], said: UnitsByLot, count: int) -> None:
    out = {one.lot_id: one.out for one in own}
    within = all(0 <= units <= out.get(lot_id, 0) for lot_id, units in said.items())
    if not within or sum(said.values()) > count:
        raise InvalidQuantity(field=f"line-{line_id}", most=count)


def _loose(order: Order, taken: Taken) -> dict[int, int]:
    """Return by line how many units were sent that are noted on no lot."""
    return {
        line_id: max(0, units - sum(one.sent for one in taken[line_id]))
        for line_id, units in units_out(order).items()
    }


def _shared(
    own: list[OrderLineLot], loose: int, count: int, said: UnitsByLot
) -> list[tuple[OrderLineLot, int]]:
    """Return how many of so many units are of which lot; what nobody knows is left out."""
    back = [(one, said[one.lot_id]) for one in own if said.get(one.lot_id)]
    left, missing = {one.lot_id: one.out - said.get(one.lot_id, 0) for one in own}, count - sum(said.values())
    out = [one for one in own if left[one.lot_id]]
    plain = _is_plain([left[one.lot_id] for one in out], loose, missing)
    for one in out if plain else [one for one in out if one.lot.recalled_at is not None]:
        if units := min(missing, left[one.lot_id]):
            back, missing = [*back, (one, units)], missing - units
    return back


def _is_plain(out: list[int], loose: int, count: int) -> bool:
    """Return whether so many units can be of these lots in one way only.

    `out` is what each has sent, `loose` what was sent of no lot.
    """
    return not loose and (len(out) == 1 or sum(out) <= count)
