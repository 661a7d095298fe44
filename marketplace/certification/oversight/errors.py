"""What revoking, extending, inspecting and taking down refuse."""

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


class InvalidInspection(InvalidInput):
    """A text of an inspection or of one of its findings is too short or too long; `field` names it."""

    code = "invalid_inspection"


class ImpossibleDay(InvalidInput):
    """A day of an inspection lies outside of `since` and `until`; `field` names it."""

    code = "impossible_day"


class InspectionRepeated(MarketplaceError):
    """The office has an `inspection` of that kind, day and producer on record already."""

    code = "inspection_repeated"


class InspectionClosed(MarketplaceError):
    """The inspection was closed before."""

    code = "inspection_closed"


class FindingMended(MarketplaceError):
    """The finding is mended already."""

    code = "finding_mended"


class FindingsOpen(MarketplaceError):
    """`left` findings are neither mended nor led to a revocation."""

    code = "findings_open"


class TooManyFindings(MarketplaceError):
    """An inspection has at most `most` findings."""

    code = "too_many_findings"


class InvalidAuthorityOrder(InvalidInput):
    """A text of an authority's order is too short or too long; `field` names it."""

    code = "invalid_authority_order"


class ImpossibleTime(InvalidInput):
    """An order was received after now, or more than `days` ago."""

    code = "impossible_time"


class AuthorityOrderOnRecord(MarketplaceError):
    """The province has an order of that authority and number on record: `authority_order`."""

    code = "authority_order_on_record"


class AuthorityOrderAnswered(MarketplaceError):
    """The order was answered before: it is closed."""

    code = "authority_order_answered"


class ItemsStillShown(MarketplaceError):
    """`left` products of the order are still on public view, or are so again."""

    code = "items_still_shown"


class TooManyItems(MarketplaceError):
    """An order names at most `most` products."""

    code = "too_many_items"
