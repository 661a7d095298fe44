"""Which lots a seller can take the rest of an order from, line by line, and what it says of them."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.ordering.lots import list_sendable
from marketplace.ordering.models import OrderLine
from marketplace.traceability.lots.models import Lot
from marketplace.workspace.order_pages import OrderCard
from marketplace.workspace.typed import Typed

LOT_FIELD = re.compile(r"lo_([0-9]{1,9})_([0-9]{1,9})", re.ASCII)
"""A field that counts units of a line from a lot, by their numbers."""


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


def read_lots(typed: Typed, words: str, *, skip_empty: bool = False) -> dict[int, dict[int, int]]:
    """Return the units that somebody typed, by lot by line; `words` say what is wrong with a field."""
    chosen: dict[int, dict[int, int]] = {}
    for name, text in typed.fields.items():
        if (match := LOT_FIELD.fullmatch(name)) and (text.strip() or not skip_empty):
            line, lot = (int(number) for number in match.groups())
            chosen.setdefault(line, {})[lot] = typed.whole(name, words)
    return chosen
