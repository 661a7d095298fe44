"""Whether dossiers are what their logs, sheets and files say, and only what was granted is certified."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby, pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.certification.councils.closing import tally_of
from marketplace.certification.councils.models import SessionDossier
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse
from marketplace.certification.dossiers.flow import MOVES
from marketplace.certification.dossiers.ministry_deeds import FIVE_STARS_FROM
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep, MinistryFile
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, read_sheet, rubric_of
from marketplace.certification.errors import NothingScored, UnknownCriterion, UnknownOption, UnknownStop
from marketplace.certification.models import Certificate
from marketplace.certification.rubrics.shipped import ChangedRubric
from marketplace.media.documents import read_document
from marketplace.media.encoding import digest_of
from marketplace.media.models import Document
from marketplace.payments.books import Off

SHOWN = 12
"""Digits of a digest that tell two apart at a glance."""
_OPEN_TO_CHANGES = (*(state for state in DossierState if state.editable), DossierState.WITHDRAWN)
_UNREADABLE = (UnknownCriterion, UnknownOption, UnknownStop)


def list_dossier_faults(session: Session) -> Iterator[Off]:
    """Name what is wrong with logs, rubrics and sheets, results, certificates and evidence, row by row."""
    session.expire_all()
    yield from _logs(session)
    yield from _handed_in(session)
    yield from _results(session)
    yield from _reached(session)
    yield from _granted(session)
    yield from _evidence(session)


def _logs(session: Session) -> Iterator[Off]:
    """Compare each dossier with its log, and each line of the log with the one before."""
    lines = sa.select(DossierStep).order_by(DossierStep.dossier_id, DossierStep.id)
    last: dict[int, DossierStep] = {}
    for number, steps in groupby(session.scalars(lines), key=lambda step: step.dossier_id):
        told = list(steps)
        last[number] = told[-1]
        for before, after in pairwise(told):
            if after.state not in MOVES[before.state] or after.at < before.at:
                yield Off("dossier step, state it follows", after.id, before.state, after.state)
    for dossier in session.scalars(sa.select(Dossier).order_by(Dossier.id)):
        step = last.get(dossier.id)
        if step is None or (step.state, step.at) != (dossier.state, dossier.since):
            told_state = step.state if step else "—"
            yield Off("dossier, state by its log", dossier.id, told_state, dossier.state)


def _handed_in(session: Session) -> Iterator[Off]:
    """Compare what was handed in with the rubric it was frozen with, and its own sheet with both."""
    wanted = sa.select(Dossier).where(Dossier.submitted_at.is_not(None)).order_by(Dossier.id)
    for dossier in session.scalars(wanted).all():
        try:
            row = find_sheet(session, dossier.id, SheetLevel.SELF)
            whole = not read_sheet(row, rubric_of(dossier)).unscored
        except ChangedRubric:
            yield Off("dossier, rubric by its digest", dossier.id, _short(dossier.rubric_digest), "—")
            continue
        except _UNREADABLE:
            whole = False
        signed = row is not None and row.signed_at is not None
        if dossier.state not in _OPEN_TO_CHANGES and not (whole and signed):
            yield Off("dossier, own sheet whole and signed", dossier.id, 1, 0)


def _results(session: Session) -> Iterator[Off]:
    """Reckon the closed results of sessions anew from their sheets."""
    pairs = (
        sa.select(SessionDossier)
        .where(SessionDossier.closed_at.is_not(None))
        .options(joinedload(SessionDossier.dossier))
        .order_by(SessionDossier.dossier_id, SessionDossier.session_id)
    )
    for case in session.scalars(pairs).all():
        try:
            found = tally_of(session, case, case.dossier)
        except (NothingScored, ChangedRubric, *_UNREADABLE):
            yield Off("result of a session, sheets", case.dossier_id, 1, 0)
            continue
        verdict = found.verdict
        sheets = (verdict.points, verdict.stars, verdict.outcome, found.spread)
        kept = (case.points, case.stars, case.outcome, case.spread)
        if sheets != kept:
            yield Off("result of a session", case.dossier_id, _told(*sheets), _told(*kept))


def _reached(session: Session) -> Iterator[Off]:
    """Compare what dossiers have reached with the last result of a session, or the ministry's points."""
    closed = sa.select(SessionDossier).where(SessionDossier.closed_at.is_not(None))
    ordered = closed.order_by(SessionDossier.dossier_id, SessionDossier.closed_at)
    last = {case.dossier_id: case for case in session.scalars(ordered)}
    files = session.scalars(sa.select(MinistryFile)).all()
    answered = {one.dossier_id: one.points for one in files if (one.points or 100) < FIVE_STARS_FROM}
    for dossier in session.scalars(sa.select(Dossier).order_by(Dossier.id)):
        case = last.get(dossier.id)
        told = case.points if case else None
        if dossier.points not in {told, answered.get(dossier.id, told)}:
            yield Off("dossier, points by its results", dossier.id, _told(told), _told(dossier.points))


def _granted(session: Session) -> Iterator[Off]:
    """Compare what was granted with the certificates: each has one, and nothing else is recognised."""
    certified = sa.select(Certificate.product_id, Certificate.stars, Certificate.issued_on)
    held: dict[tuple[int, int | None], list[date | None]] = {}
    for row in session.execute(certified):
        held.setdefault((row.product_id, row.stars), []).append(row.issued_on)
    for dossier in session.scalars(sa.select(Dossier).order_by(Dossier.id)):
        recognised = dossier.state is DossierState.RECOGNISED
        if recognised is not (dossier.granted is not None):
            yield Off("dossier, stars granted", dossier.id, int(recognised), dossier.granted or 0)
        elif recognised and dossier.submitted_at is not None:
            since = clock.local_date(dossier.submitted_at)
            days = held.get((dossier.product_id, dossier.granted), [])
            if not any(day is not None and day >= since for day in days):
                yield Off("dossier recognised, certificate", dossier.id, dossier.granted or 0, 0)


def _evidence(session: Session) -> Iterator[Off]:
    """Compare evidence with its files, and what was handed in with what is kept for ever."""
    files = (joinedload(EvidenceFile.document), joinedload(EvidenceFile.picture))
    every = sa.select(EvidenceFile).where(EvidenceFile.own_page.is_(None)).options(*files)
    for piece in session.scalars(every.order_by(EvidenceFile.id)).all():
        found = piece.picture.digest if piece.picture else _digest_in_store(piece.document)
        if found != piece.digest:
            yield Off("evidence, digest of its file", piece.id, _short(piece.digest), _short(found))
    lost = (
        sa.select(EvidenceFile.id)
        .join(EvidenceUse, EvidenceUse.evidence_id == EvidenceFile.id)
        .join(Dossier, Dossier.id == EvidenceUse.dossier_id)
        .where(
            ~EvidenceFile.handed_in, Dossier.submitted_at.is_not(None), Dossier.state.not_in(_OPEN_TO_CHANGES)
        )
        .distinct()
        .order_by(EvidenceFile.id)
    )
    for number in session.scalars(lost):
        yield Off("evidence handed in, kept", number, 1, 0)


def _digest_in_store(document: Document | None) -> str | None:
    content = read_document(document.key) if document is not None else None
    return digest_of(content) if content is not None else None


def _short(digest: str | None) -> str:
    return (digest or "—")[:SHOWN]


def _told(*facts: object) -> str:
    return " ".join("—" if fact is None else str(fact) for fact in facts)
