"""A member's own score sheet: filled in, signed, and told on its page where it is locked already."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.councils.conflicts import settle_conflicts
from marketplace.certification.councils.errors import ConflictedMember
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.sheet_models import SheetLevel, SheetRow
from marketplace.certification.dossiers.sheets import Marks, find_sheet, read_sheet, rubric_of
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.office import door
from marketplace.office.answers import go, page
from marketplace.office.council_case import has_sheet, may_score, open_page, own_seat
from marketplace.office.council_forms import read_marks
from marketplace.office.views.council_sessions import CASE, case_path, session_page
from marketplace.web.guards import requires, strong
from marketplace.web.language import current_language
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import SHEET_FACTS, groups_of, try_out
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _


@door.get(f"/phien/{CASE}/phieu")
@requires(Role.COUNCIL_MEMBER)
def show_sheet(session_id: int, dossier_id: int) -> Response:
    """Show the actor's own sheet to be filled in; the result beside it is that of this sheet alone."""
    return _sheet_page(session_id, dossier_id)


@door.post(f"/phien/{CASE}/phieu")
@requires(Role.COUNCIL_MEMBER)
def keep_sheet(session_id: int, dossier_id: int) -> Response:
    """Keep what was marked on the own sheet; signing locks it."""
    marks = None
    try:
        _held, _every, asked = open_page(db.session(), require_actor(), session_id, dossier_id)
        marks = read_marks(rubric_of(asked.case.dossier), request.form)
        with acting() as (work, actor):
            save_sheet(work, actor, session_id, dossier_id, marks, clock.now())
    except MarketplaceError as refusal:
        return _refused(session_id, dossier_id, refusal, marks)
    return go(case_path(session_id, dossier_id) + "/phieu", _("Đã lưu phiếu. Phiếu chỉ mình bạn xem được."))


@door.post(f"/phien/{CASE}/ky")
@requires(Role.COUNCIL_MEMBER)
@strong
def put_name_to_sheet(session_id: int, dossier_id: int) -> Response:
    """Sign the own sheet, which locks it; the last one opens all of them."""
    try:
        with acting() as (work, actor):
            all_in = sign_sheet(work, actor, session_id, dossier_id, clock.now())
    except MarketplaceError as refusal:
        return _refused(session_id, dossier_id, refusal)
    words = _("Đã ký. Đủ phiếu, điểm đã mở.") if all_in else _("Đã ký phiếu. Điểm mở khi đủ phiếu.")
    return go(case_path(session_id, dossier_id), words)


def _refused(
    session_id: int, dossier_id: int, refusal: MarketplaceError, marks: Marks | None = None
) -> Response:
    """Answer on the page of the sheet, or of the session for whom there is none, with why nothing was done.

    What the accounts tell of a conflict is kept, though the deed itself is refused.
    """
    if isinstance(refusal, NotFound):
        raise refusal
    if isinstance(refusal, ConflictedMember):
        with acting() as (work, actor):
            settle_conflicts(work, actor, session_id, dossier_id, clock.now())
        return session_page(session_id, refusal=refusal)
    try:
        return _sheet_page(session_id, dossier_id, refusal, marks)
    except NotFound:
        return session_page(session_id, refusal=refusal)


def _sheet_page(
    session_id: int, dossier_id: int, refusal: MarketplaceError | None = None, marks: Marks | None = None
) -> Response:
    actor, work = require_actor(), db.session()
    held, _every, asked = open_page(work, actor, session_id, dossier_id)
    mine = own_seat(held, actor)
    if mine is None or not has_sheet(held, asked, mine):
        raise NotFound
    dossier = asked.case.dossier
    rubric = rubric_of(dossier)
    row = find_sheet(work, dossier.id, SheetLevel.COUNCIL, mine.id, held.id)
    sheet = read_sheet(row, rubric)
    trial = try_out(sheet)
    facts: dict[str, Any] = {
        "held": held,
        "asked": asked,
        "own": case_path(held.id, dossier.id),
        "dossier": dossier,
        "rubric": rubric,
        "row": row,
        "locked": not may_score(held, asked, mine) or bool(row and row.signed_at),
        "sheet": sheet,
        "trial": trial,
        "parts": [(part, list(groups_of(part, sheet, trial.way))) for part in rubric.parts],
        "words_of": {one.criterion: one.words for one in row.choices} if row else {},
        "stop_words": next((one.words for one in row.stops if one.words), "") if row else "",
        "uses": _uses_by_criterion(dossier.id),
        "unsaved": list(_unsaved(marks, sheet, row)) if marks else [],
        "refusal": explain(refusal) if refusal else "",
        "status": refusal.status if refusal else 0,
    }
    return page("score", **facts, **SHEET_FACTS)


def _uses_by_criterion(dossier_id: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for use in list_uses(dossier_id):
        found.setdefault(use.criterion, []).append(use.evidence)
    return found


def _unsaved(marks: Marks, sheet: ScoreSheet, row: SheetRow | None) -> Iterator[tuple[str, str, str]]:
    """Yield what was marked or written and is not on the sheet as it is kept, in words."""
    say = attrgetter(current_language())
    kept = {one.criterion: one.words or "" for one in row.choices} if row else {}
    for leaf in sheet.rubric.leaves():
        chosen, words = marks.choices.get(leaf.code), marks.words.get(leaf.code, "").strip()
        if chosen is None or (chosen, words) == (sheet.choices.get(leaf.code), kept.get(leaf.code, "")):
            continue
        option = say(leaf.options[chosen - 1].words) if chosen else _("Chưa đạt mức nào")
        yield f"{leaf.code} {say(leaf.words)}", option, words
    found = marks.stops or {}
    for stop in sheet.rubric.stops:
        if stop.number in found and stop.number not in sheet.stops:
            yield _("Dừng chấm:"), say(stop.words), found[stop.number].strip()
