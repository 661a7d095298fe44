"""Evidence: kept once, used again, laid to criteria, and there for ever once it was handed in."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.dossiers import evidence as shelf
from marketplace.certification.dossiers.actions import submit_dossier, withdraw_dossier
from marketplace.certification.dossiers.errors import (
    EvidenceInUse,
    InvalidEvidence,
    PageNotThere,
    TooManyEvidence,
)
from marketplace.certification.dossiers.evidence import (
    EvidenceFacts,
    add_evidence,
    get_own_evidence,
    list_evidence,
    remove_evidence,
)
from marketplace.certification.dossiers.evidence_models import (
    EvidenceFile,
    EvidenceKind,
    EvidenceUse,
    OwnPage,
)
from marketplace.certification.dossiers.laying import lay_to, link_own_page, take_from
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.own_pages import own_pages, product_with_pages
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.standing import is_good, needing_evidence, standing_of
from marketplace.certification.errors import UnknownCriterion
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.media.documents import read_document
from marketplace.media.models import Document, Picture
from marketplace.producers.models import Producer
from tests.factories.deeds import deeds
from tests.factories.dossiers import (
    a_dossier,
    a_dossier_product,
    an_evidence,
    evidence_file,
    fill_dossier,
    reload,
    the_owner,
)
from tests.factories.media import encoded

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
LAB = EvidenceFacts(kind=EvidenceKind.LAB_TEST, title="Phiếu kiểm nghiệm")


def a_shelf(session: Session) -> tuple[Dossier, Producer, Actor]:
    """Return an empty draft with its producer and owner."""
    product = a_dossier_product(session)
    owner = the_owner(session, product)
    dossier = a_dossier(session, product, actor=owner)
    return dossier, session.get_one(Producer, dossier.producer_id), owner


def test_a_piece_is_kept_with_its_digest(app: Flask) -> None:
    facts = replace(LAB, title=" Phiếu   số 7 ", number="KN-7", issued_on=TODAY, valid_until=TODAY)
    with unit_of_work() as session:
        _, producer, owner = a_shelf(session)
        file = evidence_file("Phiếu 7")
        piece = add_evidence(session, owner, producer, facts, file, NOON)
        assert (piece.title, piece.number, piece.valid_until) == ("Phiếu số 7", "KN-7", TODAY)
        assert piece.digest == file.digest
        assert piece.document is not None
        key, number = piece.document.key, piece.id
    assert read_document(key) == file.content  # type: ignore[union-attr]
    [deed] = deeds("evidence:add")
    assert (deed.subject_id, file.digest in deed.data, "KN-7" in deed.data) == (str(number), True, False)


def test_the_same_file_is_the_same_piece(app: Flask) -> None:
    with unit_of_work() as session:
        _, producer, owner = a_shelf(session)
        first = add_evidence(session, owner, producer, LAB, encoded(), NOON)
        again = add_evidence(session, owner, producer, replace(LAB, title="Khác"), encoded(), NOON)
        assert again is first
        assert first.picture is not None
        assert session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 1
        _, other, rival = a_shelf(session)
        assert add_evidence(session, rival, other, LAB, encoded(), NOON) is not first


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"number": "x" * 61}, "number"),
        ({"issued_on": date(2026, 11, 22)}, "issued_on"),
        ({"issued_on": date(1949, 12, 31)}, "issued_on"),
        ({"issued_on": date(2026, 1, 2), "valid_until": date(2026, 1, 1)}, "valid_until"),
        ({"valid_until": date(2100, 1, 1)}, "valid_until"),
    ],
)
def test_facts_that_cannot_be_are_refused(app: Flask, changes: dict[str, Any], field: str) -> None:
    with unit_of_work() as session:
        _, producer, owner = a_shelf(session)
        with pytest.raises(InvalidEvidence) as refusal:
            add_evidence(session, owner, producer, replace(LAB, **changes), evidence_file(), NOON)
        assert refusal.value.parameters["field"] == field
        assert list_evidence(producer.id) == []


def test_a_shelf_has_an_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_EVIDENCE", 1)
    with unit_of_work() as session:
        _, producer, owner = a_shelf(session)
        first = an_evidence(session, producer, owner)
        with pytest.raises(TooManyEvidence):
            an_evidence(session, producer, owner, file=evidence_file("Hai"))
        assert an_evidence(session, producer, owner) is first


def test_a_piece_is_laid_once_and_taken_away_again(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, producer, owner = a_shelf(session)
        piece = an_evidence(session, producer, owner)
        lay_to(session, owner, dossier, "4.1", piece, NOON)
        lay_to(session, owner, dossier, "4.1", piece, NOON)
        lay_to(session, owner, dossier, "1.1", piece, NOON)
        assert [use.criterion for use in list_uses(dossier.id)] == ["1.1", "4.1"]
        take_from(session, owner, dossier, "4.1", piece.id, NOON)
        assert [use.criterion for use in list_uses(dossier.id)] == ["1.1"]
        with pytest.raises(NotFound):
            take_from(session, owner, dossier, "4.1", piece.id, NOON)
        assert list_evidence(producer.id) == [piece]


def test_nothing_is_laid_where_it_does_not_belong(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, producer, owner = a_shelf(session)
        _, other, rival = a_shelf(session)
        foreign = an_evidence(session, other, rival)
        with pytest.raises(NotFound):
            lay_to(session, owner, dossier, "4.1", foreign, NOON)
        with pytest.raises(NotFound):
            get_own_evidence(session, foreign.id, producer.id)
        own = an_evidence(session, producer, owner)
        for code in ("4", "A", "99.9"):
            with pytest.raises(UnknownCriterion):
                lay_to(session, owner, dossier, code, own, NOON)
        assert get_own_evidence(session, own.id, producer.id).document is not None


def test_a_piece_that_was_never_handed_in_goes_with_its_file(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, producer, owner = a_shelf(session)
        pdf = an_evidence(session, producer, owner)
        photo = add_evidence(session, owner, producer, LAB, encoded(), NOON)
        for piece in (pdf, photo):
            lay_to(session, owner, dossier, "4.1", piece, NOON)
        assert pdf.document is not None
        key = pdf.document.key
    with unit_of_work() as session:
        for number in (pdf.id, photo.id):
            remove_evidence(session, owner, producer, get_own_evidence(session, number, producer.id), NOON)
        for model in (EvidenceFile, EvidenceUse, Document, Picture):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert read_document(key) is None
    assert len(deeds("evidence:remove")) == 2


def test_what_was_handed_in_stays_though_it_is_taken_out_later(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, DossierState.RETURNED, actor=owner)
        producer = session.get_one(Producer, dossier.producer_id)
        for use in list_uses(dossier.id):
            take_from(session, owner, dossier, use.criterion, use.evidence_id, NOON)
        withdraw_dossier(session, owner, dossier, NOON)
        [piece] = list_evidence(producer.id)
        assert piece.handed_in
        with pytest.raises(EvidenceInUse):
            remove_evidence(session, owner, producer, piece, NOON)


def on_view(product: Product, **changes: Any) -> Product:
    product.publication, product.story, product.offered = Publication.PUBLISHED, "Từ vườn nhà.", True
    for name, value in changes.items():
        setattr(product, name, value)
    return product


@pytest.mark.parametrize(
    ("changes", "pages"),
    [
        ({}, set(OwnPage)),
        ({"story": None}, {OwnPage.TRACE, OwnPage.STALL}),
        ({"offered": False}, {OwnPage.TRACE, OwnPage.STORY}),
        ({"publication": Publication.DRAFT}, {OwnPage.TRACE, OwnPage.STORY}),
        ({"publication": Publication.DRAFT, "story": None}, {OwnPage.TRACE}),
        ({"publication": Publication.SUSPENDED}, set()),
        ({"publication": Publication.WITHDRAWN}, set()),
    ],
)
def test_a_page_is_evidence_while_its_readers_can_open_it(
    app: Flask, changes: dict[str, Any], pages: set[OwnPage]
) -> None:
    with unit_of_work() as session:
        dossier, _, owner = a_shelf(session)
        product = on_view(product_with_pages(session, dossier.product_id), **changes)
        session.flush()
        assert own_pages(product) == pages
        for page in OwnPage:
            if page in pages:
                assert link_own_page(session, owner, dossier, page, "4.1", NOON).own_page is page
            else:
                with pytest.raises(PageNotThere):
                    link_own_page(session, owner, dossier, page, "4.1", NOON)
        assert {use.evidence.own_page for use in list_uses(dossier.id)} == pages


@pytest.mark.parametrize(
    ("publication", "state", "told"),
    [
        (Publication.DRAFT, ListingState.DRAFT, True),
        (Publication.PUBLISHED, ListingState.DRAFT, False),
        (Publication.PUBLISHED, ListingState.LIVE, True),
    ],
)
def test_the_story_of_a_listing_counts_where_it_is_shown(
    app: Flask, publication: Publication, state: ListingState, told: bool
) -> None:
    with unit_of_work() as session:
        dossier, producer, _ = a_shelf(session)
        facts = {"product_id": dossier.product_id, "producer_id": producer.id, "touched_at": NOON}
        session.add(Listing(**facts, state=state, description="Từ vườn nhà.", live_since=NOON))
        product = product_with_pages(session, dossier.product_id)
        on_view(product, publication=publication, story=None, offered=False)
        assert (OwnPage.STORY in own_pages(product)) is told


def test_a_first_dossier_is_handed_in_with_the_trace_page_of_a_draft(app: Flask) -> None:
    """The 4★ gate of the label asks for a trace code: a product that was never recognised has one."""
    with unit_of_work() as session:
        dossier, _, owner = a_shelf(session)
        fill_dossier(session, owner, dossier)
        product = on_view(product_with_pages(session, dossier.product_id), publication=Publication.DRAFT)
        gated = standing_of(reload(session, dossier.id), TODAY)
        code = next(leaf.code for leaf in needing_evidence(gated.sheet))
        for use in gated.evidence[code]:
            take_from(session, owner, dossier, code, use.id, NOON)
        assert standing_of(reload(session, dossier.id), TODAY).missing
        link_own_page(session, owner, dossier, OwnPage.TRACE, code, NOON)
        submit_dossier(session, owner, dossier, NOON)
        product.publication = Publication.PUBLISHED
        assert not standing_of(reload(session, dossier.id), TODAY).run_out
        product.publication = Publication.SUSPENDED
        assert standing_of(reload(session, dossier.id), TODAY).run_out


def test_a_page_is_one_piece_however_often_it_is_laid(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, producer, owner = a_shelf(session)
        on_view(session.get_one(Product, dossier.product_id))
        pieces = {
            link_own_page(session, owner, dossier, OwnPage.TRACE, code, NOON).id for code in ("4.1", "1.1")
        }
        assert len(pieces) == 1
        assert [(one.kind, one.digest) for one in list_evidence(producer.id)] == [("trace_code", None)]


def test_a_page_that_is_gone_is_no_evidence_any_more(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, _, owner = a_shelf(session)
        product = on_view(product_with_pages(session, dossier.product_id))
        piece = link_own_page(session, owner, dossier, OwnPage.STALL, "4.1", NOON)
        assert is_good(piece, TODAY, own_pages(product))
        product.offered = False
        assert not is_good(piece, TODAY, own_pages(product))
        assert standing_of(reload(session, dossier.id), TODAY).run_out == (piece,)


def test_pages_are_kept_by_hand_in_like_files(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, producer, owner = a_shelf(session)
        fill_dossier(session, owner, dossier)
        on_view(session.get_one(Product, dossier.product_id))
        piece = link_own_page(session, owner, dossier, OwnPage.TRACE, "4.1", NOON)
        submit_dossier(session, owner, dossier, NOON)
        session.refresh(piece)
        with pytest.raises(EvidenceInUse):
            remove_evidence(session, owner, producer, get_own_evidence(session, piece.id, producer.id), NOON)


def test_a_page_laid_to_a_draft_can_be_taken_off_the_shelf(app: Flask) -> None:
    with unit_of_work() as session:
        dossier, producer, owner = a_shelf(session)
        on_view(session.get_one(Product, dossier.product_id))
        piece = link_own_page(session, owner, dossier, OwnPage.TRACE, "4.1", NOON)
        remove_evidence(session, owner, producer, get_own_evidence(session, piece.id, producer.id), NOON)
        assert list_evidence(producer.id) == []
        assert list_uses(dossier.id) == []
