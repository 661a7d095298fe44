"""What ordering refuses, named by what happened."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidQuantity(InvalidInput):
    """A quantity that is no whole number from 1 to 999."""

    code = "invalid_quantity"


class InvalidCommune(InvalidInput):
    """A place of delivery that is no commune of today."""

    code = "invalid_commune"


class NotForSale(MarketplaceError):
    """A variant that cannot be put into a cart; `obstacle` says why."""

    code = "not_for_sale"


class SellerOnHoliday(NotForSale):
    """The goods of a seller who takes no orders before the day `reopens`."""

    code = "seller_on_holiday"


class GoodsRecalled(NotForSale):
    """Goods that a recall in force keeps from being sold."""

    code = "goods_recalled"


class CartFull(MarketplaceError):
    """A cart that holds as many lines as a cart can."""

    code = "cart_full"


class NothingToOrder(MarketplaceError):
    """A cart without a line that can be ordered."""

    code = "nothing_to_order"


class AgeNotConfirmed(MarketplaceError):
    """Goods for people of 18 and over, in the cart of a buyer who has not said to be of that age."""

    code = "age_not_confirmed"


class QuoteChanged(MarketplaceError):
    """Prices, fees, stock or the cart are no longer what the buyer was shown."""

    code = "quote_changed"


class OutOfStock(MarketplaceError):
    """Fewer units of `variant_id` can be sold than were asked for; `available` says how many."""

    code = "out_of_stock"


class HoldLost(MarketplaceError):
    """Goods of a draft order that are held no longer: somebody bought them, or its time is over."""

    code = "hold_lost"


class BelowPromised(MarketplaceError):
    """A count that would leave less on the shelf than is promised to orders."""

    code = "below_promised"


class StockChanged(MarketplaceError):
    """A shelf that is not as the page showed it: it was counted or filled meanwhile, or sent twice."""

    code = "stock_changed"


class InvalidShippingRule(InvalidInput):
    """A fee, weight, day or name of a zone that cannot be; `field` names it, `most` is its bound."""

    code = "invalid_shipping_rule"


class ProvinceInTwoZones(InvalidInput):
    """A province that another zone of the same producer names already; `zone` is that zone's name."""

    code = "province_in_two_zones"


class TooManyUnconfirmed(MarketplaceError):
    """A telephone number with as many unconfirmed cash-on-delivery orders as one may have."""

    code = "too_many_unconfirmed"


class DoubledSubmission(MarketplaceError):
    """A checkout page submitted twice at the same moment from two carts; the first one counts."""

    code = "doubled_submission"


class NotCancelable(MarketplaceError):
    """A parcel of which something was sent already, or that is off; `state` says how it stands."""

    code = "not_cancelable"


class NotConfirmable(MarketplaceError):
    """A parcel that was canceled."""

    code = "not_confirmable"


class TooManyLookups(MarketplaceError):
    """More order look-ups from one network in an hour than are answered."""

    code = "too_many_lookups"
    status = 429


class TooManyAddresses(MarketplaceError):
    """A person keeps as many addresses as anybody may."""

    code = "too_many_addresses"


class NotSwitchable(MarketplaceError):
    """An order that cannot be paid on delivery any more: it is paid, placed or canceled."""

    code = "not_switchable"
