"""A report of the public: read, answered with a reason, its product suspended where that is needed."""

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.errors import InvalidReport, NotAboutProduct
from marketplace.catalogue.report_models import Report, ReportReason, ReportState
from marketplace.catalogue.reports import answer_report, lift_suspension, read_words
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import time_left
from marketplace.office.tenancy import OFFICE, product_in_reach, report_in_reach
from marketplace.web.desk_words import REPORT_KINDS, REPORT_REASONS
from marketplace.web.guards import requires
from marketplace.web.post import Letter, send_to_members, send_to_reporter
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/bao-cao"


@door.get("/bao-cao/<int:report_id>")
@requires(*OFFICE)
def show_report(report_id: int) -> Response:
    """Show a report with what it is about."""
    return _report_page(report_in_reach(db.session(), require_actor(), report_id))


@door.post("/bao-cao/<int:report_id>")
@requires(*OFFICE)
def answer(report_id: int) -> Response:
    """Answer a report; who left a contact is told."""
    report = report_in_reach(db.session(), require_actor(), report_id)
    typed = request.form.get("ket_qua", "")
    if typed not in set(ReportReason):
        return _report_page(report, [("ket_qua", _("Mời chọn một kết quả."))])
    try:
        _answer(report_id, ReportReason(typed), read_words(request.form.get("loi", "")))
    except InvalidReport as refusal:
        words = _("Mời viết từ %(shortest)s đến %(longest)s chữ.", **_bounds(refusal))
        return _report_page(_again(report_id), [("loi", words)])
    except NotAboutProduct:
        faults = [("ket_qua", _("Báo cáo này nói về cơ sở, không có sản phẩm để tạm ẩn."))]
        return _report_page(_again(report_id), faults)
    return go(PATH, _("Đã trả lời báo cáo."))


@door.post("/bao-cao/san-pham/<int:product_id>/hien-lai")
@requires(*OFFICE)
def restore(product_id: int) -> Response:
    """Put a suspended product back on public view."""
    with acting() as (work, actor):
        lift_suspension(work, actor, product_in_reach(work, actor, product_id), clock.now())
    return go(PATH, _("Sản phẩm hiện lại trên chợ."))


def _answer(report_id: int, reason: ReportReason, words: str) -> None:
    at = clock.now()
    with acting() as (work, actor):
        report = report_in_reach(work, actor, report_id)
        answer_report(work, actor, report, reason, words, at)
        send_to_reporter(work, report.id, at)
        if reason is ReportReason.SUSPENDED and report.product and report.product.producer_id:
            send_to_members(work, Letter.PRODUCT_SUSPENDED, report.product.producer_id, at, report.id)


def _again(report_id: int) -> Report:
    return report_in_reach(db.session(), require_actor(), report_id)


def _bounds(refusal: InvalidReport) -> dict[str, int]:
    return {name: refusal.parameters[name] for name in ("shortest", "longest")}


def _report_page(report: Report, faults: Faults = ()) -> Response:
    offered = [reason for reason in ReportReason if report.product or reason is not ReportReason.SUSPENDED]
    return page(
        "report",
        faults=faults,
        report=report,
        waits=report.state is ReportState.OPEN,
        kinds=REPORT_KINDS,
        reasons=[(reason.value, REPORT_REASONS[reason]) for reason in offered],
        outcome=REPORT_REASONS[report.reason] if report.reason else "",
        left=time_left(report.answer_due_at, clock.now()),
        typed=request.form,
    )
