"""Where one has things sent: kept here, chosen at checkout."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import InvalidPhone
from marketplace.accounts.phone import read_phone
from marketplace.database import db
from marketplace.ordering.addresses import Receiver, keep_address, let_go_of_address, list_addresses
from marketplace.ordering.errors import InvalidCommune, TooManyAddresses
from marketplace.places.queries import list_communes, list_provinces
from marketplace.signin import door
from marketplace.signin.answers import Faults, go, page_with_faults
from marketplace.text import one_line, whole_number
from marketplace.web.guards import signed_in
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor

PATH = "/tai-khoan/dia-chi-nhan"
LONGEST_NAME, LONGEST_ADDRESS = 100, 200


@door.get(PATH)
@signed_in
def show_addresses() -> Response:
    """Show the addresses one keeps, and the form for another."""
    return _addresses_page()


@door.post(PATH)
@signed_in
def add_address() -> Response:
    """Keep an address, or show the communes of the province chosen."""
    if request.form.get("buoc") != "luu":
        return _addresses_page()
    receiver, faults = _read_receiver()
    if receiver is None:
        return _addresses_page(faults)
    try:
        with acting() as (work, actor):
            keep_address(work, actor, receiver, clock.now())
    except InvalidCommune:
        return _addresses_page([("xa", _("Chưa chọn xã, phường."))])
    except TooManyAddresses as refusal:
        return _addresses_page([("sdt", explain(refusal))], refusal.status)
    return go(PATH, _("Đã lưu địa chỉ."))


@door.post(PATH + "/<int:address_id>/xoa")
@signed_in
def let_go_of(address_id: int) -> Response:
    """Delete one of one's addresses."""
    with acting() as (work, actor):
        let_go_of_address(work, actor, address_id)
    return go(PATH, _("Đã xoá địa chỉ."))


def _read_receiver() -> tuple[Receiver | None, Faults]:
    """Return who receives and where, or what is wrong in the order of the form."""
    form, faults = request.form, list[tuple[str, str]]()
    phone = ""
    try:
        phone = read_phone(form.get("sdt", ""))
    except InvalidPhone as refusal:
        faults.append(("sdt", explain(refusal)))
    name, address = one_line(form.get("ten", "")), one_line(form.get("nha", ""))
    if not 0 < len(name) <= LONGEST_NAME:
        faults.append(("ten", _("Mời gõ họ và tên, tối đa 100 chữ.")))
    commune_id = _number(form.get("xa"))
    if commune_id is None:
        faults.append(("xa", _("Chưa chọn xã, phường.")))
    if not 0 < len(address) <= LONGEST_ADDRESS:
        faults.append(("nha", _("Mời gõ số nhà, đường hoặc thôn xóm, tối đa 200 chữ.")))
    if faults or commune_id is None:
        return None, faults
    return Receiver(name=name, phone=phone, commune_id=commune_id, address=address), []


def _addresses_page(faults: Faults | None = None, status: int = 422) -> Response:
    province_id = _number(request.form.get("tinh"))
    communes = list_communes(province_id) if province_id else []
    return page_with_faults(
        "saved_addresses",
        faults or [],
        status if faults else 200,
        kept=list_addresses(db.session(), require_actor().person_id),
        typed=request.form,
        provinces=[(unit.id, unit.name) for unit in list_provinces()],
        province_id=province_id,
        communes=[(unit.id, unit.full_name) for unit in communes],
    )


def _number(text: str | None) -> int | None:
    return whole_number(text or "")
