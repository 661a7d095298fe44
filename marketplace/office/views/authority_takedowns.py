"""An order of an authority: what it names, taken down within 24 hours, and the answer."""

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.models import Publication
from marketplace.certification.oversight.errors import AuthorityOrderAnswered, ItemsStillShown, TooManyItems
from marketplace.certification.oversight.order_facts import LENGTHS
from marketplace.certification.oversight.takedown import answer_order, drop_product, name_product, take_down
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.authority_desk import authority_order_in_reach, find_nameable
from marketplace.office.deadlines import time_left
from marketplace.office.tenancy import PROVINCE, Reach, product_in_reach
from marketplace.text import whole_number
from marketplace.web.guards import requires
from marketplace.web.post import Letter, send_to_members
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/yeu-cau-go"
ORDER = "<int(max=2147483647):authority_order_id>"


@door.get(f"/yeu-cau-go/{ORDER}")
@requires(*PROVINCE)
def show_authority_order(authority_order_id: int) -> Response:
    """Show an order, what it names, and how far it is carried out."""
    return _order_page(authority_order_id)


@door.post(f"/yeu-cau-go/{ORDER}/them")
@requires(*PROVINCE)
def name_ordered(authority_order_id: int) -> Response:
    """Put a product on an order."""
    if not request.form.get("san_pham"):
        return _order_page(authority_order_id, [("q", _("Mời điền chỗ này."))])
    product_id = _read_id("san_pham")
    try:
        with acting() as (work, actor):
            authority_order_in_reach(work, actor, authority_order_id)
            product_in_reach(work, actor, product_id)
            name_product(work, actor, authority_order_id, product_id, clock.now())
    except (AuthorityOrderAnswered, TooManyItems) as refusal:
        return _refused(authority_order_id, refusal)
    return go(f"{PATH}/{authority_order_id}", _("Đã thêm. Sản phẩm còn trên chợ cho đến khi bạn gỡ."))


@door.post(f"/yeu-cau-go/{ORDER}/bo")
@requires(*PROVINCE)
def drop_ordered(authority_order_id: int) -> Response:
    """Take a product off an order that was put there by mistake."""
    try:
        with acting() as (work, actor):
            authority_order_in_reach(work, actor, authority_order_id)
            drop_product(work, actor, authority_order_id, _read_id("san_pham"), clock.now())
    except AuthorityOrderAnswered as refusal:
        return _refused(authority_order_id, refusal)
    return go(f"{PATH}/{authority_order_id}", _("Đã bỏ khỏi yêu cầu này."))


@door.post(f"/yeu-cau-go/{ORDER}/go")
@requires(*PROVINCE)
def take_ordered_down(authority_order_id: int) -> Response:
    """Take what an order names off public view at once; who sells it is told why."""
    chosen, at = request.form.get("san_pham"), clock.now()
    try:
        with acting() as (work, actor):
            authority_order_in_reach(work, actor, authority_order_id)
            only = [_read_id("san_pham")] if chosen else []
            for product in take_down(work, actor, authority_order_id, at, only):
                if product.producer_id is not None:
                    send_to_members(work, Letter.PRODUCT_TAKEN_DOWN, product.producer_id, at, product.id)
    except AuthorityOrderAnswered as refusal:
        return _refused(authority_order_id, refusal)
    return go(f"{PATH}/{authority_order_id}", _("Đã gỡ khỏi chợ. Cơ sở được báo ngay."))


@door.post(f"/yeu-cau-go/{ORDER}/tra-loi")
@requires(*PROVINCE)
def answer_authority_order(authority_order_id: int) -> Response:
    """Say what was done; that closes the order."""
    try:
        with acting() as (work, actor):
            authority_order_in_reach(work, actor, authority_order_id)
            answer_order(work, actor, authority_order_id, request.form.get("tra_loi", ""), clock.now())
    except InvalidInput as refusal:
        return _order_page(authority_order_id, [("tra_loi", explain(refusal))])
    except (AuthorityOrderAnswered, ItemsStillShown) as refusal:
        return _refused(authority_order_id, refusal)
    return go(f"{PATH}/{authority_order_id}", _("Đã ghi trả lời. Yêu cầu đã khép."))


def _read_id(field: str) -> int:
    """Return the number of a product as sent; 0, which is nobody's, for what is none."""
    return whole_number(request.form.get(field, "")) or 0


def _refused(order_id: int, refusal: MarketplaceError) -> Response:
    return _order_page(order_id, refusal=explain(refusal), status=refusal.status)


def _order_page(order_id: int, faults: Faults = (), refusal: str = "", status: int = 0) -> Response:
    db.session.rollback()
    work, actor = db.session(), require_actor()
    order = authority_order_in_reach(work, actor, order_id)
    shown = {one.product_id for one in order.items if one.product.publication is Publication.PUBLISHED}
    words = request.args.get("q", "")[:200]
    asks = bool(words.strip()) and order.answered_at is None
    return page(
        "authority_order",
        faults=faults,
        refusal=refusal,
        status=status,
        order=order,
        shown=shown,
        pending=[one for one in order.items if one.taken_down_at is None or one.product_id in shown],
        found=find_nameable(work, Reach.of(actor), order, words) if asks else None,
        words=words,
        left=time_left(order.due_at, clock.now()),
        typed=request.form,
        lengths=LENGTHS,
    )
