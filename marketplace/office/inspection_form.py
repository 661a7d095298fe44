"""The forms of inspections: what was typed, and which words say what is wrong with it."""

from collections.abc import Mapping
from typing import TypeVar

from marketplace.certification.oversight.inspection_facts import FindingFacts, InspectionFacts
from marketplace.certification.oversight.models import FindingTopic, InspectionKind
from marketplace.errors import MarketplaceError
from marketplace.office.answers import Faults
from marketplace.office.typed_days import read_day
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _

FIELDS = {
    "inspected_on": "ngay",
    "inspectors": "doan",
    "words": "loi",
    "answer_by": "han",
    "phone": "dien_thoai",
    "mended_on": "ngay_xong",
    "mended_words": "loi_xong",
}
"""By field of a refusal: the field of the form. Findings are named by their topic."""
Kind = TypeVar("Kind", InspectionKind, FindingTopic)


def topic_field(topic: FindingTopic) -> str:
    """Return the field that findings of a topic are typed into, one a line."""
    return f"thay-{topic.value}"


def read_inspection(typed: Mapping[str, str]) -> tuple[InspectionFacts | None, Faults]:
    """Return what a form says, or None and what it lacks."""
    kind = find_kind(InspectionKind, typed.get("loai", ""))
    day = read_day(typed.get("ngay", ""))
    findings = _read_findings(typed)
    answer_by = read_day(typed.get("han", ""))
    faults = []
    if kind is None:
        faults.append(("loai", _("Mời chọn một loại.")))
    if day is None:
        faults.append(("ngay", _("Mời gõ ngày, ví dụ 20/11/2026.")))
    if findings and answer_by is None:
        faults.append(("han", _("Có chỗ chưa đạt: mời ghi ngày phải sửa xong.")))
    if kind is None or day is None or faults:
        return None, faults
    facts = InspectionFacts(
        kind=kind,
        inspected_on=day,
        inspectors=typed.get("doan", ""),
        words=typed.get("loi", ""),
        findings=findings,
        answer_by=answer_by,
        phone=typed.get("dien_thoai", ""),
    )
    return facts, ()


def fault_of(refusal: MarketplaceError) -> tuple[str, str]:
    """Return the field of the form that a refusal is about, and what it says."""
    field = str(refusal.parameters.get("field", ""))
    topics = {topic.value: topic_field(topic) for topic in FindingTopic}
    words = _("Số điện thoại chưa đúng, ví dụ 0912 345 678.") if field == "phone" else explain(refusal)
    return {**topics, **FIELDS}.get(field, "loi"), words


def find_kind(kinds: type[Kind], typed: str) -> Kind | None:
    """Return the kind that was chosen, or None."""
    return kinds(typed) if typed in set(kinds) else None


def _read_findings(typed: Mapping[str, str]) -> tuple[FindingFacts, ...]:
    return tuple(
        FindingFacts(topic, line)
        for topic in FindingTopic
        for line in typed.get(topic_field(topic), "").splitlines()
        if line.strip()
    )
