"""Orders as a table for spreadsheets: a row for each line, with the buyer only as long as needed."""

from collections.abc import Iterator, Sequence

from marketplace.ordering.models import OrderLine
from marketplace.web.filters import write_time
from marketplace.web.open_csv import write_csv
from marketplace.web.order_words import PAYMENT_METHODS
from marketplace.web.words import gettext as _
from marketplace.workspace.order_pages import OrderCard


def write_orders(cards: Sequence[OrderCard]) -> str:
    """Return orders as CSV; amounts are đồng, fee and amount to collect stand in an order's first row."""
    header = (
        _("Mã đơn"), _("Đặt lúc"), _("Tình trạng"), _("Khách"), _("Điện thoại"), _("Địa chỉ"),
        _("Sản phẩm"), _("Gói"), _("Mã hàng"), _("Số lượng"), _("Đơn giá (đồng)"), _("Thành tiền (đồng)"),
        _("Phí giao (đồng)"), _("Cách trả"), _("Còn phải thu (đồng)"), _("Hãng vận chuyển"), _("Mã vận đơn"),
        _("Lời nhắn"),
    )  # fmt: skip
    return write_csv(header, (row for card in cards for row in _rows(card)))


def _rows(card: OrderCard) -> Iterator[tuple[object, ...]]:
    for place, line in enumerate(card.order.lines):
        yield _row(card, line, first=place == 0)


def _row(card: OrderCard, line: OrderLine, *, first: bool) -> tuple[object, ...]:
    order, group, units = card.order, card.order.group, line.quantity - line.canceled
    sent = [one for one in order.fulfillments if one.came_back_at is None]
    return (
        card.number,
        write_time(order.placed_at) if order.placed_at else None,
        card.mark.words,
        card.buyer,
        card.phone,
        card.address or _("Khách đến lấy"),
        line.product_name,
        line.variant_name,
        line.sku,
        units,
        line.unit_price,
        units * line.unit_price,
        order.shipping_fee if first else None,
        PAYMENT_METHODS[group.payment_method],
        card.to_collect if first else None,
        ", ".join(one.carrier for one in sent if one.carrier),
        ", ".join(one.tracking_number for one in sent if one.tracking_number),
        group.note if first and card.knows_buyer else None,
    )
