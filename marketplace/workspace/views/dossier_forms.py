"""Forms 01 and 02 of a dossier, ready to be printed and signed."""

from flask import Response

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.web.dossier_papers import paper_of
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.dossier_pages import facts_of, open_file
from marketplace.workspace.tenancy import own_producer
from marketplace.workspace.views.dossiers import DOSSIER


@door.get(f"/<slug>/ho-so-ocop/{DOSSIER}/mau-01")
@requires(Role.OWNER, Role.STAFF)
def show_form_01(slug: str, dossier_id: int) -> Response:
    """Show the registration slip (phiếu đăng ký) of a dossier."""
    return _form("dossier_form_01", slug, dossier_id)


@door.get(f"/<slug>/ho-so-ocop/{DOSSIER}/mau-02")
@requires(Role.OWNER, Role.STAFF)
def show_form_02(slug: str, dossier_id: int) -> Response:
    """Show the report of self-assessment (báo cáo tự đánh giá) of a dossier."""
    return _form("dossier_form_02", slug, dossier_id)


def _form(template: str, slug: str, dossier_id: int) -> Response:
    producer = own_producer(slug)
    file = open_file(producer, dossier_id, clock.today())
    paper = paper_of(file.dossier, producer, file.standing)
    return page(template, producer, paper=paper, **facts_of(file))
