"""What the results of dossiers let the province decide, and which of them wait for its decision.

Decision 26/2026/QĐ-TTg, articles 4 and 7: the province recognises 3 and 4 stars, by its own council's result
or by the ministry's where that came to fewer than 90 points; 1 and 2 stars are recognised by nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product
from marketplace.certification.councils.models import CouncilSession, SessionDossier, SessionState
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperState
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.models import Authority
from marketplace.certification.rubrics.stars import RECOGNISES, Outcome

DECIDED_FROM_RESULTS = (DossierState.EVALUATED, DossierState.SENT_BACK)
"""States of which the province's decision is drafted from the result, not read off a paper."""
_GIVES = RECOGNISES[Authority.PROVINCE]


@dataclass(frozen=True, slots=True)
class Result:
    """A dossier with the points that count, and the stars the province may give; None for no stars."""

    dossier: Dossier
    points: Decimal
    stars: int | None


def result_of(dossier: Dossier) -> Result | None:
    """Return what a dossier came to; None where no decision of the province follows from it now.

    What the ministry sent back without points of its own is evaluated once more.
    """
    if dossier.state not in DECIDED_FROM_RESULTS or dossier.points is None:
        return None
    if dossier.outcome is None or dossier.outcome is Outcome.PROPOSED:
        return None
    held = dossier.outcome is Outcome.RECOGNISED and dossier.stars in _GIVES
    return Result(dossier, dossier.points, dossier.stars if held else None)


def last_session() -> sa.ScalarSelect[int]:
    """Return the last closed session that a dossier was before; NULL once the ministry has answered."""
    return (
        sa.select(sa.func.max(SessionDossier.session_id))
        .join(CouncilSession, CouncilSession.id == SessionDossier.session_id)
        .where(
            SessionDossier.dossier_id == Dossier.id,
            SessionDossier.closed_at.is_not(None),
            CouncilSession.state == SessionState.CLOSED,
            Dossier.state == DossierState.EVALUATED,
        )
        .correlate(Dossier)
        .scalar_subquery()
    )


def of_session(session_id: int) -> sa.ColumnElement[bool]:
    """Return whether a dossier's result is that of a closed session, the last it was before."""
    return sa.and_(Dossier.state == DossierState.EVALUATED, last_session() == session_id)


def sent_back(unit_id: int) -> sa.ColumnElement[bool]:
    """Return whether the ministry sent a dossier of a province back with points of its own."""
    return sa.and_(
        Dossier.state == DossierState.SENT_BACK,
        Dossier.outcome != Outcome.PROPOSED,
        Dossier.province_id == unit_id,
    )


def list_results(session: Session, within: sa.ColumnElement[bool], *, lock: bool = False) -> Sequence[Result]:
    """Return the results of dossiers, by dossier, with products and producers.

    With `lock` the dossiers' rows are held, lowest first, so that nobody else decides on them meanwhile.
    """
    if lock:
        session.execute(sa.select(Dossier.id).where(within).order_by(Dossier.id).with_for_update())
    wanted = sa.select(Dossier).where(within).order_by(Dossier.id)
    loaded = wanted.options(joinedload(Dossier.product).joinedload(Product.producer))
    dossiers = session.execute(loaded.execution_options(populate_existing=lock)).scalars()
    return [found for dossier in dossiers if (found := result_of(dossier)) is not None]


def undecided() -> sa.ColumnElement[bool]:
    """Return whether no live draft names a dossier."""
    named = (
        sa.select(PaperAward.id)
        .join(PaperDecision, PaperDecision.id == PaperAward.paper_decision_id)
        .where(PaperAward.dossier_id == Dossier.id, PaperDecision.state == PaperState.DRAFTED)
    )
    return sa.not_(named.exists())
