"""What a machine finds of a draft from results; what does not hold stops its confirmation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.councils.models import Minutes, MinutesSignature, Seat, SessionDossier
from marketplace.certification.councils.results import tally
from marketplace.certification.councils.reveal import list_counting_sheets
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision
from marketplace.certification.decisions.results import Result
from marketplace.certification.dossiers.models import DossierKind
from marketplace.certification.dossiers.sheets import read_sheet, rubric_of
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.certification.rubrics.stars import Verdict


class Checked(StrEnum):
    """What is looked at."""

    POINTS = "points"
    STARS = "stars"
    MINUTES = "minutes"
    PRODUCERS = "producers"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `names` are the products it does not hold for, `count` of `most` what was counted."""

    what: Checked
    fine: bool
    stops: bool = False
    names: tuple[str, ...] = ()
    count: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a draft with what its dossier comes to now, and what its session's sheets come to."""

    award: PaperAward
    result: Result | None
    held: SessionDossier | None
    verdict: Verdict | None


def check_results(session: Session, paper: PaperDecision, results: Sequence[Result]) -> list[Found]:
    """Return what is found of a draft; `results` are what its dossiers come to now, products loaded.

    The sheets of a session are reckoned once more, from what their members signed.
    """
    lines = _lines(session, paper, results)
    of_session = [_minutes(session, paper)] if paper.session_id is not None else []
    recognises = all(award.stars is not None for award in paper.awards)
    return [
        _found(Checked.POINTS, [line.award for line in lines if not _same_points(line)]),
        _found(Checked.STARS, [line.award for line in lines if not _lower_of_both(line)]),
        *of_session,
        _found(Checked.PRODUCERS, [line.award for line in lines if not _still_its_own(line.result)]),
        *([_certificates(results)] if recognises else []),
    ]


def _lines(session: Session, paper: PaperDecision, results: Sequence[Result]) -> list[_Line]:
    now = {result.dossier.id: result for result in results}
    held = _rows_of(session, paper)
    verdicts = _reckoned(session, paper, now)
    numbered = [(award, award.dossier_id or 0) for award in paper.awards]
    return [
        _Line(award, now.get(number), held.get(number), verdicts.get(number)) for award, number in numbered
    ]


def _reckoned(session: Session, paper: PaperDecision, now: Mapping[int, Result]) -> dict[int, Verdict]:
    """Return by dossier what the sheets that count in the session come to."""
    if paper.session_id is None:
        return {}
    sheets: dict[int, list[ScoreSheet]] = {}
    for row in list_counting_sheets(session, paper.session_id, list(now)):
        rubric = rubric_of(now[row.dossier_id].dossier)
        sheets.setdefault(row.dossier_id, []).append(read_sheet(row, rubric))
    return {dossier_id: tally(found).verdict for dossier_id, found in sheets.items()}


def _found(what: Checked, wrong: Sequence[PaperAward]) -> Found:
    names = tuple(award.product_name or "" for award in wrong)
    return Found(what, fine=not wrong, stops=bool(wrong), names=names)


def _rows_of(session: Session, paper: PaperDecision) -> dict[int, SessionDossier]:
    """Return by dossier its result in the session of the draft."""
    if paper.session_id is None:
        return {}
    wanted = sa.select(SessionDossier).where(SessionDossier.session_id == paper.session_id)
    return {row.dossier_id: row for row in session.execute(wanted).scalars()}


def _same_points(line: _Line) -> bool:
    if line.result is None or line.award.points != line.result.points:
        return False
    if line.held is None:
        return True
    return line.verdict is not None and line.held.points == line.verdict.points == line.award.points


def _lower_of_both(line: _Line) -> bool:
    if line.result is None or line.award.stars != line.result.stars:
        return False
    if line.held is None:
        return True
    if line.verdict is None:
        return False
    lower = min(line.verdict.by_points, line.verdict.by_gates)
    return line.held.stars == lower and line.verdict.granted == line.award.stars


def _minutes(session: Session, paper: PaperDecision) -> Found:
    """Count the signatures under the latest minutes; without minutes nothing follows from a session."""
    latest = sa.select(sa.func.max(Minutes.version)).where(Minutes.session_id == paper.session_id)
    seats = sa.select(sa.func.count()).select_from(Seat).where(Seat.session_id == paper.session_id)
    signed = (
        sa.select(sa.func.count())
        .select_from(MinutesSignature)
        .where(
            MinutesSignature.session_id == paper.session_id,
            MinutesSignature.version == latest.scalar_subquery(),
        )
    )
    counted = (one.scalar_subquery() for one in (latest, seats, signed))
    version, most, count = session.execute(sa.select(*counted)).one()
    return Found(Checked.MINUTES, fine=0 < most <= count, stops=version is None, count=count, most=most)


def _still_its_own(result: Result | None) -> bool:
    """Return whether the product still is that producer's, and not taken out of the catalogue."""
    if result is None:
        return False
    product: Product = result.dossier.product
    return (
        product.producer_id == result.dossier.producer_id and product.publication is not Publication.WITHDRAWN
    )


def _certificates(results: Sequence[Result]) -> Found:
    """Tell of first evaluations of what has a certificate on record: look again before confirming."""
    twice = [
        one.dossier.product.name
        for one in results
        if one.dossier.kind is DossierKind.FIRST and one.dossier.product.ever_certified
    ]
    return Found(Checked.CERTIFICATES, fine=not twice, names=tuple(twice))
