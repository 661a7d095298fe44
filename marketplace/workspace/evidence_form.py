"""The form by which a piece of evidence is put on the shelf: a file, and what stands on it."""

from typing import Any

from flask import request

from marketplace.certification.dossiers.errors import InvalidEvidence
from marketplace.certification.dossiers.evidence import LONGEST_NUMBER, LONGEST_TITLE, EvidenceFacts
from marketplace.certification.dossiers.evidence_models import EvidenceKind
from marketplace.errors import InvalidInput
from marketplace.web.dossier_words import EVIDENCE_KINDS
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _
from marketplace.workspace.typed import Typed, read_day

FIELDS = {
    "kind": "loai",
    "title": "ten",
    "number": "so",
    "issued_on": "ngay_cap",
    "valid_until": "den_ngay",
    "file": "tep",
}
"""What the facts of a piece are called in its form."""


def form_facts() -> dict[str, Any]:
    """Return what the template of the form is given: what was typed, and what can be chosen."""
    return {
        "typed": request.form,
        "longest": {"ten": LONGEST_TITLE, "so": LONGEST_NUMBER},
        "kinds_of_paper": [(kind.value, words) for kind, words in EVIDENCE_KINDS.items()],
    }


def read_facts(typed: Typed) -> EvidenceFacts | None:
    """Return what was typed of a piece, or None with the faults noted."""
    day_words = _("Mời chọn ngày, ví dụ 10/02/2027.")
    kind = typed.read("loai", _read_kind, _("Chưa chọn loại giấy."))
    issued_on = typed.read("ngay_cap", read_day, day_words)
    valid_until = typed.read("den_ngay", read_day, day_words)
    if not typed.text("ten").strip():
        typed.fault("ten", _("Mời gõ tên giấy."))
    if kind is None or typed.faults:
        return None
    return EvidenceFacts(
        kind=kind,
        title=typed.text("ten"),
        number=typed.text("so") or None,
        issued_on=issued_on,
        valid_until=valid_until,
    )


def fault_of(refusal: InvalidInput) -> tuple[str, str]:
    """Return the field that a refusal speaks of, and its words."""
    field = str(refusal.parameters["field"])
    words = {
        "issued_on": _("Ngày cấp không ở sau hôm nay."),
        "valid_until": _("Ngày hết hạn không trước ngày cấp."),
        "title": _("Mời gõ tên giấy, tối đa %(most)s chữ.", most=LONGEST_TITLE),
        "number": _("Số giấy tối đa %(most)s chữ.", most=LONGEST_NUMBER),
    }
    return FIELDS[field], words.get(field) or explain(refusal)


def _read_kind(text: str) -> EvidenceKind:
    if text not in set(EvidenceKind):
        raise InvalidEvidence(field="kind")
    return EvidenceKind(text)
