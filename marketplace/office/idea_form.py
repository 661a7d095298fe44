"""The officer's checklist and the steps of a roadmap, as their forms hold them."""

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from marketplace.certification.ideas.answers import Tick, Ticks
from marketplace.certification.ideas.errors import ChecksFailed, ChecksMissing
from marketplace.certification.ideas.models import IdeaCheck, ProductIdea
from marketplace.certification.ideas.roadmap import StepFacts, Suggestion
from marketplace.text import one_line
from marketplace.web.words import gettext as _

HOLDS, FAILS = "dat", "chua"


def read_ticks(fields: Mapping[str, str]) -> Ticks:
    """Return the lines that were answered; words of a line that holds are left out."""
    found = {check: fields.get(f"dong-{check.value}", "") for check in IdeaCheck}
    return {
        check: Tick(typed == HOLDS, "" if typed == HOLDS else fields.get(f"loi-{check.value}", ""))
        for check, typed in found.items()
        if typed in {HOLDS, FAILS}
    }


def ticks_as_typed(idea: ProductIdea) -> dict[str, str]:
    """Return the checklist of an idea as its form holds it."""
    answers = {f"dong-{tick.check.value}": HOLDS if tick.holds else FAILS for tick in idea.ticks}
    return {**answers, **{f"loi-{tick.check.value}": tick.words or "" for tick in idea.ticks}}


def faults_of_ticks(refusal: ChecksMissing | ChecksFailed) -> list[tuple[str, str]]:
    """Return what keeps a checklist from being enough to take an idea in, line by line."""
    words = (
        _("Dòng này chưa đạt thì chưa nhận được: mời trả lại hoặc không nhận.")
        if isinstance(refusal, ChecksFailed)
        else _("Mời chọn Đạt hay Chưa đạt; chưa đạt thì ghi vì sao.")
    )
    return [(f"dong-{check.value}", words) for check in refusal.parameters["checks"]]


def read_steps(fields: MultiDict[str, str], suggested: list[Suggestion], due_on: date) -> list[StepFacts]:
    """Return the suggested steps that were chosen, and the one written by hand, all due on a day."""
    chosen = set(fields.getlist("chon"))
    steps = [
        StepFacts(words=one.words, due_on=due_on, criterion=one.criterion.code)
        for one in suggested
        if one.criterion.code in chosen
    ]
    own = one_line(fields.get("loi", ""))
    return [*steps, StepFacts(words=own, due_on=due_on)] if own else steps
