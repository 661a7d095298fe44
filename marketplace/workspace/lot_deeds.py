"""Making a lot in the workspace: the lot, its place on the shelf and its labels, all or nothing."""

from dataclasses import dataclass, replace
from datetime import date

from marketplace import clock
from marketplace.certification.history import standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.ordering.lots import shelve, unshelve
from marketplace.ordering.stock_keeping import StockReason, get_shelved, take_in
from marketplace.traceability.events.making import LotFacts, make_lot
from marketplace.traceability.events.unmaking import unmake_lot
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.lots.errors import MadeBefore
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.traceability.recalls.new_lots import is_new_lot_recalled
from marketplace.traceability.scans.tallies import forget_scans_of
from marketplace.web.visitors import acting
from marketplace.workspace.lot_goods import Goods
from marketplace.workspace.tenancy import own_producer_in


@dataclass(frozen=True, slots=True)
class Making:
    """A lot of goods to be made, with its labels if they are wanted at once."""

    goods: Goods
    facts: LotFacts
    order: LabelOrder | None
    into_stock: bool


def make_goods(slug: str, making: Making) -> tuple[int, int | None]:
    """Make a lot in one unit of work; return it and its batch of labels, if one was ordered.

    Goods are locked, then stock is taken in, as the order of locks asks. Raises what `make_lot` and
    `make_labels` do.
    """
    goods, at = making.goods, clock.now()
    facts = replace(
        making.facts, certificate_code=_living_certificate(goods.product.id, making.facts.made_on)
    )
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        recalled = is_new_lot_recalled(session, own.id, facts.product_id)
        if making.into_stock and goods.variant is not None:
            seen = get_shelved(session, own.id, goods.variant.id).on_hand
            units, why = int(facts.quantity), StockReason.PRODUCED
            take_in(session, actor, own.id, goods.variant.id, units, why, seen=seen, at=at)
        lot = make_lot(session, actor, own, replace(facts, recalled=recalled), at)
        shelve(session, lot, at, add_to_stock=False)
        batch = make_labels(session, actor, lot, making.order, at).batch if making.order else None
        return lot.id, batch.id if batch else None


def make_material(slug: str, facts: LotFacts) -> int:
    """Make a lot of material and return it, or the one that the same form made; raises as `make_lot` does."""
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            recalled = is_new_lot_recalled(session, own.id, None)
            return make_lot(session, actor, own, replace(facts, recalled=recalled), clock.now()).id
    except MadeBefore as made:
        return int(made.parameters["lot"])


def drop_lot(slug: str, lot_id: int, *, from_stock: bool) -> None:
    """Delete a lot that was typed wrong, with its place on the shelf.

    Raises NotFound, and what `unshelve` and `unmake_lot` do.
    """
    at = clock.now()
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        lot = get_own_lot(session, lot_id, own.id)
        unshelve(session, lot, at, from_stock=from_stock)
        forget_scans_of(session, lot.id)
        unmake_lot(session, actor, own, lot, at)


def _living_certificate(product_id: int, day: date) -> str | None:
    """Return the code of the certificate that a product had on the day of packing."""
    standing = standing_on(list_certificates_of(product_id), day)
    alive = standing.certificate is not None and standing.state is not None and standing.state.alive
    return standing.certificate.code if standing.certificate is not None and alive else None
