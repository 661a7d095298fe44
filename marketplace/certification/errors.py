"""What certification refuses."""

from marketplace.errors import InvalidInput, MarketplaceError


class NoCertificateForStars(InvalidInput):
    """Certificates are given for 3, 4 and 5 stars only; `stars` is what was asked for."""

    code = "no_certificate_for_stars"


class IssuedInFuture(InvalidInput):
    """A certificate cannot be recorded before its day; `issued_on` or `year` is that of the file."""

    code = "issued_in_future"


class AlreadyRevoked(MarketplaceError):
    """The certificate was revoked before, on `revoked_on`."""

    code = "already_revoked"


class RevokedBeforeIssue(InvalidInput):
    """A certificate cannot be revoked before the day it began."""

    code = "revoked_before_issue"


class CannotExtend(MarketplaceError):
    """The certificate is undated, revoked or superseded, or `until` lies outside the 180 days."""

    code = "cannot_extend"
