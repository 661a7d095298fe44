"""Filling a new dossier from what is known: the producer's profile, and the product's last dossier."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.evidence_models import EvidenceUse
from marketplace.certification.dossiers.models import Dossier, SelfReport
from marketplace.certification.dossiers.own_pages import own_pages, product_with_pages
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import Marks, find_sheet, rubric_of, write_sheet
from marketplace.certification.dossiers.standing import is_good
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.certification.rubrics.sheet import NOTHING_REACHED
from marketplace.producers.models import Producer

_NOT_TAKEN_OVER = frozenset({"dossier_id", "changes", "revenue", "profit"})
"""What is of one year alone, and is written anew."""


def find_last_dossier(session: Session, product_id: int, producer_id: int) -> Dossier | None:
    """Return the newest dossier of a product that its producer ever handed in, or None."""
    wanted = sa.select(Dossier).where(
        Dossier.product_id == product_id,
        Dossier.producer_id == producer_id,
        Dossier.submitted_at.is_not(None),
    )
    return session.scalar(wanted.order_by(Dossier.id.desc()).limit(1))


def begin_report(session: Session, producer: Producer, dossier: Dossier) -> None:
    """Begin the facts of a dossier with what the producer says of itself."""
    phone, email = producer.phone or "", producer.email or ""
    session.add(SelfReport(dossier_id=dossier.id, phone=phone, email=email))
    session.flush()


def fill_from(
    session: Session, actor: Actor, dossier: Dossier, last: Dossier, product: Product, at: datetime, day: date
) -> None:
    """Take over from the last dossier its choices, its facts, and the evidence that is still good."""
    dossier.previous_id = last.id
    _copy_report(session, dossier, last)
    rubric = rubric_of(dossier)
    _copy_choices(session, actor, dossier, last, rubric, at)
    _copy_evidence(session, dossier, last, product, rubric, day)
    session.flush()


def _copy_report(session: Session, dossier: Dossier, last: Dossier) -> None:
    before, now = session.get(SelfReport, last.id), session.get_one(SelfReport, dossier.id)
    if before is None:
        return
    for column in SelfReport.__mapper__.column_attrs:
        kept = getattr(before, column.key)
        if column.key not in _NOT_TAKEN_OVER and kept not in (None, ""):
            setattr(now, column.key, kept)


def _copy_choices(
    session: Session, actor: Actor, dossier: Dossier, last: Dossier, rubric: Rubric, at: datetime
) -> None:
    row = find_sheet(session, last.id, SheetLevel.SELF)
    if row is None or last.set_number != dossier.set_number:
        return
    known = _known_options(rubric)
    kept = [one for one in row.choices if (one.criterion, one.option) in known]
    marks = Marks(
        choices={one.criterion: one.option for one in kept},
        words={one.criterion: one.words or "" for one in kept},
    )
    write_sheet(session, dossier, SheetLevel.SELF, marks, actor.person_id, at)


def _known_options(rubric: Rubric) -> set[tuple[str, int]]:
    known = {(leaf.code, option.number) for leaf in rubric.leaves() for option in leaf.options}
    nothing = {(leaf.code, NOTHING_REACHED) for leaf in rubric.leaves() if leaf.may_reach_nothing}
    return known | nothing


def _copy_evidence(
    session: Session, dossier: Dossier, last: Dossier, product: Product, rubric: Rubric, day: date
) -> None:
    codes, pages = {leaf.code for leaf in rubric.leaves()}, own_pages(product_with_pages(session, product.id))
    for use in list_uses(last.id):
        if use.criterion in codes and is_good(use.evidence, day, pages):
            laid = EvidenceUse(dossier_id=dossier.id, criterion=use.criterion, evidence_id=use.evidence_id)
            session.add(laid)
