"""What is refused where money is concerned, named by what happened."""

from marketplace.errors import InvalidInput, MarketplaceError


class NothingToPay(MarketplaceError):
    """An order group that owes nothing, or is not paid at a gateway."""

    code = "nothing_to_pay"


class SessionUnresolved(MarketplaceError):
    """An earlier attempt to pay whose end the gateway has to be asked for first; `session_id` names it."""

    code = "session_unresolved"


class SessionClosed(MarketplaceError):
    """An attempt to pay that has ended already."""

    code = "session_closed"


class ForeignMoney(MarketplaceError):
    """A gateway that took another currency than đồng, or names no payment; people have to look at it."""

    code = "foreign_money"


class MoneyDiffers(MarketplaceError):
    """A payment known already, with another amount or for another order than is told now."""

    code = "money_differs"


class NotPaid(MarketplaceError):
    """An order that is paid before it is sent, and is not paid; `owed` says how much is missing, in đồng."""

    code = "not_paid"


class MoneyWentBack(MarketplaceError):
    """An order that is not sent yet and whose money was given back, so that it is to be canceled."""

    code = "money_went_back"


class RefundBeyondPaid(MarketplaceError):
    """A refund of more than was paid and not yet given back; `available` says how much that is, in đồng."""

    code = "refund_beyond_paid"


class NotByHand(MarketplaceError):
    """A refund that the gateway carries out, or that is done."""

    code = "not_by_hand"


class TransferMatched(MarketplaceError):
    """A bank transfer that has its order already."""

    code = "transfer_matched"


class OrderUnknown(InvalidInput):
    """A number of no order that can take a transfer."""

    code = "order_unknown"


class NothingToRefund(MarketplaceError):
    """An order for which no more was paid than is due."""

    code = "nothing_to_refund"


class RefundMovedOn(MarketplaceError):
    """An order whose money or parcel changed since the office's page showed it, or a form sent twice."""

    code = "refund_moved_on"


class PayoutClosed(MarketplaceError):
    """A payout that has another end already."""

    code = "payout_closed"


class InvalidReference(InvalidInput):
    """A reference that is missing or too long."""

    code = "invalid_reference"


class InvalidAccount(InvalidInput):
    """A bank account that cannot be one; `field` names what of it."""

    code = "invalid_account"


class GatewayUnavailable(MarketplaceError):
    """A gateway that did not answer, or not in a way to be relied on: what it did is unknown; ask again."""

    code = "gateway_unavailable"
    status = 503


class GatewayRefused(MarketplaceError):
    """A gateway that answered no, and did nothing."""

    code = "gateway_refused"
    status = 502


class UnsignedNotice(MarketplaceError):
    """A notice that does not carry the gateway's signature of this moment; nothing of it is believed."""

    code = "unsigned_notice"
    status = 400


class NoticesNotSetUp(MarketplaceError):
    """A notice for a gateway whose signature cannot be checked here, for want of its secret."""

    code = "notices_not_set_up"
    status = 503
