"""Deeds upon dossiers as forms send them: done in the officer's reach, letters left behind, faults told."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.decisions.errors import ProposalNotFinal
from marketplace.certification.dossiers.errors import (
    InvalidDossier,
    MissingPieces,
    SheetLocked,
    TooLate,
    WrongState,
)
from marketplace.certification.dossiers.missing import Missing, MissingKind
from marketplace.certification.dossiers.models import Dossier
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.office.answers import go
from marketplace.office.dossier_page import dossier_page
from marketplace.office.typed_days import read_day
from marketplace.text import whole_number
from marketplace.web.dossier_post import tell_of_dossier
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext

PATH = "/van-phong/ho-so"
MOST_THINGS = 9_999
DAYS = frozenset({"written_on", "reported_on", "visited_on", "sent_on", "answered_on"})

Do: TypeAlias = Callable[[Session, Actor, Dossier], None]
Find: TypeAlias = Callable[[Session, Actor, int], Dossier]
Fields: TypeAlias = Mapping[str, str]
"""What the facts of a deed are called in its form."""


class Unreadable(InvalidInput):
    """A field of the form that is no day or no number; `field` is that of the form."""

    code = "unreadable"


def carry_out(dossier_id: int, find: Find, do: Do, fields: Fields, done: str, back: str = "") -> Response:
    """Do something to a dossier found in reach, tell its people where it moved on, and answer.

    Where a field is wrong the page comes again with what was typed, where the state is another with that.
    `back` is the page of the dossier to go to.
    """
    try:
        with acting() as (work, actor):
            dossier = find(work, actor, dossier_id)
            before = dossier.state
            do(work, actor, dossier)
            if dossier.state is not before:
                tell_of_dossier(work, dossier, clock.now())
    except Unreadable as refusal:
        return _again(dossier_id, [(refusal.parameters["field"], refusal.parameters["words"])])
    except InvalidDossier as refusal:
        return _again(dossier_id, [fault_of(refusal, fields)])
    except MissingPieces as refusal:
        return _again(dossier_id, _faults_of(refusal.pieces))
    except (WrongState, TooLate, SheetLocked, ProposalNotFinal) as refusal:
        db.session.rollback()
        return dossier_page(dossier_id, refusal=refusal)
    return go(f"{PATH}/{dossier_id}{back}", done)


def typed_day(field: str) -> date:
    """Return a day of the form; raises Unreadable."""
    day = read_day(request.form.get(field, ""))
    if day is None:
        raise Unreadable(field=field, words=_("Mời chọn ngày, ví dụ 20/11/2026."))
    return day


def typed_count(field: str) -> int | None:
    """Return a number of things of the form, None for none; raises Unreadable."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    count = whole_number(text, MOST_THINGS)
    if count is None:
        raise Unreadable(field=field, words=_("Mời gõ một số."))
    return count


def fault_of(refusal: InvalidDossier, fields: Fields) -> tuple[str, str]:
    """Return the field of the form that a refusal is about, with what to do there."""
    name, most = str(refusal.parameters["field"]), refusal.parameters.get("most")
    if name in DAYS:
        words = _("Mời xem lại ngày: không trước ngày nộp hồ sơ, không sau hôm nay.")
    elif name == "due_on":
        words = _("Mời chọn một ngày sau hôm nay.")
    elif name == "points":
        words = _("Điểm từ 0 đến 100, nhiều nhất hai số lẻ.")
    elif most:
        words = _("Mời viết, không quá %(most)s chữ.", most=most)
    else:
        words = _("Mời viết, đừng bỏ trống.")
    return fields[name], words


def _faults_of(pieces: tuple[Missing, ...]) -> list[tuple[str, str]]:
    faults = []
    for piece in pieces:
        if piece.kind is MissingKind.FINDING:
            faults.append((f"dat-{piece.code}", _("Nội dung này chưa đạt nên chưa gửi lên tỉnh được.")))
        elif piece.kind is MissingKind.LETTER:
            faults.append(("so", _("Mời gõ số công văn của xã.")))
        elif piece.kind is MissingKind.SAMPLES:
            faults.append(("mau", _("Mời ghi số mẫu gửi kèm, từ 5 mẫu trở lên.")))
    if unscored := sum(piece.kind is MissingKind.CHOICE for piece in pieces):
        words = ngettext(
            "Phiếu chấm của tổ còn %(num)s tiêu chí chưa chấm.",
            "Phiếu chấm của tổ còn %(num)s tiêu chí chưa chấm.",
            unscored,
        )
        faults.append(("phieu", words))
    return faults


def _again(dossier_id: int, faults: list[tuple[str, str]]) -> Response:
    db.session.rollback()
    return dossier_page(dossier_id, faults)
