"""The yearly cycle in six steps: how far the units are, and which commune has handed in what."""

from flask import Response

from marketplace import clock
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.cycle import count_cycle
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.views.ideas import read_year
from marketplace.web.guards import requires
from marketplace.web.visitors import require_actor

EARLIEST, LATEST = 2018, 2100
"""The programme began in 2018 (Decision 490/QĐ-TTg)."""


@door.get("/chu-trinh")
@requires(*OFFICE)
def show_cycle() -> Response:
    """Show a year's six steps with their figures."""
    this_year = clock.today().year
    asked = read_year() or this_year
    year = asked if EARLIEST <= asked <= LATEST else this_year
    return page(
        "cycle",
        cycle=count_cycle(db.session(), Reach.of(require_actor()), year),
        years=[this_year + 1, this_year, this_year - 1, this_year - 2],
    )
