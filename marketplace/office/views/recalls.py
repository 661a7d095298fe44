"""Recalls: what is recalled, found and shown before the deed; ordered in one step, lifted with a reason."""

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.recall_search import find_recallable, recalls_in_reach, subject_in_reach
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.ordering.after_sale_errors import NotCounted, PromisedToOrders
from marketplace.ordering.recall_reach import measure
from marketplace.ordering.recalled import resume
from marketplace.traceability.recalls.acts import LONGEST_WORDS, RecallFacts, lift_recall, order_recall
from marketplace.traceability.recalls.errors import (
    AlreadyLifted,
    AlreadyRecalled,
    InvalidRecall,
    LiftedByAnother,
    NotResumable,
)
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope
from marketplace.traceability.recalls.queries import get_recall, list_recalls
from marketplace.web.guards import requires, strong
from marketplace.web.lot_words import RECALL_REASONS
from marketplace.web.recall_words import name_recalled, seller_of
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/thu-hoi"
ID = "int(max=2147483647)"
KINDS = {RecallScope.LOT: "lo", RecallScope.PRODUCT: "san-pham", RecallScope.PRODUCER: "chu-the"}
FIELDS = {"words": "loi", "advice": "khuyen", "document_number": "cong_van", "lift_words": "ly_do_go"}


@door.get("/thu-hoi")
@requires(*OFFICE)
def show_recalls() -> Response:
    """Show the recalls of the own units, those in force first."""
    within = recalls_in_reach(Reach.of(require_actor()))
    shown = list_recalls(db.session(), request.args.get("trang", 1, type=int), within=within)
    return page("recalls", shown=shown, name_recalled=name_recalled, reasons=RECALL_REASONS)


@door.get("/thu-hoi/moi")
@requires(*OFFICE)
def choose_recalled() -> Response:
    """Look for what is to be recalled, by what stands on the pack or by a name."""
    words = request.args.get("q", "")[:200]
    found = find_recallable(db.session(), Reach.of(require_actor()), words) if words.strip() else None
    return page("recall_choose", words=words, found=found)


@door.get(f"/thu-hoi/moi/lo/<{ID}:lot_id>")
@door.get(f"/thu-hoi/moi/san-pham/<{ID}:product_id>")
@door.get(f"/thu-hoi/moi/chu-the/<{ID}:producer_id>")
@requires(*OFFICE)
@strong
def prepare_recall(**named: int) -> Response:
    """Show whom a recall will touch, and ask why it is ordered; identity is proved before, not after."""
    return _order_page(*_subject(named))


@door.post(f"/thu-hoi/moi/lo/<{ID}:lot_id>")
@door.post(f"/thu-hoi/moi/san-pham/<{ID}:product_id>")
@door.post(f"/thu-hoi/moi/chu-the/<{ID}:producer_id>")
@requires(*OFFICE)
@strong
def order(**named: int) -> Response:
    """Order a recall: from now on nothing of it is sold or sent."""
    (scope, subject_id), typed = _subject(named), request.form.get("ly_do", "")
    if typed not in set(RecallReason):
        return _order_page(scope, subject_id, [("ly_do", _("Mời chọn một lý do."))])
    try:
        with acting() as (work, actor):
            subject_in_reach(work, actor, scope, subject_id)
            facts = _read(scope, subject_id, RecallReason(typed))
            ordered = order_recall(work, actor, facts, by_office=True, at=clock.now())
    except InvalidRecall as refusal:
        return _order_page(scope, subject_id, [_fault(refusal)])
    except AlreadyRecalled as refusal:
        return go(f"{PATH}/{refusal.parameters['recall']}", explain(refusal))
    words = _("Đã ra lệnh. Giỏ hàng và đặt hàng đã ngừng; người mua và điểm bán đang được báo.")
    return go(f"{PATH}/{ordered.code}", words)


@door.get("/thu-hoi/<code>")
@requires(*OFFICE)
def show_recall(code: str) -> Response:
    """Show a recall, how far it is carried out, and how it ends."""
    return _recall_page(_in_reach(db.session(), require_actor(), code))


@door.post("/thu-hoi/<code>/go")
@requires(*OFFICE)
@strong
def lift(code: str) -> Response:
    """Lift a recall, with a reason."""
    try:
        with acting() as (work, actor):
            recall = _in_reach(work, actor, code)
            lift_recall(work, actor, recall, request.form.get("ly_do_go", ""), clock.now())
    except InvalidRecall as refusal:
        return _recall_page(_in_reach(db.session(), require_actor(), code), [_fault(refusal)])
    except (AlreadyLifted, LiftedByAnother) as refusal:
        return _refused(code, refusal)
    return go(f"{PATH}/{code}", _("Đã gỡ lệnh thu hồi. Đơn đang dừng được đi tiếp."))


@door.post("/thu-hoi/<code>/ban-tiep")
@requires(*OFFICE)
@strong
def sell_other_lots(code: str) -> Response:
    """Let other lots be sold again, while this one stays recalled."""
    try:
        with acting() as (work, actor):
            resume(work, actor, _in_reach(work, actor, code).id, clock.now())
    except (NotCounted, NotResumable, PromisedToOrders) as refusal:
        return _refused(code, refusal)
    return go(f"{PATH}/{code}", _("Các lô khác được bán tiếp. Lô này vẫn bị thu hồi."))


def _subject(named: dict[str, int]) -> tuple[RecallScope, int]:
    """Return what the address names: a lot, a product or a producer."""
    [(name, subject_id)] = named.items()
    return RecallScope(name.removesuffix("_id")), subject_id


def _read(scope: RecallScope, subject_id: int, reason: RecallReason) -> RecallFacts:
    typed = {name: request.form.get(field, "") for name, field in FIELDS.items() if name != "lift_words"}
    return RecallFacts(scope=scope, id=subject_id, reason=reason, **typed)


def _in_reach(session: Session, actor: Actor, code: str) -> Recall:
    return get_recall(session, code, within=recalls_in_reach(Reach.of(actor)))


def _fault(refusal: InvalidRecall) -> tuple[str, str]:
    most, fewest = refusal.parameters["longest"], refusal.parameters["shortest"]
    words = _("Mời viết từ %(shortest)s đến %(longest)s chữ.", shortest=fewest, longest=most)
    return FIELDS[refusal.parameters["field"]], words


def _refused(code: str, refusal: MarketplaceError) -> Response:
    db.session.rollback()
    recall = _in_reach(db.session(), require_actor(), code)
    return _recall_page(recall, refusal=explain(refusal), status=refusal.status)


def _order_page(scope: RecallScope, subject_id: int, faults: Faults = ()) -> Response:
    session = db.session()
    subject = subject_in_reach(session, require_actor(), scope, subject_id)
    return page(
        "recall_order",
        faults=faults,
        action=f"{PATH}/moi/{KINDS[scope]}/{subject_id}",
        recalled=name_recalled(subject),
        seller=seller_of(subject),
        subject=subject,
        touched=measure(session, scope, subject_id),
        reasons=[(reason.value, words) for reason, words in RECALL_REASONS.items()],
        typed=request.form,
        longest=LONGEST_WORDS,
    )


def _recall_page(recall: Recall, faults: Faults = (), refusal: str = "", status: int = 0) -> Response:
    return page(
        "recall",
        faults=faults,
        status=status,
        recall=recall,
        recalled=name_recalled(recall),
        seller=seller_of(recall),
        reason=RECALL_REASONS[recall.reason],
        own=recall.ordered_by == require_actor().person_id,
        refusal=refusal,
        typed=request.form,
        longest=LONGEST_WORDS,
    )
