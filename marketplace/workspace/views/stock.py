"""Stock: what is on the shelf of each pack; goods taken in and counted again, each with its reason."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.ordering.errors import BelowPromised, InvalidQuantity, StockChanged
from marketplace.ordering.stock import FEW
from marketplace.ordering.stock_keeping import (
    REASONS_COUNTED,
    REASONS_IN,
    StockReason,
    count_again,
    get_shelved,
    list_movements,
    list_shelf,
    take_in,
)
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.shop_words import MOVEMENTS, REASONS, reason_words
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

DEEDS: dict[str, tuple[Any, tuple[StockReason, ...]]] = {
    "nhap": (take_in, REASONS_IN),
    "dem": (count_again, REASONS_COUNTED),
}
"""What may be done to a shelf, by the end of the address: the action and its reasons."""

NOT_SEEN = -1


@door.get("/<slug>/kho")
@requires(Role.OWNER, Role.STAFF)
def show_stock(slug: str) -> Response:
    """List what is sold, with how much of it there is."""
    producer = own_producer(slug)
    return page("stock", producer, shelf=list_shelf(db.session(), producer.id), few=FEW)


@door.get("/<slug>/kho/<int(max=2147483647):variant_id>")
@requires(Role.OWNER, Role.STAFF)
def show_shelf(slug: str, variant_id: int) -> Response:
    """Show the shelf of one pack, and how it came to be so."""
    return _shelf_page(own_producer(slug), variant_id)


@door.post("/<slug>/kho/<int(max=2147483647):variant_id>/<any('nhap', 'dem'):deed>")
@requires(Role.OWNER, Role.STAFF)
def change_shelf(slug: str, variant_id: int, deed: str) -> Response:
    """Take goods in, or set the shelf to what was counted."""
    producer, typed = own_producer(slug), Typed(request.form)
    shelved = get_shelved(db.session(), producer.id, variant_id)
    act, reasons = DEEDS[deed]
    number = typed.whole(f"so_{deed}", _("Mời gõ một số không âm, ví dụ 25."))
    reason = next((one for one in reasons if one.value == typed.text(f"ly_do_{deed}")), None)
    if reason is None:
        typed.fault(f"ly_do_{deed}", _("Chưa chọn lý do."))
    if typed.faults or reason is None:
        return _shelf_page(producer, variant_id, faults=typed.faults)
    seen = request.form.get("da_thay", NOT_SEEN, type=int)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            act(session, actor, own.id, variant_id, number, reason, seen=seen, at=clock.now())
    except InvalidQuantity as refusal:
        return _shelf_page(producer, variant_id, faults=[(f"so_{deed}", _number_words(refusal))])
    except (StockChanged, BelowPromised) as refusal:
        faults = [(f"so_{deed}", explain(refusal))]
        return _shelf_page(producer, variant_id, faults=faults, status=refusal.status)
    name = f"{shelved.variant.product.name}, {shelved.variant.name}"
    return go(f"/gian-hang/{slug}/kho", _("Đã ghi: %(name)s.", name=name))


def _number_words(refusal: MarketplaceError) -> str:
    return _("Mời gõ số từ 0 đến %(most)s; nhập thêm thì từ 1.", most=refusal.parameters["most"])


def _shelf_page(producer: Producer, variant_id: int, faults: Faults = (), status: int = 0) -> Response:
    shelved = get_shelved(db.session(), producer.id, variant_id)
    movements = list_movements(db.session(), variant_id)
    return page(
        "shelf",
        producer,
        faults=faults,
        status=status,
        shelved=shelved,
        movements=[(one, MOVEMENTS[one.kind], reason_words(one.reason)) for one in movements],
        reasons={
            deed: [(one.value, REASONS[one]) for one in reasons] for deed, (_act, reasons) in DEEDS.items()
        },
        typed=request.form,
    )
