"""The board: figures of a province or commune by stars, group, place and year, drawn by the server."""

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.queries import list_groups
from marketplace.certification.boards.living import add_up, count_living
from marketplace.certification.boards.years import count_years
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.board_map import map_of
from marketplace.office.board_tables import (
    STARS,
    columns_of,
    csv_rows,
    rows_by_group,
    rows_by_place,
    year_bars,
)
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.territories import Place, read_place
from marketplace.web.addresses import page_url
from marketplace.web.guards import requires
from marketplace.web.headers import tell_no_address
from marketplace.web.open_csv import write_csv
from marketplace.web.visitors import require_actor

PATH = "/van-phong/bang-so-lieu"
COLUMNS = ("place_code", "place", "group", "stars", "products")
YEAR_COLUMNS = ("year", "until", "stars", "living", "recognised")


@door.get("/bang-so-lieu")
@requires(*OFFICE)
def show_board() -> Response:
    """Show what the register of a place has today and had over the years."""
    work, day, place = db.session(), clock.today(), _place()
    cells, groups = count_living(work, place.territory, day), list_groups()
    totals = {
        unit: sum(counts.values()) for unit, counts in add_up(cells, lambda cell: cell.place_id).items()
    }
    years = count_years(work, place.territory, day)
    return page(
        "board",
        place=place,
        day=day,
        stars=columns_of(*(one.living for one in years)),
        by_group=rows_by_group(cells, groups, place),
        by_place=rows_by_place(cells, place.parts, lambda unit: page_url(PATH, noi=unit)),
        bars=year_bars(years),
        now=years[-1],
        map=map_of(place, totals),
    )


@door.get("/bang-so-lieu.csv")
@requires(*OFFICE)
def board_csv() -> Response:
    """Give every number of a place by part, group and stars."""
    place, work = _place(), db.session()
    parts = [unit for unit in (place.unit, *place.parts) if unit is not None]
    rows = csv_rows(count_living(work, place.territory, clock.today()), list_groups(), parts)
    return _sheet(write_csv(COLUMNS, rows), "so-lieu")


@door.get("/bang-so-lieu/theo-nam.csv")
@requires(*OFFICE)
def board_years_csv() -> Response:
    """Give what lived at the end of each year and what was recognised in it."""
    years = count_years(db.session(), _place().territory, clock.today())
    last = years[-1].year
    rows = [
        (
            one.year,
            clock.today() if one.year == last else f"{one.year}-12-31",
            stars,
            one.living.get(stars, 0),
            one.recognised.get(stars, 0),
        )
        for one in years
        for stars in STARS
    ]
    return _sheet(write_csv(YEAR_COLUMNS, rows), "theo-nam")


def _place() -> Place:
    return read_place(Reach.of(require_actor()), request.args.get("noi", ""))


def _sheet(text: str, name: str) -> Response:
    answer = Response(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return tell_no_address(answer)
