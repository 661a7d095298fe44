"""Inspections as the producer sees them: what was found, what is mended, until when the rest is."""

from flask import Response

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.oversight.inspection_queries import get_own_inspection, list_inspections_of
from marketplace.database import db
from marketplace.web.guards import requires
from marketplace.web.oversight_words import FINDING_TOPICS, INSPECTION_KINDS
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.tenancy import own_producer


@door.get("/<slug>/kiem-tra")
@requires(Role.OWNER, Role.STAFF)
def show_inspections(slug: str) -> Response:
    """List the inspections of a producer."""
    producer = own_producer(slug)
    found = list_inspections_of(db.session(), producer.id)
    return page("inspections", producer, inspections=found, kinds=INSPECTION_KINDS, day=clock.today())


@door.get("/<slug>/kiem-tra/<int(max=2147483647):inspection_id>")
@requires(Role.OWNER, Role.STAFF)
def show_inspection(slug: str, inspection_id: int) -> Response:
    """Show what an inspection found, and what is still to be mended."""
    producer = own_producer(slug)
    return page(
        "inspection",
        producer,
        inspection=get_own_inspection(db.session(), inspection_id, producer.id),
        kinds=INSPECTION_KINDS,
        topics=FINDING_TOPICS,
        day=clock.today(),
    )
