"""What the catalogue refuses."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidGtin(InvalidInput):
    """The number is no GTIN-8, -12, -13 or -14, or its check digit is wrong."""

    code = "invalid_gtin"


class GtinTaken(MarketplaceError):
    """Another product carries this GTIN already."""

    code = "gtin_taken"


class SkuTaken(MarketplaceError):
    """A variant of another product carries this SKU already."""

    code = "sku_taken"


class AliasTaken(MarketplaceError):
    """Another product is known by this outside id already."""

    code = "alias_taken"


class InvalidVariant(InvalidInput):
    """A variant needs a code, a name, price, content and weight within bounds, and VAT of 0 to 20.

    `field` names what is wrong, `sku` the variant.
    """

    code = "invalid_variant"


class PageBeyondEnd(MarketplaceError):
    """The list has fewer pages; `last` is the number of its last one."""

    code = "page_beyond_end"
    status = 404


class InvalidReport(InvalidInput):
    """The words of a report or of its answer are fewer than `shortest` letters or more than `longest`."""

    code = "invalid_report"


class NotAboutProduct(InvalidInput):
    """A report about a producer suspends no product."""

    code = "not_about_product"


class ReportClosed(MarketplaceError):
    """The report was answered before."""

    code = "report_closed"


class NeverCertified(MarketplaceError):
    """No recognition of the product is on record: it may be drafted and previewed, not shown or sold."""

    code = "never_certified"


class ListingIncomplete(MarketplaceError):
    """Something is missing before a listing can be submitted; `step` is the step that asks for it."""

    code = "listing_incomplete"


class ListingChanged(MarketplaceError):
    """Somebody, or another tab, changed the listing meanwhile; `version` is its present one."""

    code = "listing_changed"


class ListingExists(MarketplaceError):
    """The product has a listing already."""

    code = "listing_exists"


class IllegalTransition(MarketplaceError):
    """The deed is not open in this state; `deed` and `state` say which."""

    code = "illegal_transition"


class FixedByCertificate(MarketplaceError):
    """The certificate fixes the field: it changes by a change request alone."""

    code = "fixed_by_certificate"


class NotFixedYet(MarketplaceError):
    """No certificate fixes the field yet: it is changed in the draft."""

    code = "not_fixed_yet"


class PriceJump(MarketplaceError):
    """A price more than 30 % away from the last one: the owner's alone, after proving who it is.

    `sku`, `before` and `price` say which.
    """

    code = "price_jump"


class InvalidPictures(InvalidInput):
    """Too many pictures, one twice, or one that is not the producer's."""

    code = "invalid_pictures"


class InvalidWords(InvalidInput):
    """Words that are missing or longer than `most` characters, or a number out of range; `field` names it."""

    code = "invalid_words"


class InvalidChange(InvalidInput):
    """A change that changes nothing or names no such thing; `field` names it."""

    code = "invalid_change"


class ChangeRequestOpen(MarketplaceError):
    """The product has a change request that waits for its answer."""

    code = "change_request_open"


class ChangeOutdated(MarketplaceError):
    """The product is no longer as it was when the change was asked for; `field` says where."""

    code = "change_outdated"


class TooManySaved(MarketplaceError):
    """A person keeps as many products as anybody may."""

    code = "too_many_saved"
