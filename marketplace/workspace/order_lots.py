"""Which lots a seller can take the rest of an order from, line by line."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.ordering.lots import list_sendable
from marketplace.ordering.models import OrderLine
from marketplace.traceability.lots.models import Lot
from marketplace.workspace.order_pages import OrderCard


@dataclass(frozen=True, slots=True)
class LotChoice:
    """A lot that a line can be taken from: how many units are, and how many can be."""

    lot: Lot
    taken: int
    most: int


def list_choices(session: Session, card: OrderCard) -> list[tuple[OrderLine, list[LotChoice]]]:
    """Return the lines of an order with goods to send and lots to take them from, first expired first."""
    lines = [line for line in card.order.lines if line.id in card.left]
    if not lines or card.held_back or not card.traced:
        return []
    shelves = list_sendable(session, {line.variant_id for line in lines}, clock.today())
    choices = []
    for line in lines:
        on_shelf = {one.lot_id: one.remaining for one in shelves.get(line.variant_id, ())}
        taken = [
            LotChoice(one.lot, one.quantity, one.quantity + on_shelf.pop(one.lot.id, 0))
            for one in card.lots.get(line.id, ())
        ]
        others = [one for one in shelves.get(line.variant_id, ()) if one.lot_id in on_shelf]
        if own := taken + [LotChoice(one.lot, 0, one.remaining) for one in others]:
            choices.append((line, own))
    return choices
