"""What decisions refuse, beside what certification refuses."""

from marketplace.errors import InvalidInput, MarketplaceError


class MinistryStars(InvalidInput):
    """Five stars are the ministry's to give, and this number is not the ministry's."""

    code = "ministry_stars"


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


class ProposalNotFinal(MarketplaceError):
    """The session that proposed five stars has not been closed: nothing goes to the ministry yet."""

    code = "proposal_not_final"


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
