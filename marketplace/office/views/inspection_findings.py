"""What follows an inspection: findings that showed later, those mended, and its end."""

from flask import Response, request

from marketplace import clock
from marketplace.certification.oversight.duty import may_act
from marketplace.certification.oversight.errors import FindingsOpen, TooManyFindings
from marketplace.certification.oversight.inspection_facts import LENGTHS, FindingFacts
from marketplace.certification.oversight.inspections import (
    add_finding,
    close_inspection,
    find_revocation,
    mend_finding,
)
from marketplace.certification.oversight.models import FindingTopic
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import days_left
from marketplace.office.inspection_desk import inspection_in_reach, name_unit
from marketplace.office.inspection_form import fault_of, find_kind
from marketplace.office.tenancy import OFFICE
from marketplace.office.typed_days import read_day
from marketplace.web.guards import requires
from marketplace.web.oversight_words import FINDING_TOPICS, INSPECTION_KINDS
from marketplace.web.post import Letter, send_to_members
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/kiem-tra"
ID = "int(max=2147483647)"


@door.get(f"/kiem-tra/<{ID}:inspection_id>")
@requires(*OFFICE)
def show_inspection(inspection_id: int) -> Response:
    """Show an inspection, what is mended of it, and what can be done next."""
    return _inspection_page(inspection_id)


@door.post(f"/kiem-tra/<{ID}:inspection_id>/them")
@requires(*OFFICE)
def add(inspection_id: int) -> Response:
    """Add what showed later, with a new day to answer by."""
    topic, at = find_kind(FindingTopic, request.form.get("ve", "")), clock.now()
    day = read_day(request.form.get("han", ""))
    if topic is None:
        return _inspection_page(inspection_id, [("ve", _("Mời chọn một mục."))])
    if day is None:
        return _inspection_page(inspection_id, [("han", _("Mời gõ ngày, ví dụ 20/11/2026."))])
    try:
        with acting() as (work, actor):
            inspection_in_reach(work, actor, inspection_id)
            finding = FindingFacts(topic, request.form.get("loi", ""))
            made = add_finding(work, actor, inspection_id, finding, day, at)
            send_to_members(work, Letter.INSPECTION_RECORDED, made.producer_id, at, made.id)
    except InvalidInput as refusal:
        field, words = fault_of(refusal)
        return _inspection_page(inspection_id, [("han" if field == "han" else "loi", words)])
    except TooManyFindings as refusal:
        return _refused(inspection_id, refusal)
    return go(f"{PATH}/{inspection_id}", _("Đã ghi thêm. Cơ sở được báo ngay."))


@door.post(f"/kiem-tra/<{ID}:inspection_id>/xong/<{ID}:finding_id>")
@requires(*OFFICE)
def mend(inspection_id: int, finding_id: int) -> Response:
    """Say how and when a finding was put right."""
    day = read_day(request.form.get("ngay_xong", ""))
    field = f"ngay_xong-{finding_id}"
    if day is None:
        return _inspection_page(
            inspection_id, [(field, _("Mời gõ ngày, ví dụ 20/11/2026."))], mending=finding_id
        )
    try:
        with acting() as (work, actor):
            inspection_in_reach(work, actor, inspection_id)
            words = request.form.get("loi_xong", "")
            mend_finding(work, actor, inspection_id, finding_id, words, day, clock.now())
    except InvalidInput as refusal:
        field, said = fault_of(refusal)
        return _inspection_page(inspection_id, [(f"{field}-{finding_id}", said)], mending=finding_id)
    return go(f"{PATH}/{inspection_id}", _("Đã ghi là sửa xong."))


@door.post(f"/kiem-tra/<{ID}:inspection_id>/khep")
@requires(*OFFICE)
def close(inspection_id: int) -> Response:
    """Close an inspection of which nothing is left to be done."""
    at = clock.now()
    try:
        with acting() as (work, actor):
            inspection_in_reach(work, actor, inspection_id)
            closed = close_inspection(work, actor, inspection_id, at)
            send_to_members(work, Letter.INSPECTION_CLOSED, closed.producer_id, at, closed.id)
    except FindingsOpen as refusal:
        return _refused(inspection_id, refusal)
    return go(PATH, _("Đã khép cuộc kiểm tra. Cơ sở được báo."))


def _refused(inspection_id: int, refusal: MarketplaceError) -> Response:
    return _inspection_page(inspection_id, refusal=explain(refusal), status=refusal.status)


def _inspection_page(
    inspection_id: int, faults: Faults = (), refusal: str = "", status: int = 0, mending: int = 0
) -> Response:
    db.session.rollback()
    work, actor = db.session(), require_actor()
    inspection = inspection_in_reach(work, actor, inspection_id)
    return page(
        "inspection",
        faults=faults,
        refusal=refusal,
        status=status,
        inspection=inspection,
        unit=name_unit(work, inspection.unit_id),
        acts=may_act(actor, inspection),
        unmended=sum(one.mended_on is None for one in inspection.findings),
        revocation=find_revocation(work, inspection.id),
        left=days_left(inspection.answer_by, clock.now()) if inspection.answer_by else None,
        mending=mending,
        typed=request.form,
        lengths=LENGTHS,
        day=clock.today(),
        kinds=INSPECTION_KINDS,
        topics=FINDING_TOPICS,
    )
