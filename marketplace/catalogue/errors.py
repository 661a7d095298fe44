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
    """A variant needs a price in whole đồng, a content and a weight above zero, and VAT of 0 to 20."""

    code = "invalid_variant"


class PageBeyondEnd(MarketplaceError):
    """The list has fewer pages; `last` is the number of its last one."""

    code = "page_beyond_end"
    status = 404
