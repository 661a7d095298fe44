"""What a machine finds of a draft from results; what does not hold stops its confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.councils.models import Minutes, MinutesSignature, Seat, SessionDossier
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision
from marketplace.certification.decisions.results import Result
from marketplace.certification.dossiers.models import DossierKind
from marketplace.certification.rubrics.stars import band_of


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


def check_results(session: Session, paper: PaperDecision, results: Sequence[Result]) -> list[Found]:
    """Return what is found of a draft; `results` are what its dossiers come to now, products loaded."""
    now = {result.dossier.id: result for result in results}
    held = _rows_of(session, paper)
    lines = [
        (award, now.get(award.dossier_id or 0), held.get(award.dossier_id or 0)) for award in paper.awards
    ]
    of_session = [_minutes(session, paper)] if paper.session_id is not None else []
    return [
        _found(Checked.POINTS, [award for award, *rest in lines if not _same_points(award, *rest)]),
        _found(Checked.STARS, [award for award, *rest in lines if not _lower_of_both(award, *rest)]),
        *of_session,
        _found(Checked.PRODUCERS, [award for award, result, _ in lines if not _still_its_own(result)]),
        *([] if any(award.stars is None for award in paper.awards) else [_certificates(results)]),
    ]


def _found(what: Checked, wrong: Sequence[PaperAward]) -> Found:
    names = tuple(award.product_name or "" for award in wrong)
    return Found(what, fine=not wrong, stops=bool(wrong), names=names)


def _rows_of(session: Session, paper: PaperDecision) -> dict[int, SessionDossier]:
    if paper.session_id is None:
        return {}
    wanted = sa.select(SessionDossier).where(SessionDossier.session_id == paper.session_id)
    return {row.dossier_id: row for row in session.execute(wanted).scalars()}


def _same_points(award: PaperAward, result: Result | None, held: SessionDossier | None) -> bool:
    if result is None or award.points != result.points:
        return False
    return held is None or held.points == award.points


def _lower_of_both(award: PaperAward, result: Result | None, held: SessionDossier | None) -> bool:
    if result is None or award.stars != result.stars:
        return False
    if held is None:
        return True
    if held.points is None or held.by_points is None or held.by_gates is None:
        return False
    lower = min(held.by_points, held.by_gates)
    return held.by_points == band_of(held.points) and held.stars == lower and award.stars in {lower, None}


def _minutes(session: Session, paper: PaperDecision) -> Found:
    """Count the signatures under the latest minutes; without minutes nothing follows from a session."""
    of_session = Minutes.session_id == paper.session_id
    version = session.scalar(sa.select(sa.func.max(Minutes.version)).where(of_session))
    seats = sa.select(sa.func.count()).select_from(Seat).where(Seat.session_id == paper.session_id)
    most = session.scalar(seats) or 0
    signed = sa.select(sa.func.count()).select_from(MinutesSignature)
    under = signed.where(
        MinutesSignature.session_id == paper.session_id, MinutesSignature.version == (version or 0)
    )
    count = session.scalar(under) or 0
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
