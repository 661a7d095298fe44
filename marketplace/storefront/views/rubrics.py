"""The rubrics of the 26 sets to read and print, and a trial scoring that is stored nowhere."""

from itertools import groupby

from flask import abort, render_template, request

from marketplace.certification.regulations import shipped_rules
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.certification.rubrics.sheet import fill_sheet
from marketplace.certification.rubrics.shipped import REGULATION, find_rubric, list_rubrics
from marketplace.certification.rubrics.stars import BANDS
from marketplace.storefront import door
from marketplace.web.guards import Guard, guarded
from marketplace.web.kept_pages import public_page
from marketplace.web.score_sheets import SHEET_FACTS, Trial, groups_of, read_sheet, try_out


@door.get("/chuong-trinh/bo-tieu-chi")
@public_page
def list_of_rubrics() -> str:
    """List the rubrics by the groups of annex I, and say how stars come about."""
    older = [rules for rules in shipped_rules() if rules.points_a and rules.code != REGULATION]
    groups = [(words, list(rubrics)) for words, rubrics in groupby(list_rubrics(), lambda one: one.group)]
    return render_template("storefront/rubrics.html", groups=groups, bands=BANDS, older=older)


@door.get("/chuong-trinh/bo-tieu-chi/<rubric>")
@public_page
def show_rubric(rubric: str) -> str:
    """Show the criteria of a set, empty, to read, print or try out; `mo=het` opens them all."""
    return _page(_get(rubric))


@door.get("/chuong-trinh/bo-tieu-chi/<rubric>/cham-thu")
@guarded(Guard.VISITOR)
def try_rubric(rubric: str) -> str:
    """Show what a trial scoring comes to; it lives in its address alone and no cache keeps it."""
    found = _get(rubric)
    return _page(found, try_out(read_sheet(found, request.args)))


def _get(slug: str) -> Rubric:
    return find_rubric(slug) or abort(404)


def _page(found: Rubric, trial: Trial | None = None) -> str:
    sheet = trial.sheet if trial else fill_sheet(found, {})
    way = trial.way if trial else None
    return render_template(
        "storefront/rubric.html",
        rubric=found,
        trial=trial,
        sheet=sheet,
        parts=[(part, list(groups_of(part, sheet, way))) for part in found.parts],
        bands=BANDS,
        all_open=request.args.get("mo") == "het",
        **SHEET_FACTS,
    )
