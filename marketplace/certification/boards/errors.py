"""What boards refuse."""

from marketplace.errors import MarketplaceError


class YearNotOver(MarketplaceError):
    """A register is called complete for a `year` only after its last day."""

    code = "year_not_over"
