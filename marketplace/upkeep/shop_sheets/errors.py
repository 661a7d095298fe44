"""What is refused of producers' sheets."""

from marketplace.errors import MarketplaceError


class TrialGone(MarketplaceError):
    """The tried sheet ran out, was let go, or a newer one took its place."""

    code = "trial_gone"


class TrialOutdated(MarketplaceError):
    """What the sheet would change is no longer what the person was shown."""

    code = "trial_outdated"


class TrialHasErrors(MarketplaceError):
    """A sheet with rows that cannot be applied: all of it waits until they are mended."""

    code = "trial_has_errors"
