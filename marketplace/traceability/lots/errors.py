"""Refusals of lots, their papers and references."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidLot(InvalidInput):
    """What a lot cannot be; `field` names the fact at fault."""

    code = "invalid_lot"


class LotCodeTaken(MarketplaceError):
    """A code that another lot of the product bears, in capitals or not; `lot_code` is the code."""

    code = "lot_code_taken"
