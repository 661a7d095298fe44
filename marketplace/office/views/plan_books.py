"""The books of a plan: trainings, events, channels and what else its targets need."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.book_entries import enter
from marketplace.office.book_reading import Reading, read_sheet
from marketplace.office.book_sheets import CHOICE_WORDS, POINT_SHEET, SHEETS, Kind, Sheet
from marketplace.office.plan_desk import PlanDesk, plan_in_reach
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.views.plans import PATH
from marketplace.programme import land
from marketplace.programme.books import Book, count_facts, list_facts, place_point, strike_out
from marketplace.programme.districts import list_districts
from marketplace.programme.errors import AlreadyRecorded
from marketplace.sales_points.errors import NoDistrictThen
from marketplace.sales_points.models import SalesPoint
from marketplace.web.filters import write_date
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _


@door.get("/chuong-trinh/<plan>/so/<book>")
@requires(*PROVINCE)
def show_book(plan: str, book: str) -> Response:
    """Show what stands in a book, and its form."""
    return _book_page(plan, _book(book))


@door.post("/chuong-trinh/<plan>/so/<book>")
@requires(*PROVINCE)
def record_fact(plan: str, book: str) -> Response:
    """Write a fact into a book."""
    wanted = _book(book)
    try:
        with acting() as (work, actor):
            desk = plan_in_reach(work, actor, plan)
            reading = _read(work, actor, desk, SHEETS[wanted])
            if not reading.faults:
                enter(work, actor, desk, wanted, reading.values, clock.now())
    except AlreadyRecorded as refusal:
        return _book_page(plan, wanted, [(SHEETS[wanted].fields[0].name, explain(refusal))], refusal.status)
    if reading.faults:
        return _book_page(plan, wanted, reading.faults)
    return go(f"{PATH}/{plan}/so/{book}", _("Đã ghi vào sổ."))


@door.post("/chuong-trinh/<plan>/so/<book>/<int:fact_id>/bo")
@requires(*PROVINCE)
def drop_fact(plan: str, book: str, fact_id: int) -> Response:
    """Take a fact out of a book."""
    with acting() as (work, actor):
        desk = plan_in_reach(work, actor, plan)
        strike_out(work, actor, desk.programme, _book(book), fact_id, desk.office_id, clock.now())
    return go(f"{PATH}/{plan}/so/{book}", _("Đã bỏ khỏi sổ."))


@door.get("/chuong-trinh/<plan>/diem-ban")
@requires(*PROVINCE)
def show_point_levels(plan: str) -> Response:
    """Show the form that says which level runs a sales point."""
    return _points_page(plan)


@door.post("/chuong-trinh/<plan>/diem-ban")
@requires(*PROVINCE)
def record_point_level(plan: str) -> Response:
    """Say which level runs a sales point, and since when."""
    try:
        with acting() as (work, actor):
            desk = plan_in_reach(work, actor, plan)
            reading = _read(work, actor, desk, POINT_SHEET)
            if not reading.faults:
                told, at = reading.values, clock.now()
                point = work.get_one(SalesPoint, told["point_id"])
                place_point(work, actor, point, told["level"], told["opened_on"], desk.office_id, at)
    except NoDistrictThen as refusal:
        ends = write_date(refusal.parameters["ends"])
        words = _("Cấp huyện chỉ có đến hết ngày %(day)s. Mời chọn cấp tỉnh hoặc cấp xã.", day=ends)
        return _points_page(plan, [("cap", words)])
    if reading.faults:
        return _points_page(plan, reading.faults)
    return go(f"{PATH}/{plan}/diem-ban", _("Đã ghi cấp của điểm bán."))


def _book(name: str) -> Book:
    found = next((book for book in Book if book.value == name), None)
    if found is None:
        raise NotFound(book=name)
    return found


def _read(work: Session, actor: Actor, desk: PlanDesk, sheet: Sheet) -> Reading:
    return read_sheet(sheet, request.form, _names(work, actor, desk, sheet), clock.today())


def _names(work: Session, actor: Actor, desk: PlanDesk, sheet: Sheet) -> Mapping[Kind, land.Named]:
    """Return the names that a form may name, as far as it asks for any."""
    kinds = {field.kind for field in sheet.fields}
    own, programme = Reach.of(actor).own_producers, desk.programme
    names: dict[Kind, land.Named] = {}
    if kinds & {Kind.PRODUCER, Kind.PRODUCERS}:
        names[Kind.PRODUCER] = land.producers_of(work, programme, own)
    if kinds & {Kind.PRODUCT, Kind.PRODUCTS}:
        names[Kind.PRODUCT] = land.products_of(work, programme, own)
    if Kind.POINT in kinds:
        names[Kind.POINT] = land.points_of(work, programme)
    if Kind.DISTRICT in kinds:
        names[Kind.DISTRICT] = land.districts_named(list_districts(programme).units)
    return names


def _book_page(plan: str, book: Book, faults: Faults = (), status: int = 0) -> Response:
    work, actor = db.session(), require_actor()
    desk = plan_in_reach(work, actor, plan)
    shown = {
        "book": book,
        "facts": list_facts(work, desk.programme, book),
        "total": count_facts(work, desk.programme)[book],
    }
    return _sheet_page(desk, actor, SHEETS[book], f"so/{book.value}", faults, status, **shown)


def _points_page(plan: str, faults: Faults = ()) -> Response:
    work, actor = db.session(), require_actor()
    desk = plan_in_reach(work, actor, plan)
    return _sheet_page(desk, actor, POINT_SHEET, "diem-ban", faults, 0, book=None, facts=[], total=0)


def _sheet_page(
    desk: PlanDesk, actor: Actor, sheet: Sheet, place: str, faults: Faults, status: int, **shown: Any
) -> Response:
    names = _names(db.session(), actor, desk, sheet)
    return page(
        "plan_book",
        faults=faults,
        status=status,
        desk=desk,
        sheet=sheet,
        address=f"{PATH}/{desk.programme.slug}/{place}",
        names={kind.value: list(known)[: land.MOST_OFFERED] for kind, known in names.items()},
        words=CHOICE_WORDS,
        typed=request.form,
        **shown,
    )
