"""The shelf of evidence of a producer: what is kept, until when it is good, and its files."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.dossiers.errors import EvidenceInUse, InvalidEvidence, TooManyEvidence
from marketplace.certification.dossiers.evidence import (
    MOST_EVIDENCE,
    add_evidence,
    get_own_evidence,
    list_evidence,
    remove_evidence,
)
from marketplace.database import db
from marketplace.media.limits import MAX_BYTES
from marketplace.producers.models import Producer
from marketplace.web.evidence import give_evidence
from marketplace.web.guards import requires
from marketplace.web.pictures import takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.dossier_pages import WORDS
from marketplace.workspace.evidence_form import fault_of, form_facts, read_facts
from marketplace.workspace.paper_file import read_paper_file
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed


@door.get("/<slug>/minh-chung")
@requires(Role.OWNER, Role.STAFF)
def show_evidence_shelf(slug: str) -> Response:
    """Show the evidence that a producer keeps, and ask for more."""
    return _shelf_page(own_producer(slug))


@door.post("/<slug>/minh-chung")
@requires(Role.OWNER, Role.STAFF)
@takes_files(MAX_BYTES + 200_000)
def put_on_shelf(slug: str) -> Response:
    """Put a piece on the shelf, for this dossier or a later one."""
    producer, typed = own_producer(slug), Typed(request.form)
    facts, file = read_facts(typed), read_paper_file(typed)
    if facts is None or file is None:
        return _shelf_page(producer, typed.faults)
    try:
        with acting() as (session, actor):
            add_evidence(session, actor, own_producer_in(session, actor, slug), facts, file, clock.now())
    except (InvalidEvidence, TooManyEvidence) as refusal:
        return _shelf_page(own_producer(slug), [fault_of(refusal)])
    return go(f"/gian-hang/{slug}/minh-chung", _("Đã cất giấy vào tủ."))


@door.post("/<slug>/minh-chung/bo")
@requires(Role.OWNER, Role.STAFF)
def take_off_shelf(slug: str) -> Response:
    """Take a piece off the shelf, unless a dossier was handed in with it."""
    words = _("Đã bỏ giấy khỏi tủ và khỏi các hồ sơ đang soạn.")
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            piece = get_own_evidence(session, Typed(request.form).id("giay"), own.id)
            remove_evidence(session, actor, own, piece, clock.now())
    except EvidenceInUse as refusal:
        words = explain(refusal)
    return go(f"/gian-hang/{slug}/minh-chung", words)


@door.get("/<slug>/minh-chung/<int(max=2147483647):piece_id>/tep")
@requires(Role.OWNER, Role.STAFF)
def give_evidence_file(slug: str, piece_id: int) -> Response:
    """Give the file of a piece to those who keep it."""
    return give_evidence(get_own_evidence(db.session(), piece_id, own_producer(slug).id))


def _shelf_page(producer: Producer, faults: Faults = ()) -> Response:
    return page(
        "evidence_shelf",
        producer,
        faults=faults,
        shelf=list_evidence(producer.id),
        most=MOST_EVIDENCE,
        **form_facts(),
        day=clock.today(),
        **WORDS,
    )
