"""The list of ideas that were taken in: to be printed for the province, and as a table."""

from collections.abc import Sequence

from flask import Response

from marketplace import clock
from marketplace.certification.ideas.models import ProductIdea
from marketplace.certification.ideas.slips import slip_code
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.ideas import Shelf, list_shelf
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.views.ideas import read_year
from marketplace.web.guards import requires
from marketplace.web.headers import tell_no_address
from marketplace.web.idea_words import PLAN_STATES
from marketplace.web.open_csv import write_csv
from marketplace.web.visitors import require_actor

MOST = 5_000
HEADER = ("so_phieu", "nam", "san_pham", "bo", "co_so", "xa", "tinh", "phuong_an", "tiem_nang", "ngay_nhan")


@door.get("/y-tuong/danh-sach")
@requires(*OFFICE)
def print_ideas() -> Response:
    """Show the ideas that were taken in as a document."""
    ideas = _taken_in()
    return page(
        "idea_list",
        ideas=ideas,
        codes={idea.id: slip_code(idea) for idea in ideas},
        plan_states=PLAN_STATES,
        year=read_year(),
        day=clock.today(),
    )


@door.get("/y-tuong/danh-sach.csv")
@requires(*OFFICE)
def download_ideas() -> Response:
    """Hand out the ideas that were taken in as a table for spreadsheets."""
    response = Response(write_csv(HEADER, map(_row, _taken_in())), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=y-tuong.csv"
    return tell_no_address(response)


def _taken_in() -> Sequence[ProductIdea]:
    return list_shelf(db.session(), Reach.of(require_actor()), Shelf.ACCEPTED, read_year(), MOST)


def _row(idea: ProductIdea) -> tuple[object, ...]:
    plan = idea.plan if idea.plan and idea.plan.submitted_at else None
    return (
        slip_code(idea),
        idea.year,
        idea.name,
        idea.set_number,
        idea.producer.name,
        idea.commune.full_name,
        idea.province.full_name,
        PLAN_STATES[plan.state][0] if plan else None,
        "x" if idea.potential else None,
        clock.local_date(idea.answered_at) if idea.answered_at else None,
    )
