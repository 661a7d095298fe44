"""Plans in the office: which figures are whole, and what shows that duties were seen to."""

from flask import Response, request

from marketplace import clock
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.book_sheets import SHEETS
from marketplace.office.plan_desk import list_desks, plan_in_reach
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.typed_days import read_day
from marketplace.programme.actions import add_evidence, close_period, remove_evidence, reopen_period
from marketplace.programme.books import count_facts
from marketplace.programme.queries import get_figure
from marketplace.text import clean
from marketplace.web.guards import requires
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/chuong-trinh"
LONGEST = {"doi_chieu": 200, "noi_dung": 300, "nguon": 400}


@door.get("/chuong-trinh")
@requires(*PROVINCE)
def list_plans() -> Response:
    """List the plans that the own provinces answer for."""
    return page("plans", desks=list_desks(db.session(), Reach.of(require_actor())))


@door.get("/chuong-trinh/<plan>")
@requires(*PROVINCE)
def show_plan(plan: str) -> Response:
    """Show a plan's rows, each with whether its period is complete, and its books."""
    desk = plan_in_reach(db.session(), require_actor(), plan)
    return page("plan", desk=desk, sheets=SHEETS, counts=count_facts(db.session(), desk.programme))


@door.get("/chuong-trinh/<plan>/chi-tieu/<code>")
@requires(*PROVINCE)
def show_target(plan: str, code: str) -> Response:
    """Show a row of a plan with its figure, and what may be said of it."""
    return _target_page(plan, code)


@door.post("/chuong-trinh/<plan>/chi-tieu/<code>/khep")
@requires(*PROVINCE)
def close_target(plan: str, code: str) -> Response:
    """Call a target's period complete: from now on it is compared."""
    paper = clean(request.form.get("doi_chieu", ""))
    if faults := _missing({"doi_chieu": paper}):
        return _target_page(plan, code, faults)
    with acting() as (work, actor):
        desk = plan_in_reach(work, actor, plan)
        close_period(work, actor, desk.target(code), desk.office_id, paper, clock.now())
    return go(_path(plan, code), _("Đã khép số liệu. Trang công khai nay tính tỉ lệ và kết luận."))


@door.post("/chuong-trinh/<plan>/chi-tieu/<code>/mo-lai")
@requires(*PROVINCE)
def reopen_target(plan: str, code: str) -> Response:
    """Take that back: the figure is a lower bound again."""
    with acting() as (work, actor):
        desk = plan_in_reach(work, actor, plan)
        reopen_period(work, actor, desk.target(code), desk.office_id, clock.now())
    return go(_path(plan, code), _("Đã mở lại. Con số nay chỉ là ít nhất trong sổ."))


@door.post("/chuong-trinh/<plan>/chi-tieu/<code>/bang-chung")
@requires(*PROVINCE)
def record_evidence(plan: str, code: str) -> Response:
    """Say what shows that a row of a plan was seen to."""
    words, source = clean(request.form.get("noi_dung", "")), clean(request.form.get("nguon", ""))
    day, at = read_day(request.form.get("ngay", "")), clock.now()
    faults = _missing({"noi_dung": words, "nguon": source})
    if day is None or day > clock.local_date(at):
        return _target_page(plan, code, [*faults, ("ngay", _("Mời gõ ngày đã qua, ví dụ 20/11/2026."))])
    if faults:
        return _target_page(plan, code, faults)
    with acting() as (work, actor):
        desk = plan_in_reach(work, actor, plan)
        add_evidence(work, actor, desk.target(code), desk.office_id, words, day, source, at)
    return go(_path(plan, code), _("Đã ghi bằng chứng."))


@door.post("/chuong-trinh/<plan>/chi-tieu/<code>/bang-chung/<int:evidence_id>/bo")
@requires(*PROVINCE)
def drop_evidence(plan: str, code: str, evidence_id: int) -> Response:
    """Take a piece of evidence away."""
    with acting() as (work, actor):
        desk = plan_in_reach(work, actor, plan)
        remove_evidence(work, actor, desk.target(code), evidence_id, desk.office_id, clock.now())
    return go(_path(plan, code), _("Đã bỏ bằng chứng."))


def _path(plan: str, code: str) -> str:
    return f"{PATH}/{plan}/chi-tieu/{code}"


def _missing(typed: dict[str, str]) -> list[tuple[str, str]]:
    faults = [(name, _("Mời điền chỗ này.")) for name, text in typed.items() if not text]
    long = [(name, LONGEST[name]) for name, text in typed.items() if len(text) > LONGEST[name]]
    return [*faults, *((name, _("Mời viết ngắn hơn %(most)s chữ.", most=most)) for name, most in long)]


def _target_page(plan: str, code: str, faults: Faults = ()) -> Response:
    desk = plan_in_reach(db.session(), require_actor(), plan)
    target = desk.target(code)
    return page(
        "plan_target",
        faults=faults,
        desk=desk,
        target=target,
        figure=get_figure(desk.programme, target),
        over=clock.today() > target.period_end,
        typed=request.form,
    )
