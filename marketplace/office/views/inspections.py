"""Inspections of the own units, and a new one: whom, and what its minutes say."""

from flask import Response, request

from marketplace import clock
from marketplace.certification.oversight.errors import (
    InspectionRepeated,
    TooManyFindings,
)
from marketplace.certification.oversight.inspection_facts import LENGTHS
from marketplace.certification.oversight.inspections import (
    record_inspection,
)
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import days_left
from marketplace.office.inspection_desk import (
    Subject,
    last_phone,
    list_inspections,
    producer_subject,
    product_subject,
)
from marketplace.office.inspection_form import fault_of, read_inspection, topic_field
from marketplace.office.recall_search import find_recallable
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.web.guards import requires
from marketplace.web.oversight_words import FINDING_TOPICS, INSPECTION_KINDS
from marketplace.web.post import Letter, send_to_members
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/kiem-tra"
ID = "int(max=2147483647)"


@door.get("/kiem-tra")
@requires(*OFFICE)
def show_inspections() -> Response:
    """Show the inspections of the own units, those to be answered first on top."""
    work, reach = db.session(), Reach.of(require_actor())
    return page(
        "inspections",
        open=list_inspections(work, reach, closed=False),
        closed=list_inspections(work, reach, closed=True),
        left=lambda day: days_left(day, clock.now()),
        kinds=INSPECTION_KINDS,
    )


@door.get("/kiem-tra/moi")
@requires(*OFFICE)
def choose_inspected() -> Response:
    """Look for the producer or the product that was inspected."""
    words = request.args.get("q", "")[:200]
    found = find_recallable(db.session(), Reach.of(require_actor()), words) if words.strip() else None
    return page("inspection_choose", words=words, found=found)


@door.get(f"/kiem-tra/moi/chu-the/<{ID}:producer_id>")
@door.get(f"/kiem-tra/moi/san-pham/<{ID}:product_id>")
@requires(*OFFICE)
def ask_for_minutes(**named: int) -> Response:
    """Ask what the minutes of an inspection say."""
    return _form_page(_subject(named))


@door.post(f"/kiem-tra/moi/chu-the/<{ID}:producer_id>")
@door.post(f"/kiem-tra/moi/san-pham/<{ID}:product_id>")
@requires(*OFFICE)
def record(**named: int) -> Response:
    """Write an inspection down; everybody who works for the producer is told."""
    facts, faults = read_inspection(request.form)
    subject, at = _subject(named), clock.now()
    if facts is None:
        return _form_page(subject, faults)
    try:
        with acting() as (work, actor):
            chosen = _subject(named)
            made = record_inspection(work, actor, chosen.producer, chosen.product, facts, at)
            send_to_members(work, Letter.INSPECTION_RECORDED, chosen.producer.id, at, made.id)
            number = made.id
    except InspectionRepeated as refusal:
        return go(f"{PATH}/{refusal.parameters['inspection']}", explain(refusal))
    except (InvalidInput, TooManyFindings) as refusal:
        db.session.rollback()
        return _form_page(_subject(named), [fault_of(refusal)])
    return go(f"{PATH}/{number}", _("Đã ghi cuộc kiểm tra. Cơ sở được báo ngay."))


def _subject(named: dict[str, int]) -> Subject:
    """Return what the address names: a producer, or one product of it."""
    [(name, number)] = named.items()
    find = producer_subject if name == "producer_id" else product_subject
    return find(db.session(), require_actor(), number)


def _form_page(subject: Subject, faults: Faults = ()) -> Response:
    return page(
        "inspection_form",
        faults=faults,
        subject=subject,
        fields=[(topic_field(topic), words) for topic, words in FINDING_TOPICS.items()],
        typed=request.form,
        lengths=LENGTHS,
        phone=last_phone(db.session(), require_actor()),
        day=clock.today(),
        kinds=INSPECTION_KINDS,
    )
