"""Giving back money of an order that never arrived: found by its number, without who its buyer is."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.money import format_vnd
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.money_words import PARCELS
from marketplace.ordering.order_number import write_number
from marketplace.ordering.status import parcel_state
from marketplace.payments.errors import NothingToRefund, RefundBeyondPaid, RefundMovedOn
from marketplace.payments.office_refunds import LONGEST_WORDS, Refundable, find_refundable, give_back
from marketplace.text import clean, whole_number
from marketplace.web.guards import requires, strong
from marketplace.web.order_words import PAYMENT_METHODS
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _

PATH = "/van-phong/tien/don"
MOST_TYPED = 10**12 - 1


@door.get("/tien/don")
@requires(Role.ADMINISTRATOR)
def find_order_to_give_back() -> Response:
    """Ask for the number of an order, and lead to it."""
    typed = request.args.get("ma", "").strip()
    if not typed:
        return page("money_order_find", typed="")
    found = find_refundable(db.session(), typed)
    if found is None:
        faults = [("ma", _("Không có đơn nào mang mã này."))]
        return page("money_order_find", faults=faults, typed=typed)
    return go(f"{PATH}/{found[0].number}/hoan")


@door.get("/tien/don/<number>/hoan")
@requires(Role.ADMINISTRATOR)
def show_order_to_give_back(number: str) -> Response:
    """Show the parcels of an order with their money, who holds it, and what can be given back."""
    return _order_page(number)


@door.post("/tien/don/<number>/hoan")
@requires(Role.ADMINISTRATOR)
@strong
def give_order_back(number: str) -> Response:
    """Give back money of a parcel, or cancel it as a whole."""
    one = _chosen(number)
    if one is None:
        return _order_page(number, refusal=RefundMovedOn())
    amount, faults = _read(one)
    if faults:
        return _order_page(number, faults)
    try:
        with acting() as (session, actor):
            told = (amount, _words_for(one), _whole_number("da_hoan"))
            given = give_back(session, actor, one.order.id, *told, clock.now())
    except (RefundMovedOn, NothingToRefund, RefundBeyondPaid) as refusal:
        db.session.rollback()
        return _order_page(number, refusal=refusal)
    return go("/van-phong/tien", _("Đã ghi hoàn %(amount)s. Khách được báo.", amount=format_vnd(given)))


def _chosen(number: str) -> Refundable | None:
    """Return the parcel that the form is for, or None; raises NotFound where there is no such order."""
    found = find_refundable(db.session(), number)
    if found is None:
        raise NotFound
    position = _whole_number("goi")
    return next((one for one in found[1] if one.order.position == position), None)


def _read(one: Refundable) -> tuple[int | None, Faults]:
    """Return the amount typed, None where the parcel is to be canceled, and what is wrong with the form."""
    faults: list[tuple[str, str]] = []
    field = f"so_tien-{one.order.position}"
    amount = None if "huy" in request.form else _whole_number(field)
    if amount is not None and not 1 <= amount <= one.available:
        faults.append((field, _("Mời gõ số tiền từ 1 đến %(most)s.", most=format_vnd(one.available))))
    if not 0 < len(_words_for(one)) <= LONGEST_WORDS:
        words = _("Mời viết vì sao, không quá %(most)s chữ.", most=LONGEST_WORDS)
        faults.append((f"vi_sao-{one.order.position}", words))
    return amount, faults


def _words_for(one: Refundable) -> str:
    return clean(request.form.get(f"vi_sao-{one.order.position}", ""))


def _whole_number(field: str) -> int:
    """Return the number in a field, its groups written with dots or spaces; -1 for what is none."""
    typed = "".join(letter for letter in request.form.get(field, "") if letter not in " .\u00a0₫đ")
    number = whole_number(typed, MOST_TYPED)
    return -1 if number is None else number


def _order_page(number: str, faults: Faults = (), refusal: MarketplaceError | None = None) -> Response:
    found = find_refundable(db.session(), number)
    if found is None:
        raise NotFound
    group, parcels = found
    return page(
        "money_order",
        faults=faults,
        status=refusal.status if refusal else 0,
        refusal=explain(refusal) if refusal else "",
        number=write_number(group.number),
        form_path=f"{PATH}/{group.number}/hoan",
        group=group,
        parcels=parcels,
        states={one.order.id: PARCELS[parcel_state(one.order)] for one in parcels},
        method=PAYMENT_METHODS[group.payment_method],
        longest=LONGEST_WORDS,
        typed=request.form,
    )
