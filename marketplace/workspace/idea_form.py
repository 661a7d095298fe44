"""The forms of ideas and business plans: read as typed, written back as typed, faults in words."""

from collections.abc import Mapping
from typing import Any

from marketplace.certification.ideas.errors import InvalidIdea, InvalidPlan, PlanIncomplete
from marketplace.certification.ideas.facts import MONEY, SLIP, WRITTEN, IdeaFacts, PlanFacts
from marketplace.certification.ideas.models import BusinessPlan, ProductIdea
from marketplace.certification.ideas.roadmap import rubric_of_set
from marketplace.certification.rubrics.shipped import find_rubric
from marketplace.web.filters import write_number
from marketplace.web.words import gettext as _
from marketplace.workspace.typed import Typed

SLIP_FIELDS = dict(zip(SLIP, ("ten", "bo", "nam", "nguon_goc", "nguyen_lieu", "thi_truong"), strict=True))
"""The field of the form for each column of a slip."""
PLAN_FIELDS = {
    "goals": "muc_tieu",
    "materials": "nguyen_lieu",
    "technology": "cong_nghe",
    "labour": "lao_dong",
    "market": "thi_truong",
    "schedule": "tien_do",
    "own_capital": "von_co",
    "borrowed": "von_vay",
    "support": "ho_tro",
}
"""The field of the form for each column of a business plan."""
NO_SET = 0
"""What a set that no page of ours offers is read as: the slip is refused."""


def read_idea(fields: Mapping[str, str]) -> IdeaFacts:
    """Return what somebody typed into a slip."""
    typed = Typed(fields)
    chosen = typed.text("bo")
    rubric = find_rubric(chosen)
    return IdeaFacts(
        name=typed.text("ten"),
        set_number=rubric.number if rubric else (NO_SET if chosen else None),
        year=typed.id("nam"),
        origin=typed.text("nguon_goc"),
        material=typed.text("nguyen_lieu"),
        market=typed.text("thi_truong"),
    )


def idea_as_typed(idea: ProductIdea) -> dict[str, str]:
    """Return a slip as its form holds it."""
    rubric = rubric_of_set(idea.set_number)
    return {
        "ten": idea.name,
        "bo": rubric.slug if rubric else "",
        "nam": str(idea.year),
        "nguon_goc": idea.origin,
        "nguyen_lieu": idea.material,
        "thi_truong": idea.market,
    }


def faults_of_idea(refusal: InvalidIdea) -> list[tuple[str, str]]:
    """Return what is wrong with a slip, field by field."""
    words = {
        "name": _("Mời gõ tên sản phẩm, tối đa 200 chữ."),
        "set_number": _("Mời chọn bộ sản phẩm trong danh sách."),
        "year": _("Mời chọn năm nay hoặc năm sau."),
    }
    other = _("Mời viết vài dòng, không quá 4.000 chữ.")
    return [(SLIP_FIELDS[name], words.get(name, other)) for name in refusal.parameters["fields"]]


def read_plan(fields: Mapping[str, str]) -> tuple[PlanFacts, list[tuple[str, str]]]:
    """Return what somebody typed into a business plan, and which amounts are no numbers."""
    typed = Typed(fields)
    facts: dict[str, Any] = {name: typed.text(PLAN_FIELDS[name]) for name in WRITTEN}
    facts |= {name: _amount(typed, PLAN_FIELDS[name]) for name in MONEY}
    return PlanFacts(**facts), typed.faults


def plan_as_typed(plan: BusinessPlan | None) -> dict[str, str]:
    """Return a business plan as its form holds it; an amount of nothing is left empty."""
    if plan is None:
        return {}
    amounts = {PLAN_FIELDS[name]: getattr(plan, name) for name in MONEY}
    written = {field: write_number(amount) for field, amount in amounts.items() if amount}
    return {**{PLAN_FIELDS[name]: getattr(plan, name) for name in WRITTEN}, **written}


def faults_of_plan(refusal: InvalidPlan | PlanIncomplete) -> list[tuple[str, str]]:
    """Return what is wrong with a business plan or still missing in it, field by field."""
    if isinstance(refusal, PlanIncomplete):
        money, text = _("Mời ghi ít nhất một nguồn vốn."), _("Mời viết mục này rồi nộp.")
    else:
        money, text = _("Số tiền lớn quá. Mời xem lại."), _("Dài quá 4.000 chữ. Mời viết gọn lại.")
    return [(PLAN_FIELDS[name], money if name in MONEY else text) for name in refusal.parameters["fields"]]


def _amount(typed: Typed, field: str) -> int:
    if not typed.text(field).strip():
        return 0
    return typed.whole(field, _("Mời gõ số tiền bằng đồng, ví dụ 50.000.000."))
