"""Certificates whose file to be evaluated again came late: extended until it is decided, at most 180 days."""

from flask import Response, request

from marketplace import clock
from marketplace.certification.errors import CannotExtend
from marketplace.certification.oversight.errors import NoOpenReassessment
from marketplace.certification.oversight.extensions import extend_for_file, list_late, longest_until
from marketplace.certification.validity import state_on
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.office import door
from marketplace.office.answers import go, page
from marketplace.office.revocation_desk import certificate_in_reach
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.typed_days import read_day
from marketplace.web.certificate_post import tell_of_certificate
from marketplace.web.dossier_words import DOSSIER_STATES
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/keo-dai"


@door.get("/keo-dai")
@requires(*PROVINCE)
def show_extensions() -> Response:
    """Show the certificates that may be extended, and those that are."""
    return _extensions_page()


@door.post("/keo-dai/<int(max=2147483647):certificate_id>")
@requires(*PROVINCE)
@strong
def extend(certificate_id: int) -> Response:
    """Extend a certificate until a day, or until its file is decided where that is sooner."""
    until, at = read_day(request.form.get("den", "")), clock.now()
    certificate_in_reach(db.session(), require_actor(), certificate_id)
    if until is None:
        return _extensions_page(certificate_id, _("Mời gõ ngày, ví dụ 20/11/2026."))
    try:
        with acting() as (work, actor):
            product = certificate_in_reach(work, actor, certificate_id).product
            extend_for_file(work, actor, certificate_id, until, at)
            tell_of_certificate(work, Letter.CERTIFICATE_EXTENDED, product, certificate_id, at)
    except (CannotExtend, NoOpenReassessment) as refusal:
        return _refused(certificate_id, refusal)
    return go(PATH, _("Đã kéo dài đến %(day)s. Chủ thể đang được báo.", day=f"{until:%d/%m/%Y}"))


def _refused(certificate_id: int, refusal: MarketplaceError) -> Response:
    db.session.rollback()
    return _extensions_page(certificate_id, explain(refusal), refusal.status)


def _extensions_page(certificate_id: int | None = None, fault: str = "", status: int = 0) -> Response:
    day, reach = clock.today(), Reach.of(require_actor())
    late = list_late(db.session(), reach.products(), day)
    return page(
        "extensions",
        faults=[(f"den-{certificate_id}", fault)] if fault else (),
        status=status,
        waiting_here=[one for one in late if one[0].extended_until is None],
        extended=[one for one in late if one[0].extended_until is not None],
        longest=longest_until,
        state_of=lambda certificate: state_on(certificate, day),
        states=DOSSIER_STATES,
    )
