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


class MinistryStars(InvalidInput):
    """Five stars are the ministry's to give, and this number is not the ministry's."""

    code = "ministry_stars"


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


class NotFromPaper(MarketplaceError):
    """The draft was written from results: it has no number yet that could be confirmed as it stands."""

    code = "not_from_paper"


class NotFromResults(MarketplaceError):
    """The draft was read off its paper: its number and day are there already."""

    code = "not_from_results"


class EvaluatedHere(MarketplaceError):
    """The result of a dossier (`number`) of the product `name` waits here: what is decided comes from it."""

    code = "evaluated_here"


class SessionOpen(MarketplaceError):
    """The session has not been closed: nothing is decided from it yet."""

    code = "session_open"


class ResultsMoved(MarketplaceError):
    """A chosen dossier was decided, drafted or evaluated again meanwhile."""

    code = "results_moved"


class WrongList(MarketplaceError):
    """What has stars is decided upon, what has none is told by a notice: not both in one paper."""

    code = "wrong_list"


class ResultsDoNotHold(MarketplaceError):
    """Points, stars, minutes or producers are not what the draft says; `found` names what."""

    code = "results_do_not_hold"


class InvalidNoticeNumber(InvalidInput):
    """The number of a notice begins with digits and names its kind or authority: 125/TB-UBND."""

    code = "invalid_notice_number"


class DecidedTooEarly(InvalidInput):
    """A decision is not signed before the day `since`, on which there was something to decide."""

    code = "decided_too_early"


class NumberTaken(MarketplaceError):
    """Another decision of this year has the `number`."""

    code = "number_taken"


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
