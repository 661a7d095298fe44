"""Paying by transfer: the QR code as a picture to keep, and the way back to paying at the door."""

from flask import Response, flash, make_response, redirect
from flask_babel import gettext as _

from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.models import PaymentMethod
from marketplace.ordering.queries import get_group
from marketplace.payments.pay_on_delivery import pay_on_delivery
from marketplace.storefront import door
from marketplace.storefront.transfer_page import draw, gather
from marketplace.web.addresses import page_url
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address


@door.get("/don-hang/<number>/<secret>/ma-qr.png")
@guarded(Guard.VISITOR)
def show_qr(number: str, secret: str) -> Response:
    """Give the QR code of what is still to be transferred for an order."""
    group = get_group(number, secret)
    picture = draw(gather(group)) if group.payment_method is PaymentMethod.VIETQR else None
    if picture is None:
        raise NotFound
    return tell_no_address(picture)


@door.post("/don-hang/<number>/<secret>/tra-khi-nhan")
@guarded(Guard.VISITOR)
def pay_at_the_door(number: str, secret: str) -> Response:
    """Pay in cash at the door after all."""
    require_form_token()
    group_id = get_group(number, secret).id
    with unit_of_work() as session:
        pay_on_delivery(session, group_id)
    flash(_("Đã đổi: bạn trả tiền mặt khi nhận hàng."))
    return tell_no_address(make_response(redirect(page_url(f"/don-hang/{number}/{secret}"), 303)))
