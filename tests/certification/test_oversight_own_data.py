"""What oversight knows of its officers: handed out to them, kept as a record of their duty."""

from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.certification.models import RevocationReason
from marketplace.certification.oversight.grounds import Grounds
from marketplace.certification.oversight.models import AuthorityOrder, Inspection
from marketplace.certification.oversight.revocations import draft_revocation
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.oversight import INSPECTED, MARK, WORDS, an_inspection, an_officer, an_order
from tests.factories.places import make_province
from tests.factories.producers import a_producer


def a_case(session: Session) -> tuple[Actor, Actor]:
    """Write an officer who did one thing of each kind, and a colleague who did another."""
    province = make_province(session)
    producer: Producer = a_producer(session, province_id=province.id)
    product = a_product(session, producer=producer, location={"province_id": province.id})
    officer, colleague = an_officer(session, province.id), an_officer(session, province.id)
    an_inspection(session, officer, producer, MARK)
    an_inspection(session, colleague, producer, product=product)
    an_order(session, officer, province.id, product.id)
    an_order(session, colleague, province.id, number="99/QLTT-NV")
    grounds = Grounds(RevocationReason.MARK_MISUSED, WORDS, INSPECTED)
    draft_revocation(session, officer, a_certificate(session, product).id, grounds, clock.now())
    return officer, colleague


def test_officers_get_what_they_recorded_and_it_stays(app: Flask) -> None:
    with unit_of_work() as session:
        officer, colleague = a_case(session)
    session = db.session()
    mine = exporters["oversight"](session, Subject(officer.person_id, None, None))
    assert {kind: len(rows) for kind, rows in mine.items()} == {
        "inspections": 1,
        "authority_orders": 1,
        "revocations_drafted": 1,
        "revocations_decided": 0,
    }
    assert mine["inspections"][0]["words"] == WORDS
    assert "decided_by" not in mine["revocations_drafted"][0]
    theirs = exporters["oversight"](session, Subject(colleague.person_id, None, None))
    assert len(theirs["inspections"]) == 1
    db.session.rollback()
    with unit_of_work() as session:
        kept = erasers["oversight"](session, Subject(officer.person_id, None, None), clock.now())
    assert kept == "việc kiểm tra, thu hồi giấy và gỡ hàng đã ghi, vì là hồ sơ công vụ"
    assert db.session.query(Inspection).count() == 2
    assert db.session.query(AuthorityOrder).count() == 2


def test_of_anybody_else_nothing_is_known(app: Flask) -> None:
    with unit_of_work() as session:
        officer, _ = a_case(session)
        for number in (None, officer.person_id + 999):
            stranger = Subject(number, "x@example.vn", None)
            assert exporters["oversight"](session, stranger) == {}
            assert erasers["oversight"](session, stranger, clock.now()) is None
