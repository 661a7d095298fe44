"""What councils refuse."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidCouncil(InvalidInput):
    """What was typed of a council, a member or a session is missing or too long; `field` names it."""

    code = "invalid_council"


class CouncilEnded(MarketplaceError):
    """The council has done its work: nobody joins it and it meets no more."""

    code = "council_ended"


class SeatedAlready(MarketplaceError):
    """The person has a seat in the council already."""

    code = "seated_already"


class PlaceFixed(InvalidInput):
    """A member who sat in a session that has begun keeps position and agency; `field` names the one."""

    code = "place_fixed"


class MemberInSession(MarketplaceError):
    """The member still sits in a session that is not over."""

    code = "member_in_session"


class CouncilMeets(MarketplaceError):
    """The council has sessions that are planned or under way: `sessions` of them."""

    code = "council_meets"


class SessionNotPlanned(MarketplaceError):
    """Scoring has begun: who sits in the session and what comes before it is fixed."""

    code = "session_not_planned"


class SessionNotScoring(MarketplaceError):
    """The session has not begun to score, or is over."""

    code = "session_not_scoring"


class NothingToScore(MarketplaceError):
    """A session that no dossier was put before."""

    code = "nothing_to_score"


class NoLeader(MarketplaceError):
    """Neither the chair nor a deputy sits in the session."""

    code = "no_leader"


class NoQuorum(MarketplaceError):
    """Not more than half of the `seats` that score are left as `scorers`; `number` is the dossier's code."""

    code = "no_quorum"


class BeforeCouncilAlready(MarketplaceError):
    """The dossier lies before a session that is not over."""

    code = "before_council_already"


class NotReadyForCouncil(MarketplaceError):
    """The dossier has not come through the advisory group, or has left; `number` is its code."""

    code = "not_ready_for_council"


class ConflictedMember(MarketplaceError):
    """Who has to do with the producer of a dossier neither scores it nor sees its sheets."""

    code = "conflicted_member"
    status = 403


class ScoresNothing(MarketplaceError):
    """A secretary keeps the minutes and scores nothing."""

    code = "scores_nothing"
    status = 403


class SheetSigned(MarketplaceError):
    """The member's sheet is signed: it is locked."""

    code = "sheet_signed"


class SheetIncomplete(MarketplaceError):
    """Criteria are not scored yet: `missing` of them."""

    code = "sheet_incomplete"


class SheetsStillBlind(MarketplaceError):
    """Sheets are still to come: until all are in nobody sees any, and nothing follows."""

    code = "sheets_still_blind"


class ResultClosed(MarketplaceError):
    """The result of the dossier is closed."""

    code = "result_closed"


class DiscussionNeeded(MarketplaceError):
    """The sheets lie `spread` points apart, `limit` or more: to be talked over, or the reasons written."""

    code = "discussion_needed"


class SheetsToComplete(MarketplaceError):
    """Some members stopped at a finding that most did not make: their sheets are to be scored whole."""

    code = "sheets_to_complete"


class ReasonMissing(InvalidInput):
    """A deed that needs its reason in writing; `field` names where."""

    code = "reason_missing"


class OnlyLeader(MarketplaceError):
    """Only the chair, or a deputy where the chair may not, does this."""

    code = "only_leader"
    status = 403


class AbsentHasSigned(MarketplaceError):
    """Who has signed a sheet in the session was there and stays."""

    code = "absent_has_signed"


class ResultsMissing(MarketplaceError):
    """Dossiers of the session have no result yet: `open_dossiers` of them."""

    code = "results_missing"


class MinutesUnsigned(MarketplaceError):
    """The minutes are not written, or too few have signed: the leader, and more than half of all seats."""

    code = "minutes_unsigned"


class MinutesChanged(MarketplaceError):
    """The minutes have another version than the one that was read."""

    code = "minutes_changed"


class MinutesSigned(MarketplaceError):
    """The member has signed this version before."""

    code = "minutes_signed"


class SheetsOpen(MarketplaceError):
    """The sheets are open: nobody is left out any more for what they scored."""

    code = "sheets_open"


class InvalidMinutes(InvalidInput):
    """Minutes without words, or with more than `most` letters."""

    code = "invalid_minutes"
