"""Papers of lots and references elsewhere."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.documents import examine, read_document
from marketplace.media.models import Document, Picture
from marketplace.media.pictures import read_rendition
from marketplace.producers.models import Producer
from marketplace.traceability.lots.errors import InvalidPaper, InvalidPortal, PaperInUse
from marketplace.traceability.lots.models import ExternalReference, Lot, LotPaper, PaperKind, Portal
from marketplace.traceability.lots.papers import (
    MOST_PAPERS,
    File,
    PaperFacts,
    add_paper,
    get_own_paper,
    list_papers,
    remove_paper,
)
from marketplace.traceability.lots.references import (
    MOST_REFERENCES,
    ReferenceFacts,
    add_reference,
    get_own_reference,
    list_references,
    read_url,
    remove_reference,
)
from tests.conftest import NOON
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.lots import a_lot, a_paper, a_pdf, an_event
from tests.factories.media import encoded
from tests.factories.producers import a_producer

FACTS = PaperFacts(
    kind=PaperKind.LAB_REPORT,
    title="Phiếu kiểm nghiệm",
    issuer="Trung tâm Kiểm nghiệm",
    issued_on=date(2026, 11, 1),
)


@pytest.fixture
def lot(app: Flask) -> Lot:
    with unit_of_work() as session:
        return a_lot(session)


@pytest.fixture
def actor() -> Actor:
    return an_actor(1)


def added(lot: Lot, file: File, **changes: Any) -> LotPaper:
    with unit_of_work() as session:
        producer = session.get_one(Producer, lot.producer_id)
        return add_paper(session, None, producer, lot, replace(FACTS, **changes), file, NOON)


def removed(lot: Lot, actor: Actor, paper_id: int) -> None:
    with unit_of_work() as session:
        own = session.get_one(Lot, lot.id)
        producer = session.get_one(Producer, own.producer_id)
        remove_paper(session, actor, producer, own, get_own_paper(session, paper_id, own), NOON)


def test_a_paper_is_a_document_or_a_picture(lot: Lot) -> None:
    written = added(lot, examine(a_pdf(), "phieu.pdf"), words="Đạt\ncả 12 chỉ tiêu", passed=True)
    photographed = added(lot, encoded(), kind=PaperKind.INSPECTION, issued_on=date(2026, 10, 1))
    assert [paper.id for paper in list_papers(db.session(), lot.id)] == [photographed.id, written.id]
    assert (written.words, written.picture_id) == ("Đạt cả 12 chỉ tiêu", None)
    assert photographed.document_id is None
    assert written.document is not None
    assert len(deeds("lot_paper:add")) == 2


@pytest.mark.parametrize("file", [examine(a_pdf("một")), encoded()], ids=["document", "picture"])
def test_a_file_sent_again_is_the_same_paper_of_its_lot(lot: Lot, file: File) -> None:
    first = added(lot, file)
    assert added(lot, file).id == first.id
    with unit_of_work() as session:
        other = a_lot(session)
    assert added(other, file).id != first.id


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 161}),
        ("issuer", {"issuer": ""}),
        ("number", {"number": "x" * 61}),
        ("words", {"words": "x" * 501}),
        ("issued_on", {"issued_on": date(2026, 11, 22)}),
        ("issued_on", {"issued_on": date(1999, 12, 31)}),
    ],
)
def test_what_a_paper_cannot_say(lot: Lot, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidPaper) as refusal:
        added(lot, encoded(), **wrong)
    assert refusal.value.parameters["field"] == field


def test_a_lot_has_thirty_papers_at_most(lot: Lot) -> None:
    with unit_of_work() as session:
        for _ in range(MOST_PAPERS):
            a_paper(session, lot)
    with pytest.raises(InvalidPaper):
        added(lot, encoded())


def test_a_removed_paper_leaves_no_file(lot: Lot, actor: Actor) -> None:
    written, photographed = added(lot, examine(a_pdf())), added(lot, encoded())
    assert written.document is not None
    assert photographed.picture is not None
    for paper in (written, photographed):
        removed(lot, actor, paper.id)
    assert list_papers(db.session(), lot.id) == []
    assert read_document(written.document.key) is None
    assert read_rendition(photographed.picture.key, 200, "webp") is None
    for kind in (Document, Picture):
        assert db.session.execute(sa.select(kind)).first() is None


def test_a_paper_that_an_event_or_a_label_stands_by_stays(lot: Lot, actor: Actor) -> None:
    named, free = added(lot, encoded()), added(lot, examine(a_pdf()))
    with unit_of_work() as session:
        an_event(session, lot, paper_id=named.id)
    with pytest.raises(PaperInUse):
        removed(lot, actor, named.id)
    with unit_of_work() as session:
        session.get_one(Lot, lot.id).printed_at = NOON
    with pytest.raises(PaperInUse):
        removed(lot, actor, free.id)


EVIDENCE: dict[str, dict[str, Any]] = {
    "recalled": {"recalled_at": NOON},
    "public for a day": {"created_at": NOON - timedelta(hours=25)},
}


@pytest.mark.parametrize("facts", EVIDENCE.values(), ids=EVIDENCE.keys())
def test_evidence_stays(lot: Lot, actor: Actor, facts: dict[str, Any]) -> None:
    paper = added(lot, examine(a_pdf()))
    with unit_of_work() as session:
        own = session.get_one(Lot, lot.id)
        for name, value in facts.items():
            setattr(own, name, value)
    with pytest.raises(PaperInUse):
        removed(lot, actor, paper.id)
    [kept] = list_papers(db.session(), lot.id)
    assert kept.document is not None
    assert read_document(kept.document.key) is not None


def test_what_nobody_has_read_can_be_taken_away(lot: Lot, actor: Actor) -> None:
    paper = added(lot, examine(a_pdf()))
    with unit_of_work() as session:
        own = session.get_one(Lot, lot.id)
        own.created_at = NOON - timedelta(days=9)
        session.get_one(Product, own.product_id).publication = Publication.DRAFT
    removed(lot, actor, paper.id)
    assert list_papers(db.session(), lot.id) == []


def test_papers_of_other_lots_are_not_there(lot: Lot) -> None:
    paper = added(lot, encoded())
    with unit_of_work() as session:
        other = a_lot(session)
    with pytest.raises(NotFound):
        get_own_paper(db.session(), paper.id, other)


def referred(
    lot: Lot, reference: str = "893-1", url: str | None = None, of_lot: bool = False
) -> ExternalReference:
    with unit_of_work() as session:
        producer = session.get_one(Producer, lot.producer_id)
        facts = ReferenceFacts(portal=Portal.NATIONAL, reference=reference, url=url)
        assert lot.product_id is not None
        return add_reference(session, None, producer, lot.product_id, lot if of_lot else None, facts, NOON)


def test_a_reference_noted_again_gets_the_new_address(lot: Lot) -> None:
    first = referred(lot)
    again = referred(lot, url="https://txng.example.vn/893-1")
    assert (again.id, again.url) == (first.id, "https://txng.example.vn/893-1")
    assert referred(lot, of_lot=True).id != first.id
    assert lot.product_id is not None
    assert len(list_references(db.session(), lot.product_id)) == 2


def test_a_product_has_a_dozen_references_at_most(lot: Lot) -> None:
    for number in range(MOST_REFERENCES):
        referred(lot, str(number))
    with pytest.raises(InvalidPortal):
        referred(lot, "one more")
    assert referred(lot, "0").reference == "0"


@pytest.mark.parametrize("reference", ["", " \n", "x" * 121])
def test_a_reference_has_a_name(lot: Lot, reference: str) -> None:
    with pytest.raises(InvalidPortal):
        referred(lot, reference)


def test_references_of_others_are_not_there(lot: Lot, actor: Actor) -> None:
    one = referred(lot)
    with unit_of_work() as session:
        product = a_product(session, "Cam khác", producer=a_producer(session, "HTX Khác"))
    assert lot.product_id is not None
    with pytest.raises(NotFound):
        get_own_reference(db.session(), one.id, product.id)
    with pytest.raises(NotFound), unit_of_work() as session:
        producer = session.get_one(Producer, lot.producer_id)
        facts = ReferenceFacts(portal=Portal.OTHER, reference="x")
        add_reference(session, None, producer, product.id, None, facts, NOON)
    with unit_of_work() as session:
        other = a_product(session, "Quýt", producer=session.get_one(Producer, lot.producer_id))
        with pytest.raises(NotFound):
            add_reference(
                session, None, session.get_one(Producer, lot.producer_id), other.id, lot, facts, NOON
            )
    with unit_of_work() as session:
        producer = session.get_one(Producer, lot.producer_id)
        remove_reference(session, actor, producer, get_own_reference(session, one.id, lot.product_id), NOON)
    assert list_references(db.session(), lot.product_id) == []
    assert len(deeds("reference:remove")) == 1


@pytest.mark.parametrize(
    "url",
    ["https://txng.gov.vn", "https://a.b.example.vn/x?y=1#z", "https://verigoods.vn:443/a", " https://x.vn "],
)
def test_addresses_that_may_be_shown(url: str) -> None:
    assert read_url(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "http://txng.gov.vn",
        "javascript:alert(1)",
        "//txng.gov.vn",
        "https://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://user@txng.gov.vn/",
        "https://user:word@txng.gov.vn/",
        "https://txng.gov.vn:8443/",
        "https://txng.gov.vn:x/",
        "https://txng.gov.vn/a b",
        "https://txng.gov.vn/á",
        "https://-a.vn/",
        "https://[/",
        f"https://txng.gov.vn/{'x' * 300}",
    ],
)
def test_addresses_that_may_not(url: str) -> None:
    with pytest.raises(InvalidPortal):
        read_url(url)


def test_no_address_is_none() -> None:
    assert read_url(None) is None
    assert read_url("  ") is None
