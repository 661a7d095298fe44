"""The report of a year: a page to print, and the same as a workbook."""

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.queries import list_groups
from marketplace.certification.boards.marks import list_marks
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.plan_report import plan_sections
from marketplace.office.report_book import write_book
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.territories import Place, read_place
from marketplace.office.year_report import Section, write_report
from marketplace.web.guards import requires
from marketplace.web.headers import tell_no_address
from marketplace.web.visitors import require_actor
from marketplace.web.words import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEAR = "<int(min=2018,max=2100):year>"


@door.get(f"/bao-cao-nam/{YEAR}")
@requires(*PROVINCE)
def show_year_report(year: int) -> Response:
    """Show the report of a year as it is printed."""
    place, day = _place(), clock.today()
    return page(
        "year_report",
        place=place,
        year=year,
        day=day,
        heading=_heading(place, year),
        standing=_standing(place, year),
        sections=_sections(place, year),
        years=range(day.year, 2017, -1),
    )


@door.get(f"/bao-cao-nam/{YEAR}.xlsx")
@requires(*PROVINCE)
def year_report_book(year: int) -> Response:
    """Give the report of a year as a workbook."""
    place = _place()
    book = write_book(_heading(place, year), _standing(place, year), _sections(place, year))
    answer = Response(book, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="bao-cao-nam-{year}.xlsx"'
    return tell_no_address(answer)


def _place() -> Place:
    return read_place(Reach.of(require_actor()), request.args.get("noi", ""))


def _sections(place: Place, year: int) -> list[Section]:
    day = clock.today()
    if year > day.year:
        raise NotFound(year=year)
    plans = plan_sections(place.territory, year)
    return [*write_report(db.session(), place.territory, year, day, list_groups()), *plans]


def _heading(place: Place, year: int) -> str:
    name = place.unit.full_name if place.unit else _("cả nước")
    return _("Báo cáo OCOP năm %(year)s: %(place)s", year=year, place=name)


def _standing(place: Place, year: int) -> str:
    """Return what may be made of the figures: lower bounds until the register of the year is complete."""
    mark = list_marks(db.session(), year).get(place.province.id) if place.province else None
    if mark is not None:
        return _("Sổ của năm đã khép, đối chiếu với: %(paper)s.", paper=mark.checked_against)
    return _(
        "Sổ của năm chưa khép: mọi con số là ít nhất có trong sổ, chưa tính tỉ lệ, chưa so với nơi khác."
    )
