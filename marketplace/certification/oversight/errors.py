"""What revoking and extending refuse."""

from marketplace.errors import InvalidInput, MarketplaceError


class NotAlive(MarketplaceError):
    """The certificate does not count today: it ran out, was replaced or was revoked."""

    code = "certificate_not_alive"


class NotTheirCertificate(InvalidInput):
    """Five stars are taken by the ministry, 3 and 4 by the province; the number names another authority."""

    code = "not_their_certificate"


class RevocationOpen(MarketplaceError):
    """A revocation of the certificate is drafted already."""

    code = "revocation_open"


class RevocationClosed(MarketplaceError):
    """The revocation was decided or withdrawn before."""

    code = "revocation_closed"


class InvalidRevocation(InvalidInput):
    """A field of a revocation cannot stand; `field` names it."""

    code = "invalid_revocation"


class NoOpenReassessment(MarketplaceError):
    """No file to be evaluated again is open for the product: nothing to wait for."""

    code = "no_open_reassessment"


class DecidedBeforeConclusion(InvalidInput):
    """A revocation is not decided before the day `since` of the conclusion that it rests on."""

    code = "decided_before_conclusion"
