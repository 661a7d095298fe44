"""What forms 01 and 02 ask beside the criteria: who the producer is, how it works, what it plans."""

from dataclasses import fields
from datetime import date
from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.dossiers.editing import LONGEST, ReportFacts, save_report
from marketplace.certification.dossiers.errors import InvalidDossier, NotEditable
from marketplace.certification.dossiers.models import DossierKind, SelfReport
from marketplace.certification.dossiers.queries import get_own_dossier
from marketplace.certification.dossiers.standing import AGAIN, ALWAYS, DESCRIBED
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.dossier_pages import facts_of, open_file
from marketplace.workspace.dossier_words import FACTS
from marketplace.workspace.numbers import read_whole
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed, read_day
from marketplace.workspace.views.dossiers import DOSSIER

NUMBERS = ("workers", "local_workers", "revenue", "profit")
GENDERS = {"nu": True, "nam": False}


@door.get(f"/<slug>/ho-so-ocop/{DOSSIER}/thong-tin")
@requires(Role.OWNER, Role.STAFF)
def show_report(slug: str, dossier_id: int) -> Response:
    """Ask what forms 01 and 02 ask, with what is known already."""
    return _report_page(own_producer(slug), dossier_id)


@door.post(f"/<slug>/ho-so-ocop/{DOSSIER}/thong-tin")
@requires(Role.OWNER, Role.STAFF)
def write_report(slug: str, dossier_id: int) -> Response:
    """Write the facts of the forms; what is empty may be written later."""
    producer, typed = own_producer(slug), Typed(request.form)
    get_own_dossier(db.session(), dossier_id, producer.id)
    facts, at = _read(typed), f"/gian-hang/{slug}/ho-so-ocop/{dossier_id}"
    if typed.faults:
        return _report_page(producer, dossier_id, typed.faults)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            save_report(session, actor, get_own_dossier(session, dossier_id, own.id), facts, clock.now())
    except InvalidDossier as refusal:
        return _report_page(own_producer(slug), dossier_id, [_fault(refusal)])
    except NotEditable as refusal:
        return go(at, explain(refusal))
    return go(at, _("Đã lưu thông tin."))


def _read(typed: Typed) -> ReportFacts:
    columns: dict[str, Any] = {name: typed.text(FACTS[name][0]) for name in LONGEST}
    day_words = _("Mời chọn ngày, ví dụ 20/10/2015.")
    columns["founded_on"] = typed.read(FACTS["founded_on"][0], read_day, day_words)
    columns["female"] = GENDERS.get(typed.text(FACTS["female"][0]))
    for name in NUMBERS:
        columns[name] = typed.read(FACTS[name][0], _read_number, _("Mời gõ số, ví dụ 1.250.000."))
    return ReportFacts(**columns)


def _read_number(text: str) -> int | None:
    """Return a whole number, negative for a loss, None for none; raises InvalidInput."""
    typed = text.strip()
    if not typed:
        return None
    lost = typed[0] in "-−–"
    number = read_whole("number", typed[1:] if lost else typed)
    return -number if lost else number


def _fault(refusal: InvalidInput) -> tuple[str, str]:
    field = refusal.parameters["field"]
    special = {
        "founded_on": _("Ngày này không ở sau hôm nay."),
        "local_workers": _("Người địa phương không nhiều hơn số lao động."),
        "workers": _("Số này quá lớn hoặc nhỏ hơn 0."),
        "revenue": _("Số này quá lớn hoặc nhỏ hơn 0."),
        "profit": _("Số này quá lớn."),
    }
    return FACTS[field][0], special.get(field) or _("Tối đa %(most)s chữ.", most=refusal.parameters["most"])


def _report_page(producer: Producer, dossier_id: int, faults: Faults = ()) -> Response:
    file = open_file(producer, dossier_id, clock.today())
    again = file.dossier.kind is not DossierKind.FIRST
    return page(
        "dossier_report",
        producer,
        faults=faults,
        typed=request.form if faults else _as_typed(file.dossier.report),
        fields=FACTS,
        needed=_needed(again),
        again=again,
        longest=LONGEST,
        **facts_of(file),
    )


def _needed(again: bool) -> frozenset[str]:
    return frozenset(ALWAYS + DESCRIBED + (AGAIN if again else ()))


def _as_typed(report: SelfReport | None) -> dict[str, str]:
    known = report or SelfReport()
    return {FACTS[one.name][0]: _written(getattr(known, one.name)) for one in fields(ReportFacts)}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return next(word for word, female in GENDERS.items() if female is value)
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return value.isoformat() if isinstance(value, date) else str(value or "")
