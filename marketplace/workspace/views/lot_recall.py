"""Recalling one's own lot: one act that stops its trade, and the reasoned act that ends it."""

from collections.abc import Mapping

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.ordering.after_sale_errors import NotCounted, PromisedToOrders
from marketplace.ordering.recall_reach import measure
from marketplace.ordering.recalled import resume
from marketplace.producers.models import Producer
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.lots.queries import get_own_lot
from marketplace.traceability.recalls.acts import LONGEST_WORDS, RecallFacts, lift_recall, order_recall
from marketplace.traceability.recalls.errors import (
    AlreadyLifted,
    AlreadyRecalled,
    InvalidRecall,
    NotResumable,
    OfficeRecall,
)
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope
from marketplace.traceability.recalls.queries import get_recall, recalls_of_lot
from marketplace.web.guards import requires, strong
from marketplace.web.lot_words import RECALL_REASONS
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.views.lot_events import LOT

FIELDS = {"words": "loi", "advice": "lam_gi", "document_number": "van_ban", "lift_words": "vi_sao"}
"""What the facts of a recall are called in its forms."""


@door.get(f"/<slug>/lo/{LOT}/thu-hoi")
@requires(Role.OWNER)
@strong
def show_recall(slug: str, lot_id: int) -> Response:
    """Show what a recall of a lot would touch, or the one that is in force."""
    return _recall_page(own_producer(slug, Role.OWNER), lot_id)


@door.post(f"/<slug>/lo/{LOT}/thu-hoi")
@requires(Role.OWNER)
@strong
def recall_lot(slug: str, lot_id: int) -> Response:
    """Stop the trade in a lot: banner, carts, open orders, letters to buyers and points."""
    producer, typed = own_producer(slug, Role.OWNER), request.form
    get_own_lot(db.session(), lot_id, producer.id)
    if typed.get("ly_do") not in set(RecallReason):
        return _recall_page(producer, lot_id, [("ly_do", _("Mời chọn vì sao thu hồi."))])
    try:
        _order(slug, lot_id, typed)
    except InvalidRecall as refusal:
        return _recall_page(own_producer(slug, Role.OWNER), lot_id, [_fault(refusal)])
    except AlreadyRecalled as refusal:
        return go(f"/gian-hang/{slug}/lo/{lot_id}", explain(refusal))
    words = _("Đã thu hồi lô. Chợ đang báo cho người mua và điểm bán.")
    return go(f"/gian-hang/{slug}/lo/{lot_id}", words)


@door.post(f"/<slug>/lo/{LOT}/thu-hoi/<code>/go")
@requires(Role.OWNER)
@strong
def lift(slug: str, lot_id: int, code: str) -> Response:
    """End a recall of one's own, with a reason that everybody can read."""
    producer = own_producer(slug, Role.OWNER)
    _own_recall(producer, lot_id, code)
    try:
        with acting() as (session, actor):
            own_producer_in(session, actor, slug, Role.OWNER)
            words = request.form.get("vi_sao", "")
            lift_recall(session, actor, get_recall(session, code), words, clock.now(), by_office=False)
    except InvalidRecall as refusal:
        return _recall_page(own_producer(slug, Role.OWNER), lot_id, [_fault(refusal)])
    except (AlreadyLifted, OfficeRecall) as refusal:
        return go(f"/gian-hang/{slug}/lo/{lot_id}", explain(refusal))
    return go(f"/gian-hang/{slug}/lo/{lot_id}", _("Đã gỡ thu hồi. Lý do hiện công khai."))


@door.post(f"/<slug>/lo/{LOT}/thu-hoi/<code>/ban-tiep")
@requires(Role.OWNER)
@strong
def sell_other_lots(slug: str, lot_id: int, code: str) -> Response:
    """Sell other lots again while this one stays recalled: what is left of it is off the shelf."""
    recall = _own_recall(own_producer(slug, Role.OWNER), lot_id, code)
    words = _("Các lô khác bán lại được. Lô này vẫn bị thu hồi.")
    try:
        with acting() as (session, actor):
            own_producer_in(session, actor, slug, Role.OWNER)
            resume(session, actor, recall.id, clock.now(), by_office=False)
    except (NotCounted, NotResumable, OfficeRecall, PromisedToOrders) as refusal:
        words = explain(refusal)
    return go(f"/gian-hang/{slug}/lo/{lot_id}/thu-hoi", words)


def _order(slug: str, lot_id: int, typed: Mapping[str, str]) -> None:
    facts = RecallFacts(
        scope=RecallScope.LOT,
        id=lot_id,
        reason=RecallReason(typed["ly_do"]),
        words=typed.get("loi", ""),
        advice=typed.get("lam_gi", ""),
        document_number=typed.get("van_ban"),
    )
    with acting() as (session, actor):
        get_own_lot(session, lot_id, own_producer_in(session, actor, slug, Role.OWNER).id)
        order_recall(session, actor, facts, by_office=False, at=clock.now())


def _own_recall(producer: Producer, lot_id: int, code: str) -> Recall:
    """Return a recall of a producer's lot, lifted or not; raises NotFound for all others."""
    lot = get_own_lot(db.session(), lot_id, producer.id)
    for recall in recalls_of_lot(db.session(), lot, lifted=True):
        if recall.code == code and recall.lot_id == lot.id:
            return recall
    raise NotFound(recall=code)


def _in_force(lot: Lot) -> list[Recall]:
    return [one for one in recalls_of_lot(db.session(), lot) if one.lot_id == lot.id]


def _fault(refusal: MarketplaceError) -> tuple[str, str]:
    field = FIELDS[str(refusal.parameters["field"])]
    if field == "van_ban":
        return field, _("Số văn bản dài quá.")
    return field, _("Mời viết rõ, từ 10 đến %(longest)s chữ.", longest=LONGEST_WORDS)


def _recall_page(producer: Producer, lot_id: int, faults: Faults = ()) -> Response:
    lot = get_own_lot(db.session(), lot_id, producer.id)
    return page(
        "lot_recall",
        producer,
        faults=faults,
        lot=lot,
        recalls=_in_force(lot),
        reach=measure(db.session(), RecallScope.LOT, lot.id),
        reasons=[(reason.value, words) for reason, words in RECALL_REASONS.items()],
        longest=LONGEST_WORDS,
        typed=request.form,
    )
