"""Forms 01 and 02 of a dossier as its producer filled them in, for the file of an office."""

from flask import Response

from marketplace import clock
from marketplace.certification.dossiers.queries import whole
from marketplace.certification.dossiers.standing import standing_of
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.tenancy import OFFICE, dossier_in_reach
from marketplace.office.views.dossiers import DOSSIER
from marketplace.web.dossier_papers import paper_of
from marketplace.web.guards import requires
from marketplace.web.visitors import require_actor


@door.get(f"/ho-so/{DOSSIER}/mau-01")
@requires(*OFFICE)
def show_form_01(dossier_id: int) -> Response:
    """Show the registration slip (phiếu đăng ký) of a dossier."""
    return _form("dossier_form_01", dossier_id)


@door.get(f"/ho-so/{DOSSIER}/mau-02")
@requires(*OFFICE)
def show_form_02(dossier_id: int) -> Response:
    """Show the report of self-assessment (báo cáo tự đánh giá) of a dossier."""
    return _form("dossier_form_02", dossier_id)


def _form(template: str, dossier_id: int) -> Response:
    dossier = dossier_in_reach(db.session(), require_actor(), dossier_id, *whole())
    paper = paper_of(dossier, dossier.producer, standing_of(dossier, clock.today()))
    return page(template, dossier=dossier, paper=paper)
