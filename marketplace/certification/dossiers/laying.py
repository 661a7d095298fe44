"""Laying evidence to the criteria of a dossier, and taking it from them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.errors import PageNotThere
from marketplace.certification.dossiers.evidence import page_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse, OwnPage
from marketplace.certification.dossiers.flow import note
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.own_pages import own_pages, product_with_pages
from marketplace.certification.dossiers.permits import require_editable
from marketplace.certification.dossiers.sheets import rubric_of
from marketplace.certification.errors import UnknownCriterion
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.upsert import insert_into


def lay_to(
    session: Session, actor: Actor, dossier: Dossier, criterion: str, evidence: EvidenceFile, at: datetime
) -> None:
    """Lay a piece from the producer's shelf to a criterion; laid there before, nothing happens.

    Raises NotEditable, UnknownCriterion, and NotFound for evidence of another producer.
    """
    require_editable(session, dossier)
    if criterion not in {leaf.code for leaf in rubric_of(dossier).leaves()}:
        raise UnknownCriterion(criterion=criterion)
    own = (EvidenceFile.id == evidence.id, EvidenceFile.producer_id == dossier.producer_id)
    if session.scalar(sa.select(EvidenceFile.id).where(*own).with_for_update(key_share=True)) is None:
        raise NotFound(evidence=evidence.id)
    use = {"dossier_id": dossier.id, "criterion": criterion, "evidence_id": evidence.id}
    session.execute(insert_into(session, EvidenceUse).values(use).on_conflict_do_nothing())
    note(session, actor, dossier, "lay", at, criterion_code=criterion, evidence_id=evidence.id)


def take_from(
    session: Session, actor: Actor, dossier: Dossier, criterion: str, evidence_id: int, at: datetime
) -> None:
    """Take a piece from a criterion; it stays on the shelf. Raises NotEditable and NotFound."""
    require_editable(session, dossier)
    use = session.get(EvidenceUse, (dossier.id, criterion, evidence_id))
    if use is None:
        raise NotFound(evidence=evidence_id)
    session.delete(use)
    session.flush()
    note(session, actor, dossier, "take", at, criterion_code=criterion, evidence_id=evidence_id)


def link_own_page(
    session: Session, actor: Actor, dossier: Dossier, page: OwnPage, criterion: str, at: datetime
) -> EvidenceFile:
    """Lay a page of the product on this market to a criterion.

    Raises PageNotThere, and what `lay_to` does.
    """
    product = product_with_pages(session, dossier.product_id)
    if page not in own_pages(product):
        raise PageNotThere(page=page)
    producer = session.get_one(Producer, dossier.producer_id)
    require_editable(session, dossier)
    evidence = page_evidence(session, actor, producer, product, page, at)
    lay_to(session, actor, dossier, criterion, evidence, at)
    return evidence


def mark_handed_in(session: Session, dossier: Dossier) -> None:
    """Keep for ever what a dossier is handed in with."""
    used = sa.select(EvidenceUse.evidence_id).where(EvidenceUse.dossier_id == dossier.id)
    session.execute(sa.update(EvidenceFile).where(EvidenceFile.id.in_(used)).values(handed_in=True))
