"""Revocations: a certificate chosen, its grounds drafted, and a second officer's decision with its number."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.oversight.errors import (
    RevocationOpen,
)
from marketplace.certification.oversight.grounds import LONGEST_WORDS, Grounds, decide_by
from marketplace.certification.oversight.models import RevocationState
from marketplace.certification.oversight.revocations import (
    decide_revocation,
    draft_revocation,
    withdraw_revocation,
)
from marketplace.certification.validity import state_on
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import days_left
from marketplace.office.revocation_desk import (
    certificate_in_reach,
    find_revocable,
    list_revocations,
    revocation_in_reach,
)
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.typed_days import read_day
from marketplace.text import whole_number
from marketplace.web.certificate_post import tell_of_certificate
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter
from marketplace.web.refusals import explain
from marketplace.web.revocation_words import REVOCATION_REASONS
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/thu-hoi-giay"
ID = "int(max=2147483647)"
STATES = (RevocationState.DECIDED, RevocationState.WITHDRAWN)
FIELDS = {"words": "loi", "concluded_on": "ngay", "decided_on": "ngay", "number": "so"}


@door.get("/thu-hoi-giay")
@requires(*PROVINCE)
def show_revocations() -> Response:
    """Show the revocations of the own provinces, those to be decided first."""
    work, reach = db.session(), Reach.of(require_actor())
    return page(
        "revocations",
        drafts=list_revocations(work, reach, RevocationState.DRAFTED),
        closed=list_revocations(work, reach, *STATES),
        reasons=REVOCATION_REASONS,
        left=lambda revocation: days_left(decide_by(revocation), clock.now()),
    )


@door.get("/thu-hoi-giay/moi")
@requires(*PROVINCE)
def choose_certificate() -> Response:
    """Look for the certificate that is to be revoked, by product or producer."""
    words = request.args.get("q", "")[:200]
    reach = Reach.of(require_actor())
    found = find_revocable(db.session(), reach, words, clock.today()) if words.strip() else None
    return page("revocation_choose", words=words, found=found, inspection=_inspection(request.args))


@door.get(f"/thu-hoi-giay/moi/<{ID}:certificate_id>")
@requires(*PROVINCE)
def ask_for_grounds(certificate_id: int) -> Response:
    """Ask why a certificate is to be revoked."""
    return _grounds_page(certificate_in_reach(db.session(), require_actor(), certificate_id))


@door.post(f"/thu-hoi-giay/moi/<{ID}:certificate_id>")
@requires(*PROVINCE)
def draft_grounds(certificate_id: int) -> Response:
    """Draft the revocation, for a second officer to decide."""
    reason, day = request.form.get("ly_do", ""), read_day(request.form.get("ngay", ""))
    if reason not in set(RevocationReason):
        return _refused_draft(certificate_id, [("ly_do", _("Mời chọn một lý do."))])
    if day is None:
        return _refused_draft(certificate_id, [("ngay", _("Mời gõ ngày, ví dụ 20/11/2026."))])
    grounds = Grounds(RevocationReason(reason), request.form.get("loi", ""), day, _inspection(request.form))
    try:
        with acting() as (work, actor):
            certificate_in_reach(work, actor, certificate_id)
            number = draft_revocation(work, actor, certificate_id, grounds, clock.now()).id
    except RevocationOpen as refusal:
        return go(f"{PATH}/{refusal.parameters['revocation']}", explain(refusal))
    except InvalidInput as refusal:
        return _refused_draft(certificate_id, [_fault(refusal)])
    return go(f"{PATH}/{number}", _("Đã soạn. Người thứ hai cùng tỉnh quyết định thì giấy mới bị thu hồi."))


@door.get(f"/thu-hoi-giay/<{ID}:revocation_id>")
@requires(*PROVINCE)
def show_revocation(revocation_id: int) -> Response:
    """Show a revocation, the two people, and what it takes to decide it."""
    return _revocation_page(revocation_id)


@door.get(f"/thu-hoi-giay/<{ID}:revocation_id>/ban-in")
@requires(*PROVINCE)
def print_revocation(revocation_id: int) -> Response:
    """Show the decision of a revocation as its paper, to be printed and signed."""
    revocation = revocation_in_reach(db.session(), require_actor(), revocation_id)
    return page("revocation_print", **_facts(revocation))


@door.post(f"/thu-hoi-giay/<{ID}:revocation_id>/quyet-dinh")
@requires(*PROVINCE)
@strong
def decide(revocation_id: int) -> Response:
    """Revoke the certificate with number and day of the signed paper: stars go from every page at once."""
    day, at = read_day(request.form.get("ngay", "")), clock.now()
    if day is None:
        return _revocation_page(revocation_id, [("ngay", _("Mời gõ ngày ký, ví dụ 20/11/2026."))])
    try:
        with acting() as (work, actor):
            product = revocation_in_reach(work, actor, revocation_id).certificate.product
            decide_revocation(work, actor, revocation_id, request.form.get("so", ""), day, at)
            tell_of_certificate(work, Letter.CERTIFICATE_REVOKED, product, revocation_id, at)
    except InvalidInput as refusal:
        db.session.rollback()
        return _revocation_page(revocation_id, [_fault(refusal)])
    return go(
        f"{PATH}/{revocation_id}", _("Đã thu hồi. Sao đã được gỡ khỏi mọi trang, chủ thể đang được báo.")
    )


@door.post(f"/thu-hoi-giay/<{ID}:revocation_id>/rut")
@requires(*PROVINCE)
def withdraw(revocation_id: int) -> Response:
    """Give a draft up, or send it back to its author."""
    with acting() as (work, actor):
        revocation_in_reach(work, actor, revocation_id)
        withdraw_revocation(work, actor, revocation_id, clock.now())
    return go(PATH, _("Đã rút bản soạn. Giấy vẫn còn hiệu lực."))


def _inspection(typed: Mapping[str, str]) -> int | None:
    """Return the inspection that a revocation rests on, None where none is named."""
    return whole_number(typed.get("kiem_tra", "")) or None


def _fault(refusal: InvalidInput) -> tuple[str, str]:
    return FIELDS.get(str(refusal.parameters.get("field")), "so"), explain(refusal)


def _refused_draft(certificate_id: int, faults: Faults) -> Response:
    db.session.rollback()
    return _grounds_page(certificate_in_reach(db.session(), require_actor(), certificate_id), faults)


def _grounds_page(certificate: Certificate, faults: Faults = ()) -> Response:
    return page(
        "revocation_grounds",
        faults=faults,
        certificate=certificate,
        state=state_on(certificate, clock.today()),
        reasons=[(reason.value, words) for reason, words in REVOCATION_REASONS.items()],
        typed=request.form,
        longest=LONGEST_WORDS,
        inspection=_inspection(request.values),
    )


def _revocation_page(revocation_id: int, faults: Faults = ()) -> Response:
    actor = require_actor()
    revocation = revocation_in_reach(db.session(), actor, revocation_id)
    return page(
        "revocation",
        faults=faults,
        waits=revocation.state is RevocationState.DRAFTED,
        mine=revocation.drafted_by == actor.person_id,
        left=days_left(decide_by(revocation), clock.now()),
        typed=request.form,
        **_facts(revocation),
    )


def _facts(revocation: Any) -> dict[str, Any]:
    certificate = revocation.certificate
    return {
        "revocation": revocation,
        "certificate": certificate,
        "state": state_on(certificate, clock.today()),
        "due": decide_by(revocation),
        "reasons": REVOCATION_REASONS,
        "by_ministry": certificate.stars == 5,
    }
