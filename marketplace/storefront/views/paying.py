"""Paying for an order: the page that says how, the way to a gateway, and the way back."""

from flask import Response, flash, make_response, redirect
from flask_babel import gettext as _

from marketplace import clock
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.ordering.errors import HoldLost, NotSwitchable, TooManyUnconfirmed
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.cash_instead import pay_cash_instead
from marketplace.payments.errors import (
    GatewayRefused,
    GatewayUnavailable,
    NothingToPay,
    SessionClosed,
    SessionUnresolved,
)
from marketplace.payments.paying import ask_session, start_paying
from marketplace.payments.sessions import find_open_session
from marketplace.storefront import door
from marketplace.storefront.card_page import return_urls, show_card, show_return
from marketplace.storefront.order_page import OrderPage
from marketplace.storefront.pay_pages import find_pay_page
from marketplace.storefront.views.orders import back_to, order_page
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address

NOT_NOW = (GatewayUnavailable, GatewayRefused, SessionClosed, SessionUnresolved)


@door.get("/don-hang/<number>/<secret>/tra-tien")
@guarded(Guard.VISITOR)
def show_payment(number: str, secret: str) -> Response:
    """Show how an order is paid, by the page of its way of paying; cash needs none."""
    page = order_page(number, secret)
    if page.method is PaymentMethod.CARD:
        return tell_no_address(show_card(page))
    show = find_pay_page(page.method)
    if show is None:
        return back_to(page.path)
    return tell_no_address(show(page.group))


@door.post("/don-hang/<number>/<secret>/tra-tien")
@guarded(Guard.VISITOR)
def pay_by_card(number: str, secret: str) -> Response:
    """Lead to the gateway's page; pressed twice, it is the same page."""
    page = _card_order(number, secret)
    try:
        address = start_paying(page.group.id, return_urls(page.path), clock.now())
    except NothingToPay:
        return back_to(page.path)
    except (*NOT_NOW, HoldLost) as refusal:
        trouble, status = _trouble(refusal)
        return tell_no_address(show_card(order_page(number, secret), trouble, status))
    return tell_no_address(make_response(redirect(address, 303)))


@door.get("/don-hang/<number>/<secret>/tra-tien/xong")
@guarded(Guard.VISITOR)
def come_back(number: str, secret: str) -> Response:
    """Receive who comes from the gateway: what is settled already shows in the order."""
    page = order_page(number, secret)
    if not page.money.owed:
        return back_to(page.path)
    return tell_no_address(show_return(page))


@door.post("/don-hang/<number>/<secret>/tra-tien/xong")
@guarded(Guard.VISITOR)
def check_payment(number: str, secret: str) -> Response:
    """Ask the gateway whether an order was paid, and act on it."""
    page = _card_order(number, secret)
    under_way = find_open_session(db.session(), page.group.id)
    if under_way is None:
        return back_to(page.path if not page.money.owed else f"{page.path}/tra-tien")
    try:
        settled = ask_session(under_way.id, clock.now())
    except NOT_NOW as refusal:
        trouble, status = _trouble(refusal)
        return tell_no_address(show_return(order_page(number, secret), trouble, status))
    if not settled.state.is_open:
        return back_to(f"/don-hang/{number}/{secret}")
    return tell_no_address(show_return(order_page(number, secret), _("Chưa thấy tiền về.")))


@door.post("/don-hang/<number>/<secret>/tra-tien/khi-nhan")
@guarded(Guard.VISITOR)
def pay_cash(number: str, secret: str) -> Response:
    """Place an order that was to be paid by card, to be paid on delivery."""
    page = _card_order(number, secret)
    path = page.path
    try:
        pay_cash_instead(page.group.id, clock.now())
    except (NothingToPay, NotSwitchable):
        return back_to(path)
    except (*NOT_NOW, TooManyUnconfirmed) as refusal:
        trouble, status = _trouble(refusal)
        return tell_no_address(show_card(order_page(number, secret), trouble, status))
    flash(_("Đã đổi: bạn trả tiền mặt khi nhận hàng."))
    return back_to(path)


def _card_order(number: str, secret: str) -> OrderPage:
    """Return an order that is paid by card, for a form sent from its page."""
    require_form_token()
    page = order_page(number, secret)
    if page.method is not PaymentMethod.CARD:
        raise NotFound
    return page


def _trouble(refusal: MarketplaceError) -> tuple[str, int]:
    """Return what to tell the buyer, and the status of the answer."""
    if isinstance(refusal, HoldLost):
        return _("Hàng đã có người khác mua hoặc hết giờ giữ. Chưa có gì bị trừ tiền."), 409
    if isinstance(refusal, TooManyUnconfirmed):
        words = _(
            "Số điện thoại này đã có %(most)s đơn chờ người bán xác nhận. "
            "Mời chờ người bán gọi, hoặc huỷ bớt đơn cũ.",
            **refusal.parameters,
        )
        return words, 409
    if isinstance(refusal, GatewayRefused):
        return _("Bên nhận thẻ không nhận lần trả này. Mời thử lại, hoặc trả khi nhận hàng."), 503
    return _("Bên nhận thẻ đang bận. Chưa rõ kết quả thì chưa đổi gì; mời thử lại sau ít phút."), 503
