"""Refusals of recalls."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidRecall(InvalidInput):
    """Words of a recall that are missing, too short or too long; `field` names them."""

    code = "invalid_recall"


class AlreadyRecalled(MarketplaceError):
    """What is recalled already: `recall` is the code of the recall in force."""

    code = "already_recalled"


class AlreadyLifted(MarketplaceError):
    """A recall that was lifted before."""

    code = "already_lifted"


class LiftedByAnother(MarketplaceError):
    """A recall of the office, to be lifted by somebody else than who ordered it."""

    code = "lifted_by_another"


class OfficeRecall(MarketplaceError):
    """A recall of the office, which its producer cannot lift."""

    code = "office_recall"


class NotResumable(MarketplaceError):
    """A recall under which other lots cannot be sold: not of a lot, lifted, or not through yet."""

    code = "not_resumable"
