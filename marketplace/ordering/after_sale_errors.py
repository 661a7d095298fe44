"""What is refused of an order after it was placed, named by what happened."""

from marketplace.errors import InvalidInput, MarketplaceError


class NotShippable(MarketplaceError):
    """An order that its seller must not send: not placed, canceled, or not confirmed yet."""

    code = "not_shippable"


class OrderFrozen(MarketplaceError):
    """An order with goods that a recall in force forbids to send."""

    code = "order_frozen"


class LotNotSendable(MarketplaceError):
    """A lot that must not be sent: recalled, past its day, or of other goods; `lot` is its code."""

    code = "lot_not_sendable"


class NoGoodLot(MarketplaceError):
    """Goods of which only lots are left that must not be sent; `missing` says how many units."""

    code = "no_good_lot"


class PromisedToOrders(MarketplaceError):
    """A recalled lot that orders still count on: other lots lack `missing` units of what was promised."""

    code = "promised_to_orders"


class NotCounted(MarketplaceError):
    """A recalled lot that was never noted on a shelf, while the shelf was not counted since the recall."""

    code = "not_counted"


class NothingToShip(MarketplaceError):
    """An order of which every unit was sent or canceled already."""

    code = "nothing_to_ship"


class InvalidCarrier(InvalidInput):
    """A carrier's name that is too long."""

    code = "invalid_carrier"


class InvalidTrackingNumber(InvalidInput):
    """A tracking number of other characters than letters, digits, dots and dashes, or of odd length."""

    code = "invalid_tracking_number"


class InvalidCollected(InvalidInput):
    """An amount collected at delivery below nothing or above what the order comes to; `most` is that."""

    code = "invalid_collected"


class NotOnTheWay(MarketplaceError):
    """A sending that has met another end already."""

    code = "not_on_the_way"


class NotReturnable(MarketplaceError):
    """Goods that cannot be given back (any more): not delivered, too late, or asked for already."""

    code = "not_returnable"


class InvalidReturn(InvalidInput):
    """A return without goods, without words, or of fresh goods without a fault; `field` names it."""

    code = "invalid_return"


class TooManyPictures(InvalidInput):
    """More photographs than a return holds."""

    code = "too_many_pictures"


class ReturnMovedOn(MarketplaceError):
    """A return that does not stand where this step begins; `state` says where it stands."""

    code = "return_moved_on"


class TooManyWishes(MarketplaceError):
    """A contact, or a variant, with as many wishes to be told as there may be."""

    code = "too_many_wishes"
    status = 429


class CanBeBought(MarketplaceError):
    """A variant that nobody has to wait for: it can be bought now."""

    code = "can_be_bought"


class NotComplainable(MarketplaceError):
    """An order that was never placed, or is so old that nobody knows its buyer any more."""

    code = "not_complainable"


class InvalidComplaint(InvalidInput):
    """Words of a complaint that are missing or too long; `most` says how many letters there may be."""

    code = "invalid_complaint"


class ComplaintClosed(MarketplaceError):
    """A complaint that the office closed; nobody adds to it."""

    code = "complaint_closed"
