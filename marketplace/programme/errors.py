"""Refusals of this domain."""

from marketplace.errors import MarketplaceError


class PeriodNotOver(MarketplaceError):
    """A period is called complete only after its last day; `ends` is that day."""

    code = "period_not_over"


class NothingToClose(MarketplaceError):
    """A row that names no number has no figure to call complete."""

    code = "nothing_to_close"


class AlreadyRecorded(MarketplaceError):
    """The same fact stands in the book already."""

    code = "already_recorded"
