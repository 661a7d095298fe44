"""Refusals of lots, their papers and references."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidLot(InvalidInput):
    """What a lot cannot be; `field` names the fact at fault."""

    code = "invalid_lot"


class LotCodeTaken(MarketplaceError):
    """A code that another lot of the product bears, in capitals or not; `lot_code` is the code."""

    code = "lot_code_taken"


class MadeBefore(MarketplaceError):
    """A form of a lot that came before; `lot` is the number of the lot that it made."""

    code = "lot_made_before"


class LotInUse(MarketplaceError):
    """A lot that is printed, recalled, sold of, made into something, or of which more is on record."""

    code = "lot_in_use"


class RecalledInput(MarketplaceError):
    """A lot that is recalled, of which nothing more is made; `lot_code` is its code."""

    code = "recalled_input"


class InvalidPaper(InvalidInput):
    """What a paper of a lot cannot say; `field` names the fact at fault."""

    code = "invalid_paper"


class PaperInUse(MarketplaceError):
    """A paper that an event names, or of a lot that is printed, recalled or public for a day: it stays."""

    code = "paper_in_use"


class InvalidPortal(InvalidInput):
    """What a reference to another portal cannot be; `field` names the fact at fault."""

    code = "invalid_portal"
