"""What needs doing: boxes of what waits, that due first on top, and what the units have to show."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.certification.councils.duties import count_awaited_sheets
from marketplace.certification.decisions.paper_models import PaperState
from marketplace.certification.lapsing.queries import list_unanswered
from marketplace.certification.oversight.grounds import decide_by
from marketplace.certification.oversight.models import Revocation, RevocationState
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.authority_desk import list_open_orders
from marketplace.office.complaints import list_open_complaints
from marketplace.office.deadlines import TimeLeft, days_left, time_left, waited
from marketplace.office.dossier_list import list_late_dossiers, list_waiting_dossiers
from marketplace.office.dossier_page import left_of
from marketplace.office.ideas import list_waiting_slips, waits_since
from marketplace.office.inspection_desk import list_late_inspections
from marketplace.office.revocation_desk import list_revocations
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.waiting import (
    count_certified,
    list_papers,
    list_suspended,
    list_waiting_changes,
    list_waiting_products,
    list_waiting_reports,
)
from marketplace.web.complaint_words import COMPLAINT_KINDS
from marketplace.web.desk_words import REPORT_KINDS
from marketplace.web.dossier_words import DOSSIER_KINDS, DOSSIER_STATES
from marketplace.web.guards import requires
from marketplace.web.oversight_words import INSPECTION_KINDS
from marketplace.web.revocation_words import REVOCATION_REASONS
from marketplace.web.visitors import require_actor

IN_A_BOX = 5


@door.get("")
@requires(*OFFICE)
def show_tasks() -> Response:
    """Show what waits in the actor's units; a box asks for its rows only where something waits in it."""
    actor, work, day = require_actor(), db.session(), clock.today()
    reach, sits = Reach.of(actor), actor.scope_ids(ScopeKind.COUNCIL, Role.COUNCIL_MEMBER)
    boxes: dict[str, Any] = {
        "reports": partial(list_waiting_reports, work, reach, IN_A_BOX),
        "products": partial(list_waiting_products, work, reach, IN_A_BOX),
        "changes": partial(list_waiting_changes, work, reach, IN_A_BOX),
        "complaints": partial(list_open_complaints, work, reach, IN_A_BOX),
        "papers": partial(list_papers, work, reach, PaperState.DRAFTED, most=IN_A_BOX),
        "dossiers": partial(list_waiting_dossiers, work, reach, IN_A_BOX),
        "late_dossiers": partial(list_late_dossiers, work, reach, day, IN_A_BOX),
        "authority_orders": partial(list_open_orders, work, reach, IN_A_BOX),
        "revocations": partial(_list_drafted, work, reach),
        "slips": partial(list_waiting_slips, work, reach, IN_A_BOX),
        "lapsing": partial(list_unanswered, work, reach.products(), day, IN_A_BOX),
        "late_inspections": partial(list_late_inspections, work, reach, day, IN_A_BOX),
    }
    return page(
        "tasks",
        own_sheets=sum(count_awaited_sheets(work, actor).values()) if sits else 0,
        dossier_kinds=DOSSIER_KINDS,
        dossier_states=DOSSIER_STATES,
        dossier_left=left_of,
        inspection_kinds=INSPECTION_KINDS,
        reasons=REVOCATION_REASONS,
        decide_by=decide_by,
        certified=count_certified(work, reach, day),
        kinds=REPORT_KINDS,
        complaint_kinds=COMPLAINT_KINDS,
        left=_left,
        age=lambda idea: waited(waits_since(idea), clock.now()),
        day_left=lambda day: days_left(day, clock.now()),
        today=day,
        **boxes,
    )


@door.get("/gian-hang")
@requires(*OFFICE)
def list_listings() -> Response:
    """List the listings that wait."""
    products = list_waiting_products(db.session(), Reach.of(require_actor()))
    return page("listings", products=products, left=_left)


@door.get("/de-nghi")
@requires(*OFFICE)
def list_changes() -> Response:
    """List the change requests that wait."""
    changes = list_waiting_changes(db.session(), Reach.of(require_actor()))
    return page("changes", changes=changes, left=_left)


@door.get("/bao-cao")
@requires(*OFFICE)
def list_reports() -> Response:
    """List the reports that wait, and the products that are off public view."""
    work, reach = db.session(), Reach.of(require_actor())
    return page(
        "reports",
        reports=list_waiting_reports(work, reach),
        suspended=list_suspended(work, reach),
        kinds=REPORT_KINDS,
        left=_left,
    )


def _list_drafted(work: Session, reach: Reach) -> list[Revocation]:
    """Return the revocations that wait for a second officer, that due first on top."""
    return sorted(list_revocations(work, reach, RevocationState.DRAFTED), key=decide_by)[:IN_A_BOX]


def _left(due_at: datetime | None) -> TimeLeft:
    return time_left(due_at, clock.now())
