"""Looking an order up by its number or the code of a complaint: how it stands, nothing of its buyer."""

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import InvalidPhone, TooManyAttempts
from marketplace.accounts.phone import read_phone
from marketplace.database import db, unit_of_work
from marketplace.ordering.complaint_models import Complaint
from marketplace.ordering.complaint_queries import find_complaint_by_phone, list_complaints
from marketplace.ordering.complaint_ticket import read_ticket
from marketplace.ordering.errors import TooManyLookups
from marketplace.ordering.lookup import count_lookup
from marketplace.ordering.models import Order, OrderGroup
from marketplace.ordering.order_number import read_number, write_number
from marketplace.ordering.queries import find_group_by_phone
from marketplace.ordering.status import parcel_state
from marketplace.storefront import door
from marketplace.web.complaint_words import COMPLAINT_ENDS, COMPLAINT_STATES
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.parcel_words import told_state
from marketplace.web.post import Letter, send_about

Faults = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: the number of an order, else the code of a complaint, and the telephone."""

    number: str | None
    ticket: str | None
    phone: str


@dataclass(frozen=True, slots=True)
class Found:
    """An order, and the complaint by whose code it was asked for."""

    group: OrderGroup
    complaint: Complaint | None = None

    @property
    def orders(self) -> list[Order]:
        """Return the parcels that were asked for: all, or the one complained of."""
        mine = self.complaint.order_id if self.complaint else None
        return [order for order in self.group.orders if mine in (None, order.id)]

    def complaints(self) -> list[Complaint]:
        """Return the complaint that was asked for, else those that are open."""
        if self.complaint:
            return [self.complaint]
        about = list_complaints(db.session(), [order.id for order in self.group.orders])
        return [one for one in about if one.is_open]


@door.get("/tra-cuu")
@guarded(Guard.VISITOR)
def ask_for_order() -> Response:
    """Ask for the number and the telephone of an order."""
    return _lookup_page()


@door.post("/tra-cuu")
@guarded(Guard.VISITOR)
def look_up() -> Response:
    """Tell how an order and what is complained of it stand, nothing of its buyer."""
    found = _find()
    return _lookup_page(found=found) if isinstance(found, Found) else found


@door.post("/tra-cuu/gui-lai")
@guarded(Guard.VISITOR)
def send_link_again() -> Response:
    """Send the link of an order again to whom it was ordered for, asked for like the look; it shows none."""
    found = _find()
    if not isinstance(found, Found):
        return found
    asked, group_id, number, at = _read_lookup()[1], found.group.id, found.group.number, clock.now()
    try:
        claim([(Rule.ORDER_LINK, number)], at)
    except TooManyAttempts as refusal:
        faults = [("gui-lai", _("Đường dẫn của đơn này đã được gửi lại nhiều lần. Mời thử lại ngày mai."))]
        return _wait(_lookup_page(faults, refusal.status, _look(asked)), refusal.parameters["wait"])
    with unit_of_work() as session:
        send_about(session, Letter.ORDER_PLACED, group_id, at)
    return _lookup_page(found=_look(asked), sent=True)


def _find() -> Found | Response:
    """Return the order that was asked for, else the page that refuses; few tries, counted before the look."""
    require_form_token()
    faults, asked = _read_lookup()
    if faults:
        return _lookup_page(faults, 422)
    try:
        with unit_of_work() as session:
            count_lookup(session, request.remote_addr, clock.now())
    except TooManyLookups as refusal:
        words = _("Mạng của bạn đã tra cứu quá nhiều lần. Mời thử lại sau ít phút.")
        return _wait(_lookup_page([("ma", words)], refusal.status), refusal.parameters["seconds"])
    found = _look(asked)
    if found is None:
        words = _("Không có đơn hay khiếu nại nào với mã và số điện thoại này. Mời xem lại cả hai.")
        return _lookup_page([("ma", words)], 404)
    return found


def _look(asked: Asked) -> Found | None:
    """Return what was asked for, or None alike for a wrong code and a wrong telephone."""
    complaint, number = None, asked.number
    if asked.ticket:
        complaint = find_complaint_by_phone(db.session(), asked.ticket, asked.phone)
        number = complaint.order.group.number if complaint else None
    group = find_group_by_phone(number, asked.phone) if number else None
    return Found(group, complaint) if group else None


def _wait(response: Response, seconds: int) -> Response:
    """Return a refusal with the time after which another try is heard."""
    response.headers["Retry-After"] = str(seconds)
    return response


def _read_lookup() -> tuple[Faults, Asked]:
    typed = request.form.get("ma", "")
    number, ticket = read_number(typed), read_ticket(typed)
    faults = []
    if number is None and ticket is None:
        words = _("Mã đơn gồm 14 chữ và số, mã khiếu nại có KN và 10 chữ và số. Mời xem lại từng chữ.")
        faults.append(("ma", words))
    phone = ""
    try:
        phone = read_phone(request.form.get("sdt", ""))
    except InvalidPhone:
        faults.append(("sdt", _("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0 hoặc +84.")))
    return faults, Asked(number, ticket, phone)


def _lookup_page(
    faults: Faults | None = None, status: int = 200, found: Found | None = None, sent: bool = False
) -> Response:
    page = render_template(
        "storefront/lookup.html",
        faults=faults or [],
        faulty=dict(faults or []),
        typed=request.form,
        group=found.group if found else None,
        sent=sent,
        number=write_number(found.group.number) if found else "",
        parcels=[(order, told_state(order, parcel_state(order))) for order in found.orders] if found else [],
        complaints=found.complaints() if found else [],
        states=COMPLAINT_STATES,
        ends=COMPLAINT_ENDS,
    )
    return make_response(page, status)
