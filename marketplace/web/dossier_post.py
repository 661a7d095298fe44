"""Letters that a dossier's coming into a state calls for: whoever moves one leaves them behind with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.accounts.memberships import list_members
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.web.post import JOB, Letter, send_to_members

TO_PRODUCERS: dict[DossierState, Letter] = {
    DossierState.SUBMITTED: Letter.DOSSIER_SUBMITTED,
    DossierState.RETURNED: Letter.DOSSIER_RETURNED,
    DossierState.FORWARDED: Letter.DOSSIER_FORWARDED,
    DossierState.NEEDS_COMPLETION: Letter.DOSSIER_INCOMPLETE,
    DossierState.ACCEPTED: Letter.DOSSIER_ACCEPTED,
    DossierState.EVALUATED: Letter.DOSSIER_EVALUATED,
    DossierState.PROPOSED: Letter.DOSSIER_PROPOSED,
    DossierState.RECOGNISED: Letter.DOSSIER_RECOGNISED,
    DossierState.NOT_RECOGNISED: Letter.DOSSIER_NOT_RECOGNISED,
}
TO_COMMUNES: dict[DossierState, Letter] = {
    DossierState.SUBMITTED: Letter.DOSSIER_ARRIVED,
    DossierState.RECOGNISED: Letter.DOSSIER_RESULT,
    DossierState.NOT_RECOGNISED: Letter.DOSSIER_RESULT,
}
"""Results go to the producer and to the commune in writing (Decision 26/2026/QĐ-TTg, article 7)."""


def tell_of_dossier(session: Session, dossier: Dossier, at: datetime) -> None:
    """Leave the letters behind that the state of a dossier calls for; some states call for none."""
    if letter := TO_PRODUCERS.get(dossier.state):
        send_to_members(session, letter, dossier.producer_id, at, dossier.id)
    if letter := TO_COMMUNES.get(dossier.state):
        for officer in list_members(session, Scope(ScopeKind.ADMIN_UNIT, dossier.commune_id)):
            about_it = {"person_id": officer.person_id, "about": dossier.id}
            jobs.put(session, JOB, letter=letter, at=at.isoformat(), **about_it)
