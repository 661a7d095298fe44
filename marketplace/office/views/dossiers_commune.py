"""What a commune does with a dossier: examine four topics, propose it to the province, or give it back."""

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.models import Dossier, Topic
from marketplace.certification.dossiers.office_deeds import (
    LONGEST_FINDING,
    forward_dossier,
    record_finding,
    return_dossier,
)
from marketplace.office import door
from marketplace.office.dossier_deeds import Unreadable, carry_out, typed_count, typed_day
from marketplace.office.tenancy import OFFICE, dossier_in_reach
from marketplace.office.views.dossiers import DOSSIER
from marketplace.web.guards import requires
from marketplace.web.words import gettext as _

HOLDS = {"co": True, "khong": False}
SEND = "gui"


@door.post(f"/ho-so/{DOSSIER}/xa")
@requires(*OFFICE)
def examine_dossier(dossier_id: int) -> Response:
    """Keep what the commune found, and where that is wished, propose the dossier to the province."""
    sends = request.form.get("viec") == SEND

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        _record_findings(work, actor, dossier, all_of_them=sends)
        if sends:
            letter, samples = request.form.get("so", ""), typed_count("mau")
            forward_dossier(work, actor, dossier, letter, typed_day("ngay"), samples, clock.now())

    done = _("Đã gửi lên tỉnh. Chủ thể được báo.") if sends else _("Đã lưu nhận xét.")
    return carry_out(dossier_id, dossier_in_reach, do, {"letter": "so", "written_on": "ngay"}, done)


@door.post(f"/ho-so/{DOSSIER}/tra-lai")
@requires(*OFFICE)
def give_dossier_back(dossier_id: int) -> Response:
    """Give a dossier back to its producer, with what to change."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        return_dossier(work, actor, dossier, request.form.get("ly_do", ""), clock.now())

    words = _("Đã trả lại. Cơ sở được báo ngay.")
    return carry_out(dossier_id, dossier_in_reach, do, {"words": "ly_do"}, words)


def _record_findings(work: Session, actor: Actor, dossier: Dossier, all_of_them: bool) -> None:
    """Write what was found on each topic that was answered; to send it on, each has to be."""
    for topic in Topic:
        holds = HOLDS.get(request.form.get(f"dat-{topic}", ""))
        said = request.form.get(f"loi-{topic}", "").strip()
        if holds is None:
            if all_of_them or said:
                raise Unreadable(field=f"dat-{topic}", words=_("Mời chọn đạt hay chưa đạt."))
            continue
        if not said or len(said) > LONGEST_FINDING:
            words = _("Mời viết nhận xét, không quá %(most)s chữ.", most=LONGEST_FINDING)
            raise Unreadable(field=f"loi-{topic}", words=words)
        record_finding(work, actor, dossier, topic, holds, said, clock.now())
