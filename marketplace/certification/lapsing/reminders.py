"""An officer has a producer reminded: once in each stage of a certificate's way to renewal."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.memberships import list_members
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.lapsing.errors import AlreadyReminded, NobodyToRemind, NothingToRemind
from marketplace.certification.lapsing.models import OfficeReminder
from marketplace.certification.lapsing.queries import is_open_matter
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import renewal_of


def remind_producer(session: Session, actor: Actor, certificate: Certificate, at: datetime) -> int:
    """Note that a certificate's producer is reminded now, and return the producer's id.

    The caller locked the certificate's row and sends the letter. Raises NothingToRemind, NobodyToRemind and
    AlreadyReminded.
    """
    replaced = certificate.superseded_on is not None
    renewal = None if replaced else renewal_of(certificate, clock.local_date(at))
    dossier = _open_dossier(session, certificate.product_id)
    producer_id = certificate.product.producer_id
    if renewal is None or producer_id is None or not is_open_matter(renewal, dossier):
        raise NothingToRemind
    scope = Scope(ScopeKind.PRODUCER, producer_id)
    if not list_members(session, scope):
        raise NobodyToRemind
    before = session.get(OfficeReminder, (certificate.id, renewal.stage), populate_existing=True)
    if before is not None:
        raise AlreadyReminded(on=clock.local_date(before.sent_at))
    reminder = OfficeReminder(
        certificate_id=certificate.id, stage=renewal.stage, sent_by=actor.person_id, sent_at=at
    )
    session.add(reminder)
    session.flush()
    stage = {"stage": renewal.stage}
    journal.record(
        session, actor, "certificate:remind", "certificate", certificate.id, scope, at=at, data=stage
    )
    return producer_id


def _open_dossier(session: Session, product_id: int) -> Dossier | None:
    open_states = [state for state in DossierState if not state.ended]
    wanted = sa.select(Dossier).where(Dossier.product_id == product_id, Dossier.state.in_(open_states))
    return session.scalars(wanted).one_or_none()
