"""The advisory group's own score sheet, filled bit by bit before the group reports."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.flow import claim, note
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.permits import require_province
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import Marks, find_sheet, write_sheet


def save_advice_sheet(session: Session, actor: Actor, dossier: Dossier, marks: Marks, at: datetime) -> None:
    """Write marks onto the group's sheet, whole or not; it is signed with the group's report.

    Raises NotPermitted, MemberCannotJudge, WrongState, and what `write_sheet` does.
    """
    require_province(session, actor, dossier)
    claim(session, dossier, DossierState.ACCEPTED)
    write_sheet(session, dossier, SheetLevel.ADVISORY, marks, actor.person_id, at)
    note(session, actor, dossier, "advise_score", at)


def drop_advice_sheet(session: Session, actor: Actor, dossier: Dossier, at: datetime) -> None:
    """Throw the group's sheet away, so that it reports without one; without one nothing happens.

    Raises NotPermitted, MemberCannotJudge and WrongState.
    """
    require_province(session, actor, dossier)
    claim(session, dossier, DossierState.ACCEPTED)
    row = find_sheet(session, dossier.id, SheetLevel.ADVISORY)
    if row is not None:
        session.delete(row)
        session.flush()
        note(session, actor, dossier, "advise_drop", at)
