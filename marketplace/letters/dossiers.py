"""What letters about dossiers tell, read when they are sent."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep
from marketplace.web.dossier_post import TO_COMMUNES, TO_PRODUCERS
from marketplace.web.dossier_words import DOSSIER_KINDS
from marketplace.web.post import Letter
from marketplace.web.score_sheets import write_points

Facts: TypeAlias = dict[str, Any]


def tell_of(state: DossierState, session: Session, dossier_id: int) -> Facts | None:
    """Return what a letter says of a dossier that came into a state; None when it is there no more."""
    wanted = sa.select(Dossier).where(Dossier.id == dossier_id)
    loaded = wanted.options(
        joinedload(Dossier.product), joinedload(Dossier.producer), joinedload(Dossier.commune)
    )
    dossier = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if dossier is None:
        return None
    return {
        "product": dossier.product.name,
        "seller": dossier.producer.name,
        "code": dossier.code,
        "kind": str(DOSSIER_KINDS[dossier.kind]),
        "commune": dossier.commune.full_name,
        "shop": f"/gian-hang/{dossier.producer.slug}/ho-so-ocop/{dossier.id}",
        "office": f"/van-phong/ho-so/{dossier.id}",
        "path": f"/san-pham/{dossier.product.slug}",
        "words": _last_words(session, dossier, state),
        "deadline": dossier.due_on,
        "points": write_points(dossier.points) if dossier.points is not None else None,
        "stars": dossier.stars,
        "granted": dossier.granted,
        "disqualified": dossier.outcome is not None and dossier.outcome.value == "disqualified",
    }


def _last_words(session: Session, dossier: Dossier, state: DossierState) -> str:
    """Return the reasons given when the dossier last came into a state."""
    of_state = sa.select(DossierStep.words).where(
        DossierStep.dossier_id == dossier.id, DossierStep.state == state
    )
    return session.scalar(of_state.order_by(DossierStep.id.desc()).limit(1)) or ""


def _recognised(session: Session, dossier_id: int) -> Facts | None:
    """Return what a commune is told of a result, whichever it is."""
    facts = tell_of(DossierState.RECOGNISED, session, dossier_id)
    if facts and not facts["words"]:
        return tell_of(DossierState.NOT_RECOGNISED, session, dossier_id)
    return facts


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    **{letter: partial(tell_of, state) for state, letter in (TO_COMMUNES | TO_PRODUCERS).items()},
    Letter.DOSSIER_ARRIVED: partial(tell_of, DossierState.SUBMITTED),
    Letter.DOSSIER_RESULT: _recognised,
}
