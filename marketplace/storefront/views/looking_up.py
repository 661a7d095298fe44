"""Looking an order up by number and telephone: how its parcels stand, nothing of its buyer."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import InvalidPhone, TooManyAttempts
from marketplace.accounts.phone import read_phone
from marketplace.database import unit_of_work
from marketplace.ordering.errors import TooManyLookups
from marketplace.ordering.lookup import count_lookup
from marketplace.ordering.models import OrderGroup
from marketplace.ordering.order_number import read_number, write_number
from marketplace.ordering.queries import find_group_by_phone
from marketplace.ordering.status import parcel_state
from marketplace.storefront import door
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.parcel_words import told_state
from marketplace.web.post import Letter, send_about

Faults = list[tuple[str, str]]


@door.get("/tra-cuu")
@guarded(Guard.VISITOR)
def ask_for_order() -> Response:
    """Ask for the number and the telephone of an order."""
    return _lookup_page()


@door.post("/tra-cuu")
@guarded(Guard.VISITOR)
def look_up() -> Response:
    """Tell how an order stands, nothing of its buyer."""
    found = _find()
    return _lookup_page(group=found) if isinstance(found, OrderGroup) else found


@door.post("/tra-cuu/gui-lai")
@guarded(Guard.VISITOR)
def send_link_again() -> Response:
    """Send the link of an order again to whom it was ordered for, asked for like the look; it shows none."""
    found = _find()
    if not isinstance(found, OrderGroup):
        return found
    group_id, number, phone, at = found.id, found.number, found.buyer_phone, clock.now()
    try:
        claim([(Rule.ORDER_LINK, number)], at)
    except TooManyAttempts as refusal:
        faults = [("gui-lai", _("Đường dẫn của đơn này đã được gửi lại nhiều lần. Mời thử lại ngày mai."))]
        shown = _lookup_page(faults, refusal.status, find_group_by_phone(number, phone))
        return _wait(shown, refusal.parameters["wait"])
    with unit_of_work() as session:
        send_about(session, Letter.ORDER_PLACED, group_id, at)
    return _lookup_page(group=find_group_by_phone(number, phone), sent=True)


def _find() -> OrderGroup | Response:
    """Return the order that was asked for, else the page that refuses; few tries, counted before the look."""
    require_form_token()
    faults, number, phone = _read_lookup()
    if faults:
        return _lookup_page(faults, 422)
    try:
        with unit_of_work() as session:
            count_lookup(session, request.remote_addr, clock.now())
    except TooManyLookups as refusal:
        words = _("Mạng của bạn đã tra cứu quá nhiều lần. Mời thử lại sau ít phút.")
        return _wait(_lookup_page([("ma", words)], refusal.status), refusal.parameters["seconds"])
    group = find_group_by_phone(number, phone)
    if group is None:
        words = _("Không có đơn nào với mã và số điện thoại này. Mời xem lại cả hai.")
        return _lookup_page([("ma", words)], 404)
    return group


def _wait(response: Response, seconds: int) -> Response:
    """Return a refusal with the time after which another try is heard."""
    response.headers["Retry-After"] = str(seconds)
    return response


def _read_lookup() -> tuple[Faults, str, str]:
    number = read_number(request.form.get("ma", ""))
    faults = [] if number else [("ma", _("Mã đơn gồm 14 chữ và số, mời xem lại từng chữ."))]
    phone = ""
    try:
        phone = read_phone(request.form.get("sdt", ""))
    except InvalidPhone:
        faults.append(("sdt", _("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0 hoặc +84.")))
    return faults, number or "", phone


def _lookup_page(
    faults: Faults | None = None, status: int = 200, group: OrderGroup | None = None, sent: bool = False
) -> Response:
    page = render_template(
        "storefront/lookup.html",
        faults=faults or [],
        faulty=dict(faults or []),
        typed=request.form,
        group=group,
        sent=sent,
        number=write_number(group.number) if group else "",
        parcels=[(order, told_state(order, parcel_state(order))) for order in group.orders] if group else [],
    )
    return make_response(page, status)
