"""Refusals of labels."""

from marketplace.errors import InvalidInput, MarketplaceError, NotFound


class InvalidLabels(InvalidInput):
    """Labels that cannot be ordered: `field` names what is at fault, `most` the largest count."""

    code = "invalid_labels"


class NotForPrinting(MarketplaceError):
    """A lot that gets no labels now: material, goods never published, recalled or past their last day."""

    code = "not_for_printing"


class NoBarcode(NotFound):
    """A product without a number of GS1 has no DataMatrix."""

    code = "no_barcode"
