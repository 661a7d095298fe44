"""The page of an order that is paid by bank transfer: a QR code, the same in words, and how it stands."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.database import db
from marketplace.media.qr import qr_png
from marketplace.money import format_vnd
from marketplace.ordering.deadlines import pay_by
from marketplace.ordering.models import OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.payments.pay_on_delivery import can_pay_on_delivery
from marketplace.payments.standings import find_standings, whole_of
from marketplace.payments.status import Standing
from marketplace.payments.vietqr import Payload
from marketplace.settings import ReceivingAccount
from marketplace.storefront.pay_pages import pays_by


@dataclass(frozen=True, slots=True)
class TransferPage:
    """An order group as who pays it by transfer sees it; without `account` none is taken here."""

    group: OrderGroup
    money: Standing
    account: ReceivingAccount | None
    path: str

    @property
    def number(self) -> str:
        """Return the order's number as people read it."""
        return write_number(self.group.number)

    @property
    def message(self) -> str:
        """Return what is to stand in the transfer: the number without dashes."""
        return self.group.number

    @property
    def payload(self) -> str | None:
        """Return what the QR code says, or None where there is nothing to transfer."""
        if self.account is None or not self.money.owed:
            return None
        return Payload(self.account.bank_bin, self.account.account, self.money.owed, self.message).write()

    @property
    def held_until(self) -> date:
        """Return the last day on which the sellers wait for the money."""
        return clock.local_date(pay_by(self.group.placed_at) - timedelta(seconds=1))

    @property
    def canceled(self) -> bool:
        """Whether nothing of it is sent any more."""
        return all(order.status is OrderStatus.CANCELED for order in self.group.orders)

    @property
    def cash_instead(self) -> bool:
        """Whether the buyer may pay at the door after all."""
        return can_pay_on_delivery(self.group, self.money.captured)

    @property
    def title(self) -> str:
        """Return what the page is called: what there is to do, or that it is done."""
        if self.canceled:
            return str(_("Đơn đã huỷ, đừng chuyển tiền"))
        if not self.money.owed:
            return str(_("Đã nhận đủ tiền"))
        if self.money.kept:
            return str(_("Còn thiếu %(amount)s", amount=format_vnd(self.money.owed)))
        return str(_("Quét mã để trả tiền"))


def gather(group: OrderGroup) -> TransferPage:
    """Return the page of a group whose orders and lines are loaded, under the address of this request."""
    arguments = request.view_args or {}
    return TransferPage(
        group=group,
        money=whole_of(find_standings(db.session(), group.orders).values()),
        account=current_app.extensions["settings"].receiving_account,
        path=f"/don-hang/{arguments['number']}/{arguments['secret']}",
    )


@pays_by(PaymentMethod.VIETQR)
def show(group: OrderGroup) -> Response:
    """Show how a group is paid by transfer, or that it is."""
    return make_response(render_template("storefront/pay_transfer.html", page=gather(group)))


def draw(page: TransferPage) -> Response | None:
    """Return the QR code as a picture to keep, black on white; None where there is nothing to transfer."""
    if page.payload is None:
        return None
    response = Response(qr_png(page.payload), content_type="image/png")
    response.headers["Content-Disposition"] = f"inline; filename=vietqr-{page.message}.png"
    return response
