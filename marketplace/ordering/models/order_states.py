"""What the columns of an order can say."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """The stored status of an order; payment and fulfilment status are derived."""

    DRAFT = "draft"
    PLACED = "placed"
    CANCELED = "canceled"


class PaymentMethod(StrEnum):
    """How an order group is paid: in cash, by a bank transfer with a QR code, or by card."""

    CASH_ON_DELIVERY = "cod"
    VIETQR = "vietqr"
    CARD = "stripe"

    @property
    def paid_first(self) -> bool:
        """Whether an order is only placed once it is paid; the other ways collapse into one step."""
        return self is PaymentMethod.CARD


class CancelReason(StrEnum):
    """Why a parcel is not sent."""

    CUSTOMER = "customer"
    DECLINED = "declined"
    INVENTORY = "inventory"
    RECALLED = "recalled"
    UNPAID = "unpaid"
    EXPIRED = "expired"
    UNDELIVERED = "undelivered"
    STAFF = "staff"
