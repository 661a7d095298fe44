"""The plans of provinces, their figures, and the rows behind each target."""

from flask import Response, render_template, request

from marketplace.programme.behind import get_behind
from marketplace.programme.figures import Figure, Outcome
from marketplace.programme.metrics import subject_of
from marketplace.programme.models import Compare, Programme, Spread, TargetKind
from marketplace.programme.queries import get_plan, list_programmes, provinces_today
from marketplace.storefront import door
from marketplace.storefront.plan_words import show, thing_words, wanted_words
from marketplace.storefront.query import read_page
from marketplace.web.addresses import full_url, page_url
from marketplace.web.kept_pages import public_page
from marketplace.web.open_csv import write_csv
from marketplace.web.oversight_words import INSPECTION_KINDS

COLUMNS = (
    "plan", "code", "kind", "target", "compare", "least", "most", "percent", "each", "period_start",
    "period_end", "counted", "base", "unsure", "complete", "outcome", "not_seen", "url",
)  # fmt: skip


@door.get("/chuong-trinh")
@public_page
def plans() -> str:
    """List the plans: no order of merit, only by their period."""
    found = list_programmes()
    return render_template(
        "storefront/plans.html", plans=found, today=provinces_today(found), numbered=_numbered
    )


@door.get("/chuong-trinh/<plan>")
@public_page
def plan(plan: str) -> str:
    """Show a plan with every figure."""
    found = get_plan(plan)
    shown = [show(figure) for figure in found.figures]
    judged = [figure for figure in found.figures if figure.target.kind is TargetKind.TARGET]
    return render_template(
        "storefront/plan.html",
        plan=found,
        programme=found.programme,
        numbered=[one for one in shown if _is_row(one.figure) and _kind(one.figure) is TargetKind.TARGET],
        spread=[one for one in shown if one.figure.target.spread is not Spread.WHOLE],
        facts=[one for one in shown if _kind(one.figure) is TargetKind.FACT],
        duties=[one for one in shown if _kind(one.figure) is TargetKind.DUTY],
        complete=sum(figure.complete for figure in judged),
        judged=len(judged),
        below=sum(figure.outcome is Outcome.BELOW for figure in judged),
        reached=sum(figure.outcome in {Outcome.REACHED, Outcome.ABOVE} for figure in judged),
    )


@door.get("/chuong-trinh/<plan>/so-lieu.csv")
@public_page
def plan_csv(plan: str) -> Response:
    """Give a plan's figures as open data; of an open period no outcome."""
    found = get_plan(plan)
    rows = [_row(found.programme, figure) for figure in found.figures]
    return Response(write_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8")


@door.get("/chuong-trinh/<plan>/<code>")
@public_page
def plan_target(plan: str, code: str) -> str:
    """Show the rows behind a target, or those that might count as well."""
    unsure = request.args.get("xem") == "chua_ro"
    behind = get_behind(plan, code, unsure=unsure, page=read_page())
    path = f"/chuong-trinh/{plan}/{code}"
    asked = "chua_ro" if unsure else None
    return render_template(
        "storefront/plan_target.html",
        behind=behind,
        shown=show(behind.figure),
        unsure=unsure,
        path=path,
        thing=thing_words(behind.subject),
        inspection_kinds=INSPECTION_KINDS,
        wanted=wanted_words(behind.figure.target),
        address=lambda number: page_url(path, xem=asked, trang=number if number > 1 else None),
    )


def _kind(figure: Figure) -> TargetKind:
    return figure.target.kind


def _is_row(figure: Figure) -> bool:
    return figure.target.spread is Spread.WHOLE


def _numbered(programme: Programme) -> int:
    return sum(target.compare is not Compare.NONE for target in programme.targets)


def _row(programme: Programme, figure: Figure) -> tuple[object, ...]:
    target, tally = figure.target, figure.tally
    return (
        programme.title, target.code, target.kind.value, target.words, target.compare.value, target.least,
        target.most, int(target.percent), target.spread.value, target.period_start, target.period_end,
        tally.count if subject_of(target) else None, figure.base or None, tally.unsure,
        int(figure.complete), figure.outcome and figure.outcome.value,
        "; ".join(part.name for part in figure.missing),
        full_url(f"/chuong-trinh/{programme.slug}/{target.code}"),
    )  # fmt: skip
