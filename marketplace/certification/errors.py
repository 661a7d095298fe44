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


class InvalidDecisionNumber(InvalidInput):
    """A decision's number begins with digits and names the authority: 2919/QĐ-UBND."""

    code = "invalid_decision_number"


class NothingAwarded(InvalidInput):
    """A decision that names no product."""

    code = "nothing_awarded"


class SeveralAuthorities(InvalidInput):
    """One decision, but stars that different authorities gave on its day."""

    code = "several_authorities"


class AlreadyAwarded(MarketplaceError):
    """The product has a certificate by this decision already; `name` is the product's."""

    code = "already_awarded"


class AuthorCannotConfirm(MarketplaceError):
    """Who drafted a decision does not confirm it."""

    code = "author_cannot_confirm"
    status = 403


class MemberCannotAward(MarketplaceError):
    """A member of a producer neither drafts nor confirms what its products are awarded."""

    code = "member_cannot_award"
    status = 403


class PaperClosed(MarketplaceError):
    """The draft was confirmed or withdrawn before."""

    code = "paper_closed"


class OtherDayOnRecord(MarketplaceError):
    """The register holds a decision of this number, place and year from another `day`."""

    code = "other_day_on_record"


class UnknownCriterion(InvalidInput):
    """The rubric scores no criterion of this `criterion` code; groups of criteria are not scored."""

    code = "unknown_criterion"


class UnknownOption(InvalidInput):
    """The `criterion` has no such `option`, or none below its options where one gives 0 points."""

    code = "unknown_option"


class UnknownStop(InvalidInput):
    """The rubric names no finding of this `stop` number that ends the scoring."""

    code = "unknown_stop"


class NothingScored(InvalidInput):
    """A mean was asked of no score sheet at all."""

    code = "nothing_scored"


class PointsBeyondPart(InvalidInput):
    """A `part` was given fewer than 0 points or more than its `most`."""

    code = "points_beyond_part"


class PointsNotEnough(InvalidInput):
    """Points alone give no stars under this `regulation`: it has star marks, or its points are not known."""

    code = "points_not_enough"
