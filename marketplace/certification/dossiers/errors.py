"""What dossiers refuse."""

from collections.abc import Iterable

from marketplace.certification.dossiers.missing import Missing
from marketplace.errors import InvalidInput, MarketplaceError


class NotEditable(MarketplaceError):
    """What a dossier holds is not changed in the `state` that it is in."""

    code = "dossier_not_editable"


class WrongState(MarketplaceError):
    """A dossier in this `state` does not come into the one asked for, named in `to` where there is one."""

    code = "dossier_wrong_state"


class MissingPieces(MarketplaceError):
    """What has to be there is not; `pieces` names each."""

    code = "dossier_missing_pieces"
    status = 422

    def __init__(self, pieces: Iterable[Missing]) -> None:
        self.pieces = tuple(pieces)
        super().__init__(pieces=self.pieces)


class OpenDossierExists(MarketplaceError):
    """The product has a dossier under way already; `number` is the code of that."""

    code = "open_dossier_exists"


class KindNotOpen(MarketplaceError):
    """A dossier of this `kind` is not for the product as it stands."""

    code = "dossier_kind_not_open"


class NoRubric(MarketplaceError):
    """The product belongs to no set, or the `regulation` in force has no rubric here."""

    code = "dossier_no_rubric"


class PlaceUnknown(MarketplaceError):
    """Nothing tells in which commune of today the product lies, so that no office is its own."""

    code = "dossier_place_unknown"


class TooEarly(MarketplaceError):
    """A file to be evaluated again is handed in from the day `opens` on (article 7.6)."""

    code = "dossier_too_early"


class TooLate(MarketplaceError):
    """The round took files until the day `closes` only (article 7)."""

    code = "dossier_too_late"


class InvalidDossier(InvalidInput):
    """A field of a dossier, or of what an office says of it, cannot stand; `field` names it."""

    code = "invalid_dossier"


class InvalidEvidence(InvalidInput):
    """A field of a piece of evidence cannot stand; `field` names it."""

    code = "invalid_evidence"


class TooManyEvidence(InvalidInput):
    """A producer keeps at most so many (`most`) pieces of evidence."""

    code = "too_many_evidence"


class EvidenceInUse(MarketplaceError):
    """A dossier that was handed in refers to the piece: it stays."""

    code = "evidence_in_use"


class PageNotThere(MarketplaceError):
    """The product has no such `page` on this market now."""

    code = "own_page_not_there"


class SheetLocked(MarketplaceError):
    """A sheet that was signed is not changed."""

    code = "sheet_locked"


class MemberCannotJudge(MarketplaceError):
    """A member of a producer does not judge its dossiers."""

    code = "member_cannot_judge"
    status = 403


class InConflict(MarketplaceError):
    """Whose conflict of interest over a dossier is written decides nothing about it."""

    code = "in_conflict"
    status = 403


class InvalidRound(InvalidInput):
    """A field of a round of evaluation cannot stand; `field` names it."""

    code = "invalid_round"


class RoundOnRecord(MarketplaceError):
    """The province has a round of this `number` in this `year` already."""

    code = "round_on_record"


class RoundInUse(MarketplaceError):
    """A dossier or a session of a council is in the round: it stays."""

    code = "round_in_use"


class InvalidHoliday(InvalidInput):
    """A field of a closed or worked day cannot stand; `field` names it."""

    code = "invalid_holiday"


class HolidayOnRecord(MarketplaceError):
    """The `day` is on record already."""

    code = "holiday_on_record"
