"""What a province does with a dossier beside its council: take it in, have it completed, pass it on."""

from contextlib import suppress
from decimal import Decimal

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.decisions.to_ministry import pass_to_ministry
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer
from marketplace.certification.dossiers.models import Dossier, EvaluationRound
from marketplace.certification.dossiers.office_deeds import accept_dossier, ask_completion
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.dossier_deeds import Unreadable, carry_out, typed_day
from marketplace.office.tenancy import PROVINCE, dossier_to_judge
from marketplace.office.views.dossiers import DOSSIER
from marketplace.text import read_number, whole_number
from marketplace.web.guards import requires
from marketplace.web.words import gettext as _


@door.post(f"/ho-so/{DOSSIER}/nhan")
@requires(*PROVINCE)
def take_dossier_in(dossier_id: int) -> Response:
    """Take a dossier into a round; its advisers look at it next."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        accept_dossier(work, actor, dossier, _chosen_round(work), clock.now())

    words = _("Đã tiếp nhận. Chủ thể được báo, hồ sơ sang tổ tư vấn.")
    return carry_out(dossier_id, dossier_to_judge, do, {}, words)


@door.post(f"/ho-so/{DOSSIER}/bo-sung")
@requires(*PROVINCE)
def have_dossier_completed(dossier_id: int) -> Response:
    """Ask the producer for what is missing, by a day."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        ask_completion(work, actor, dossier, request.form.get("can", ""), typed_day("han"), clock.now())

    words = _("Đã gửi yêu cầu bổ sung. Cơ sở được báo ngay.")
    return carry_out(dossier_id, dossier_to_judge, do, {"words": "can", "due_on": "han"}, words)


@door.post(f"/ho-so/{DOSSIER}/len-bo")
@requires(*PROVINCE)
def send_dossier_up(dossier_id: int) -> Response:
    """Note that the dossier went to the ministry with a letter."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        letter, sent_on = request.form.get("to_trinh", ""), typed_day("ngay_gui")
        named = typed_day("bo_hen") if request.form.get("bo_hen", "").strip() else None
        pass_to_ministry(work, actor, dossier, letter, sent_on, clock.now(), named)

    fields = {"letter": "to_trinh", "sent_on": "ngay_gui", "due_on": "bo_hen"}
    return carry_out(dossier_id, dossier_to_judge, do, fields, _("Đã ghi: hồ sơ đã lên Bộ."))


@door.post(f"/ho-so/{DOSSIER}/bo-tra-loi")
@requires(*PROVINCE)
def note_ministry_answer(dossier_id: int) -> Response:
    """Note what the ministry answered, with its points or without."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        points, day, said = _typed_points("diem"), typed_day("ngay_tra_loi"), request.form.get("loi_bo", "")
        record_ministry_answer(work, actor, dossier, points, said, day, clock.now())

    fields = {"points": "diem", "answered_on": "ngay_tra_loi", "words": "loi_bo"}
    return carry_out(dossier_id, dossier_to_judge, do, fields, _("Đã ghi kết quả của Bộ."))


def _chosen_round(work: Session) -> EvaluationRound:
    """Return the round that was chosen; raises Unreadable. Whose it is the deed asks itself."""
    round_id = whole_number(request.form.get("dot", ""))
    if round_id is None:
        raise Unreadable(field="dot", words=_("Mời chọn một đợt đánh giá."))
    found = work.get(EvaluationRound, round_id)
    if found is None:
        raise NotFound(round=round_id)
    return found


def _typed_points(field: str) -> Decimal | None:
    """Return the points typed, None for none; raises Unreadable."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    with suppress(ValueError):
        return read_number(text)
    raise Unreadable(field=field, words=_("Mời gõ điểm, ví dụ 91,5."))
