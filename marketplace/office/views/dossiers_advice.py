"""What the advisory group says of a dossier: a score sheet of its own, if it fills one, and its report."""

from flask import Response, request
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.advice_sheet import drop_advice_sheet, save_advice_sheet
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.office_deeds import Advice, report_advice
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import Marks, find_sheet, rubric_of
from marketplace.certification.dossiers.sheets import read_sheet as read_row
from marketplace.certification.dossiers.standing import standing_of
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.dossier_deeds import carry_out, typed_day
from marketplace.office.dossier_words import EVIDENCE_FACTS
from marketplace.office.tenancy import PROVINCE, dossier_to_judge
from marketplace.office.views.dossiers import DOSSIER
from marketplace.web.guards import requires
from marketplace.web.score_sheets import SHEET_FACTS, groups_of, read_sheet, try_out
from marketplace.web.visitors import require_actor
from marketplace.web.words import gettext as _

FIELDS = {
    "group": "thanh_vien",
    "words": "noi_dung",
    "visited_on": "ngay_khao_sat",
    "reported_on": "ngay_bao_cao",
}


@door.post(f"/ho-so/{DOSSIER}/tu-van")
@requires(*PROVINCE)
def report_of_advisers(dossier_id: int) -> Response:
    """Keep what the advisory group reports, its sheet signed with it; the council is next."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        row = find_sheet(work, dossier.id, SheetLevel.ADVISORY)
        report_advice(work, actor, dossier, _read_advice(), clock.now(), Marks() if row else None)

    words = _("Đã nhận báo cáo của tổ tư vấn. Hồ sơ chờ hội đồng.")
    return carry_out(dossier_id, dossier_to_judge, do, FIELDS, words)


@door.get(f"/ho-so/{DOSSIER}/cham")
@requires(*PROVINCE)
def show_advice_sheet(dossier_id: int) -> Response:
    """Show the advisory group's sheet with what it comes to, beside the producer's own and its evidence."""
    work = db.session()
    shown = (joinedload(Dossier.product).joinedload(Product.listing), joinedload(Dossier.report))
    dossier = dossier_to_judge(work, require_actor(), dossier_id, *shown)
    row = find_sheet(work, dossier.id, SheetLevel.ADVISORY)
    standing = standing_of(dossier, clock.today())
    trial = try_out(read_row(row, rubric_of(dossier)))
    return page(
        "dossier_sheet",
        dossier=dossier,
        standing=standing,
        trial=trial,
        rubric=trial.sheet.rubric,
        parts=[(part, list(groups_of(part, trial.sheet, trial.way))) for part in trial.sheet.rubric.parts],
        begun=row is not None,
        saved=row.changed_at if row else None,
        locked=dossier.state is not DossierState.ACCEPTED,
        **EVIDENCE_FACTS,
        **SHEET_FACTS,
    )


@door.post(f"/ho-so/{DOSSIER}/cham")
@requires(*PROVINCE)
def keep_advice_sheet(dossier_id: int) -> Response:
    """Keep the advisory group's sheet as it stands, and show what it comes to."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        sheet = read_sheet(rubric_of(dossier), request.form)
        save_advice_sheet(work, actor, dossier, _marks_of(sheet), clock.now())

    return carry_out(dossier_id, dossier_to_judge, do, {}, _("Đã lưu phiếu chấm."), "/cham")


@door.post(f"/ho-so/{DOSSIER}/cham/bo")
@requires(*PROVINCE)
def throw_advice_sheet_away(dossier_id: int) -> Response:
    """Throw the sheet away, so that the group reports without one."""

    def do(work: Session, actor: Actor, dossier: Dossier) -> None:
        drop_advice_sheet(work, actor, dossier, clock.now())

    return carry_out(dossier_id, dossier_to_judge, do, {}, _("Đã bỏ phiếu chấm của tổ."))


def _marks_of(sheet: ScoreSheet) -> Marks:
    """Return a whole form as marks: what was not chosen is taken away."""
    choices = {leaf.code: sheet.choices.get(leaf.code) for leaf in sheet.rubric.leaves()}
    return Marks(choices=choices, stops=dict.fromkeys(sheet.stops, ""))


def _read_advice() -> Advice:
    """Return the report as it was typed; raises Unreadable."""
    visited = request.form.get("ngay_khao_sat", "").strip()
    return Advice(
        group=request.form.get("thanh_vien", ""),
        words=request.form.get("noi_dung", ""),
        visited_on=typed_day("ngay_khao_sat") if visited else None,
        reported_on=typed_day("ngay_bao_cao"),
    )
