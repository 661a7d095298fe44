"""What is done with an order: one tap, one deed, each on record; who was slower is told how it stands now."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.ordering.after_sale_errors import InvalidCarrier, InvalidCollected, InvalidTrackingNumber
from marketplace.ordering.errors import InvalidQuantity
from marketplace.ordering.models import Order
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.order_number import write_number
from marketplace.ordering.order_queries import get_order
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.web.filters import write_number as write_amount
from marketplace.web.guards import requires
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import go
from marketplace.workspace.inbox_words import BY_SLUG
from marketplace.workspace.order_deeds import DEEDS
from marketplace.workspace.order_words import REFUSALS
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed
from marketplace.workspace.views.orders import order_page


@door.post(f"/<slug>/don-hang/<int(max=2147483647):order_id>/<any({', '.join(map(repr, DEEDS))}):deed>")
@requires(Role.OWNER, Role.STAFF)
def act_on_order(slug: str, order_id: int, deed: str) -> Response:
    """Do something with an order of one's own, and go on with the next one or stay with it."""
    producer, typed = own_producer(slug), Typed(request.form)
    number = get_order(db.session(), producer.id, order_id).order.group.number
    try:
        words = _do(slug, order_id, deed, typed)
    except InvalidInput as refusal:
        return order_page(producer, order_id, [(_field_of(refusal, typed), _words_of(refusal))])
    except MarketplaceError as refusal:
        if refusal.code not in REFUSALS:
            raise
        return _refused(producer, order_id, refusal)
    if typed.faults:
        return order_page(producer, order_id, typed.faults)
    back = BY_SLUG.get(typed.text("ve"))
    path = f"/gian-hang/{slug}/don-hang" + (f"?muc={back.slug}" if back else f"/{order_id}")
    return go(path, f"{write_number(number)}: {words}")


def _do(slug: str, order_id: int, deed: str, typed: Typed) -> str:
    at = clock.now()
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        get_order(session, own.id, order_id)
        order = lock_order(session, order_id)
        before = _marks(order)
        words = DEEDS[deed](session, order, typed, at)
        session.flush()
        after = _marks(lock_order(session, order_id))
        if after != before or deed == "lo":
            scope = scope_of(own)
            journal.record(session, actor, f"order:{NAMES[deed]}", "order", order_id, scope, at=at)
    return words


NAMES = {
    "nhan": "confirm",
    "goi": "pack",
    "gui": "ship",
    "gui-mot-phan": "ship_part",
    "da-giao": "deliver",
    "da-lay": "hand_over",
    "giao-hong": "fail",
    "hang-ve": "take_back",
    "thoi-gui": "give_up_rest",
    "bo-hang-thu-hoi": "leave_recalled_out",
    "lo": "name_lots",
    "huy": "cancel",
}
"""What deeds are called on record."""


def _marks(order: Order) -> tuple[Any, ...]:
    """Return what deeds leave behind on an order: a deed done a second time leaves nothing new."""
    sendings = [
        (one.position, one.delivered_at, one.failed_at, one.came_back_at) for one in order.fulfillments
    ]
    units = [(line.id, line.canceled) for line in order.lines]
    return order.status, order.confirmed_at, order.packed_at, units, sendings


def _refused(producer: Producer, order_id: int, refusal: MarketplaceError) -> Response:
    db.session.rollback()
    return order_page(producer, order_id, refusal=str(REFUSALS[refusal.code]), status=refusal.status)


def _field_of(refusal: InvalidInput, typed: Typed) -> str:
    part = "phan_" if "phan_lan" in typed.fields else ""
    if isinstance(refusal, InvalidQuantity):
        of_lots = any(name.startswith("lo_") for name in typed.fields)
        return str(refusal.parameters["field"]).replace("line-", "line-" if of_lots else "so_")
    fields = {InvalidCarrier: f"{part}hang", InvalidTrackingNumber: f"{part}van_don", InvalidCollected: "thu"}
    return fields[type(refusal)]


def _words_of(refusal: InvalidInput) -> str:
    if isinstance(refusal, InvalidQuantity):
        return _("Mời gõ số từ 0 đến %(most)s.", most=refusal.parameters["most"])
    if isinstance(refusal, InvalidCollected):
        most = write_amount(refusal.parameters["most"])
        return _("Mời gõ số tiền từ 0 đến %(most)s đồng.", most=most)
    if isinstance(refusal, InvalidCarrier):
        return _("Tên hãng dài quá %(most)s chữ.", most=refusal.parameters["most"])
    return _("Mã vận đơn gồm chữ không dấu, số, dấu chấm, dấu gạch, từ 3 ký tự.")
