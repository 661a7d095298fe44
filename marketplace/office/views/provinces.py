"""Provinces side by side in a year: only those whose offices hold the register complete are compared."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.boards.comparison import list_province_years
from marketplace.certification.boards.living import ByStars
from marketplace.certification.boards.marks import close_year, reopen_year
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.board_tables import LYING_WIDTH, Segment, columns_of, stack
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.units import list_own_provinces
from marketplace.text import clean, whole_number
from marketplace.web.guards import requires
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/bang-so-lieu/cac-tinh"
FIRST_YEAR = 2018
LONGEST_PAPER = 200


@door.get("/bang-so-lieu/cac-tinh")
@requires(*PROVINCE)
def compare_provinces() -> Response:
    """Show every province in a year; numbers of incomplete registers are lower bounds without rank."""
    return _provinces_page(_year(request.args.get("nam", "")) or clock.today().year - 1)


@door.post("/bang-so-lieu/cac-tinh/khep")
@requires(*PROVINCE)
def close_register() -> Response:
    """Hold that the register of an own province has everything of a year."""
    year, paper = _sent_year(), clean(request.form.get("doi_chieu", ""))
    if empty := [(name, _("Mời điền chỗ này.")) for name in ("don_vi", "doi_chieu") if not _typed(name)]:
        return _provinces_page(year, empty)
    if len(paper) > LONGEST_PAPER:
        words = _("Mời viết ngắn hơn %(most)s chữ.", most=LONGEST_PAPER)
        return _provinces_page(year, [("doi_chieu", words)])
    with acting() as (work, actor):
        close_year(work, actor, _own_unit(actor), year, paper, clock.now())
    return go(f"{PATH}?nam={year}", _("Đã khép sổ của năm. Con số nay được so với các tỉnh khác."))


@door.post("/bang-so-lieu/cac-tinh/mo-lai")
@requires(*PROVINCE)
def reopen_register() -> Response:
    """Take that back: the figures are lower bounds again."""
    year = _sent_year()
    if not _typed("don_vi"):
        return _provinces_page(year, [("don_vi", _("Mời điền chỗ này."))])
    with acting() as (work, actor):
        reopen_year(work, actor, _own_unit(actor), year, clock.now())
    return go(f"{PATH}?nam={year}", _("Đã mở lại. Con số nay chỉ là ít nhất trong sổ."))


def _provinces_page(year: int, faults: Faults = ()) -> Response:
    day = clock.today()
    found = list_province_years(db.session(), year, day)
    compared = [one for one in found if one.mark is not None]
    most = max((one.total for one in compared), default=0) or 1

    def bar(living: ByStars) -> tuple[Segment, ...]:
        return stack(living, LYING_WIDTH / most)

    return page(
        "board_provinces",
        faults=faults,
        year=year,
        years=[(other, other) for other in range(day.year, FIRST_YEAR - 1, -1)],
        compared=compared,
        others=[one for one in found if one.mark is None],
        stars=columns_of(*(one.living for one in compared)),
        bar=bar,
        over=year < day.year,
        mine=list_own_provinces(Reach.of(require_actor())),
        typed=request.form,
    )


def _year(typed: str) -> int | None:
    year = whole_number(typed, clock.today().year) or 0
    return year if year >= FIRST_YEAR else None


def _sent_year() -> int:
    """Return the year that a form names, or last year; raises NotFound for one that cannot be."""
    year = _year(_typed("nam")) if _typed("nam") else clock.today().year - 1
    if year is None:
        raise NotFound
    return year


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()


def _own_unit(actor: Actor) -> int:
    """Return the province that a form names; raises NotFound for one that the actor does not serve."""
    own = {str(unit.id): unit.id for unit in list_own_provinces(Reach.of(actor))}
    unit = own.get(request.form.get("don_vi", ""))
    if unit is None:
        raise NotFound
    return unit
