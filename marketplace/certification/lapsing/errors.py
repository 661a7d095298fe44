"""What reminders refuse."""

from marketplace.errors import MarketplaceError


class AlreadyReminded(MarketplaceError):
    """The producer was reminded in this stage, on the day `on`."""

    code = "already_reminded"


class NothingToRemind(MarketplaceError):
    """The certificate is far from its end, replaced or revoked, or its dossier has been handed in."""

    code = "nothing_to_remind"


class NobodyToRemind(MarketplaceError):
    """Nobody of the producer has an account here, so no letter would arrive."""

    code = "nobody_to_remind"
