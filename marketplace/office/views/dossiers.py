"""Dossiers of the own units: the list, each with what its state asks for, and what there is to read."""

from flask import Response, request

from marketplace import clock
from marketplace.certification.dossiers.queries import count_by_state, whole
from marketplace.certification.dossiers.sheets import rubric_of
from marketplace.certification.dossiers.standing import standing_of
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import page
from marketplace.office.dossier_list import (
    ALL,
    DUE_SOON,
    OVERDUE,
    ListForm,
    list_dossiers,
    list_filter_rounds,
)
from marketplace.office.dossier_page import dossier_page, left_of, read_papers
from marketplace.office.dossier_words import EVIDENCE_FACTS
from marketplace.office.tenancy import OFFICE, Reach, dossier_in_reach
from marketplace.web.dossier_words import DOSSIER_KINDS, DOSSIER_STATES, TOPICS
from marketplace.web.guards import requires
from marketplace.web.score_sheets import SHEET_FACTS, try_out
from marketplace.web.visitors import require_actor

DOSSIER = "<int(max=2147483647):dossier_id>"


@door.get("/ho-so")
@requires(*OFFICE)
def show_dossiers() -> Response:
    """List dossiers by state, round and deadline; without a choice, those that wait for this office."""
    work, reach, form = db.session(), Reach.of(require_actor()), ListForm.read(request.args)
    return page(
        "dossiers",
        form=form,
        listed=list_dossiers(work, reach, form, clock.today()),
        counts=count_by_state(reach.dossiers()),
        rounds=list_filter_rounds(work, reach),
        kinds=DOSSIER_KINDS,
        states=DOSSIER_STATES,
        left=left_of,
        all_states=ALL,
        overdue=OVERDUE,
        due_soon=DUE_SOON,
    )


@door.get(f"/ho-so/{DOSSIER}")
@requires(*OFFICE)
def show_dossier(dossier_id: int) -> Response:
    """Show a dossier, what was said of it so far, and what is to be done now."""
    return dossier_page(dossier_id)


@door.get(f"/ho-so/{DOSSIER}/tieu-chi")
@requires(*OFFICE)
def show_criteria(dossier_id: int) -> Response:
    """Show the producer's own sheet, criterion by criterion, with the evidence laid to each."""
    dossier = dossier_in_reach(db.session(), require_actor(), dossier_id, *whole())
    standing = standing_of(dossier, clock.today())
    return page(
        "dossier_criteria",
        dossier=dossier,
        standing=standing,
        trial=try_out(standing.sheet),
        rubric=standing.sheet.rubric,
        said={one.criterion: one.words for one in standing.row.choices} if standing.row else {},
        **EVIDENCE_FACTS,
        **SHEET_FACTS,
    )


@door.get(f"/ho-so/{DOSSIER}/mau-03")
@requires(*OFFICE)
def show_form_03(dossier_id: int) -> Response:
    """Show what the commune found as the document that goes to the province with its letter."""
    dossier = dossier_in_reach(db.session(), require_actor(), dossier_id, *whole())
    return page(
        "dossier_form_03",
        dossier=dossier,
        papers=read_papers(db.session(), dossier),
        topics=TOPICS,
        kinds=DOSSIER_KINDS,
        set_name=rubric_of(dossier).name,
    )
