"""Evidence for those who judge: officers in reach, and members of the council without a conflict."""

import sqlalchemy as sa
from flask import Response, redirect
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.pictures import ProductPicture
from marketplace.certification.councils.models import CouncilMember, Seat, SessionDossier
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse, OwnPage
from marketplace.certification.dossiers.models import Dossier
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media.qr import qr_svg
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.views.dossiers import DOSSIER
from marketplace.web.addresses import full_url, page_url
from marketplace.web.dossier_papers import own_paths
from marketplace.web.evidence import give_evidence
from marketplace.web.guards import requires
from marketplace.web.visitors import require_actor
from marketplace.web.words import gettext as _


@door.get(f"/ho-so/{DOSSIER}/minh-chung/<int(max=2147483647):piece_id>")
@requires(*OFFICE, Role.COUNCIL_MEMBER)
def show_evidence(dossier_id: int, piece_id: int) -> Response:
    """Give a piece that is laid to a dossier which was handed in, to whom the dossier is to judge."""
    actor = require_actor()
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
    evidence = db.session.execute(laid).unique().scalars().first()
    if evidence is None:
        raise NotFound(evidence=piece_id)
    if evidence.own_page is None:
        return give_evidence(evidence)
    return _own_page(evidence.own_page, evidence.product_id, dossier_id)


def _own_page(shown: OwnPage, product_id: int | None, dossier_id: int) -> Response:
    """Lead to a page of this market; where it is on nobody's view yet, show what it will tell.

    That is the producer's own once the dossier has ended: what they write from then on, nobody judges.
    """
    product = db.session.scalars(_with_pages().where(Product.id == product_id)).unique().one()
    paths = own_paths(product)
    if product.publication is not Publication.DRAFT:
        return redirect(page_url(paths[shown]), 303)  # type: ignore[return-value]
    if db.session.get_one(Dossier, dossier_id).state.ended:
        raise NotFound(dossier=dossier_id)
    listing, address = product.listing, full_url(paths[OwnPage.TRACE])
    return page(
        "own_page",
        product=product,
        story=(listing.description if listing else None) or product.story,
        address=address,
        drawing=Markup(qr_svg(address, _("Mã truy xuất của sản phẩm"))),  # noqa: S704 - drawn by us
    )


def _with_pages() -> sa.Select[Product]:
    return sa.select(Product).options(
        joinedload(Product.producer),
        joinedload(Product.set),
        joinedload(Product.commune),
        joinedload(Product.province),
        joinedload(Product.listing),
        joinedload(Product.pictures).joinedload(ProductPicture.picture),
    )


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
