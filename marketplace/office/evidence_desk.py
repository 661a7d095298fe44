"""Which pieces of evidence somebody of the office or of a council may look at, and which pages of ours."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.pictures import ProductPicture
from marketplace.certification.councils.models import CouncilMember, Seat, SessionDossier
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse
from marketplace.certification.dossiers.models import Dossier
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach


def find_laid(session: Session, actor: Actor, dossier_id: int, piece_id: int) -> EvidenceFile:
    """Return a piece that is laid to a dossier which was handed in and is the actor's to judge.

    That is an officer's in reach, or a member's of the council that it is before, neither of them with a
    conflict; NotFound for all others.
    """
    reach = Reach.of(actor)
    laid = (
        sa.select(EvidenceFile)
        .join(EvidenceUse, EvidenceUse.evidence_id == EvidenceFile.id)
        .join(Dossier, Dossier.id == EvidenceUse.dossier_id)
        .where(
            EvidenceFile.id == piece_id,
            Dossier.id == dossier_id,
            Dossier.submitted_at.is_not(None),
            Dossier.producer_id.not_in(reach.own_producers),
            reach.without_conflict(),
            sa.or_(reach.dossiers(), _sits_over(actor)),
        )
        .options(joinedload(EvidenceFile.document), joinedload(EvidenceFile.picture))
    )
    piece = session.execute(laid).unique().scalars().first()
    if piece is None:
        raise NotFound(evidence=piece_id)
    return piece


def open_product(session: Session, dossier_id: int, product_id: int | None) -> Product:
    """Return a product whose page is laid to a dossier, with what the page shows.

    What is on nobody's view yet is the producer's own once the dossier has ended, and NotFound then: what
    they write from then on, nobody judges.
    """
    wanted = sa.select(Product).where(Product.id == product_id)
    shown = wanted.options(
        joinedload(Product.producer),
        joinedload(Product.set),
        joinedload(Product.commune),
        joinedload(Product.province),
        joinedload(Product.listing),
        joinedload(Product.pictures).joinedload(ProductPicture.picture),
    )
    product = session.scalars(shown).unique().one()
    hidden = product.publication is Publication.DRAFT
    if hidden and session.get_one(Dossier, dossier_id).state.ended:
        raise NotFound(dossier=dossier_id)
    return product


def _sits_over(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether the actor sits in a session that a dossier is before."""
    councils = actor.scope_ids(ScopeKind.COUNCIL, Role.COUNCIL_MEMBER)
    return (
        sa.exists()
        .where(
            SessionDossier.dossier_id == Dossier.id,
            Seat.session_id == SessionDossier.session_id,
            CouncilMember.id == Seat.member_id,
            CouncilMember.person_id == actor.person_id,
            CouncilMember.council_id.in_(councils),
            CouncilMember.left_on.is_(None),
        )
        .correlate(Dossier)
    )
