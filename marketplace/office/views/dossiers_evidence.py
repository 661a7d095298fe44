"""Evidence for those who judge: officers in reach, and members of the council without a conflict."""

from flask import Response, redirect
from markupsafe import Markup

from marketplace.accounts.roles import Role
from marketplace.catalogue.models import Publication
from marketplace.certification.dossiers.evidence_models import OwnPage
from marketplace.database import db
from marketplace.media.qr import qr_svg
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.evidence_desk import find_laid, open_product
from marketplace.office.tenancy import OFFICE
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
    evidence = find_laid(db.session(), require_actor(), dossier_id, piece_id)
    if evidence.own_page is None:
        return give_evidence(evidence)
    return _own_page(evidence.own_page, evidence.product_id, dossier_id)


def _own_page(shown: OwnPage, product_id: int | None, dossier_id: int) -> Response:
    """Lead to a page of this market; where it is on nobody's view yet, show what it will tell."""
    product = open_product(db.session(), dossier_id, product_id)
    paths = own_paths(product)
    if product.publication is not Publication.DRAFT:
        return redirect(page_url(paths[shown]), 303)  # type: ignore[return-value]
    listing, address = product.listing, full_url(paths[OwnPage.TRACE])
    return page(
        "own_page",
        product=product,
        story=(listing.description if listing else None) or product.story,
        address=address,
        drawing=Markup(qr_svg(address, _("Mã truy xuất của sản phẩm"))),  # noqa: S704 - drawn by us
    )
