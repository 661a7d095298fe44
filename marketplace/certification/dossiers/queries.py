"""Finding dossiers: a producer's own, with all there is of one, and how many wait in which state."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse
from marketplace.certification.dossiers.models import (
    Dossier,
    DossierState,
    DossierStep,
)
from marketplace.database import db
from marketplace.errors import NotFound


def whole() -> tuple[ORMOption, ...]:
    """Return what loads a dossier with its product and its listing, report, places, round and log."""
    return (
        joinedload(Dossier.producer),
        joinedload(Dossier.product).options(joinedload(Product.set), joinedload(Product.listing)),
        joinedload(Dossier.report),
        joinedload(Dossier.commune),
        joinedload(Dossier.province),
        joinedload(Dossier.round),
        selectinload(Dossier.steps).joinedload(DossierStep.actor),
    )


def get_own_dossier(session: Session, dossier_id: int, producer_id: int) -> Dossier:
    """Return a dossier of a producer with all that `whole` loads; raises NotFound for those of others."""
    own = (Dossier.id == dossier_id, Dossier.producer_id == producer_id)
    wanted = sa.select(Dossier).where(*own).options(*whole()).execution_options(populate_existing=True)
    found = session.execute(wanted).unique().scalar_one_or_none()
    if found is None:
        raise NotFound(dossier=dossier_id)
    return found


def list_dossiers_of(producer_id: int) -> Sequence[Dossier]:
    """Return the dossiers of a producer with their products, the newest first."""
    own = sa.select(Dossier).where(Dossier.producer_id == producer_id)
    loaded = own.options(joinedload(Dossier.product), joinedload(Dossier.round))
    return db.session.scalars(loaded.order_by(Dossier.id.desc())).all()


def find_open_dossier(session: Session, product_id: int) -> Dossier | None:
    """Return the dossier of a product that has not ended, or None."""
    return session.scalar(sa.select(Dossier).where(Dossier.product_id == product_id, is_open()))


def is_open() -> sa.ColumnElement[bool]:
    """Return whether a dossier has not ended."""
    return Dossier.state.not_in([state for state in DossierState if state.ended])


def list_uses(dossier_id: int) -> Sequence[EvidenceUse]:
    """Return what a dossier lays to which criterion, with the evidence and its files."""
    piece = joinedload(EvidenceUse.evidence)
    wanted = (
        sa.select(EvidenceUse)
        .where(EvidenceUse.dossier_id == dossier_id)
        .options(piece.joinedload(EvidenceFile.document), piece.joinedload(EvidenceFile.picture))
        .order_by(EvidenceUse.criterion, EvidenceUse.evidence_id)
    )
    return db.session.scalars(wanted).all()


def count_by_state(*which: sa.ColumnElement[bool]) -> Mapping[DossierState, int]:
    """Return how many dossiers are in each state, of all or of those chosen."""
    counted = sa.select(Dossier.state, sa.func.count()).where(*which).group_by(Dossier.state)
    return {row[0]: row[1] for row in db.session.execute(counted)}
