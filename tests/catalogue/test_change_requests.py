"""What the certificate fixes changes by a request that an officer confirms."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import register
from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.journal import Deed
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import (
    ChangeRequest,
    RequestState,
    confirm_change_request,
    decline_change_request,
    find_open_request,
    open_change_request,
    withdraw_change_request,
)
from marketplace.catalogue.errors import (
    ChangeOutdated,
    ChangeRequestOpen,
    IllegalTransition,
    InvalidChange,
    InvalidWords,
    NotFixedYet,
)
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import ClassifiedBy, Product
from marketplace.catalogue.queries import get_product
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from tests.factories.catalogue import WHITE_SPIRIT, a_product, a_set, a_variant
from tests.factories.listings import (
    OFFICER_ID,
    a_certified_product,
    a_live_listing,
    an_officer,
    producer_of,
    the_owner,
)
from tests.factories.producers import a_producer

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
Changes = dict[ChangeField, str | None]
RENAMED: Changes = {ChangeField.NAME: "Cam bù Khe Mây"}


def asked(session: Session, product: Product, changes: Changes | None = None) -> ChangeRequest:
    owner = the_owner(producer_of(session, product))
    return open_change_request(session, product, changes or RENAMED, reason="Nhãn mới", actor=owner, at=AT)


def test_a_request_waits_and_changes_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        request = asked(
            session,
            product,
            {
                ChangeField.NAME: " Cam bù  Khe Mây ",
                ChangeField.NAME_EN: None,
                ChangeField.INGREDIENTS: "Cam",
            },
        )
        assert request.changes == {
            "name": {"old": "Cam Khe Mây", "new": "Cam bù Khe Mây"},
            "ingredients": {"old": None, "new": "Cam"},
        }
        assert request.answer_due_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert get_product(product.slug).name == "Cam Khe Mây"
    assert find_open_request(product.id) is request


def test_a_confirmed_request_is_carried_out_and_followed_by_search_and_pages(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        a_variant(session, product)
        spirit, other = a_set(session, WHITE_SPIRIT), a_producer(session, "HTX Hương Đô")
        request = asked(
            session,
            product,
            {
                ChangeField.NAME: "Rượu cam",
                ChangeField.NAME_EN: "Orange spirit",
                ChangeField.SET: spirit.slug,
                ChangeField.PRODUCER: other.slug,
                ChangeField.INGREDIENTS: "Cam, gạo",
                ChangeField.LABELS: "Số công bố 12/2026",
            },
        )
    with unit_of_work() as session:
        session.execute(sa.delete(Job))
    before = register.current_version()
    db.session.rollback()
    with unit_of_work() as session:
        request = session.get_one(ChangeRequest, request.id)
        confirm_change_request(session, request, actor=an_officer(), at=AT, words=" Đúng hồ sơ ")
        assert (request.state, request.decided_by, request.words) == (
            RequestState.CONFIRMED,
            OFFICER_ID,
            "Đúng hồ sơ",
        )
    db.session.expire_all()
    assert register.current_version() == before + 1
    found = get_product(product.slug)
    assert (found.name, found.name_en, found.name_folded) == ("Rượu cam", "Orange spirit", "ruou cam")
    assert (found.set_id, found.classified_by, found.producer_id) == (
        spirit.id,
        ClassifiedBy.SOURCE,
        other.id,
    )
    assert (found.ingredients, found.labels) == ("Cam, gạo", "Số công bố 12/2026")
    assert "huong do" in found.words_folded
    assert [job.kind for job in db.session.scalars(sa.select(Job))] == ["search.update"]
    assert find_open_request(product.id) is None


def test_the_listing_goes_with_the_producer(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        a_live_listing(session, product)
        other = a_producer(session, "HTX Hương Đô", printed_address=None)
        request = asked(session, product, {ChangeField.PRODUCER: other.slug})
        confirm_change_request(session, request, actor=an_officer(), at=AT)
        assert session.get_one(Listing, product.id).producer_id == other.id
        assert not product.offered


def test_a_declined_or_withdrawn_request_leaves_the_product(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        request = asked(session, product)
        with pytest.raises(InvalidWords):
            decline_change_request(session, request, "  ", actor=an_officer(), at=AT)
        decline_change_request(session, request, "Cần ảnh nhãn mới.", actor=an_officer(), at=AT)
        assert (request.state, request.words, request.decided_at) == (
            RequestState.DECLINED,
            "Cần ảnh nhãn mới.",
            AT,
        )
        request = asked(session, product)
        withdraw_change_request(session, request, actor=the_owner(producer_of(session, product)), at=AT)
        assert (request.state, request.decided_by) == (RequestState.WITHDRAWN, None)
        assert product.name == "Cam Khe Mây"


@pytest.mark.parametrize("first", ["confirm", "decline", "withdraw"])
@pytest.mark.parametrize("second", ["confirm", "decline", "withdraw"])
def test_a_request_is_answered_once(app: Flask, first: str, second: str) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        request = asked(session, product)
        deeds: dict[str, Callable[[], None]] = {
            "confirm": lambda: confirm_change_request(session, request, actor=an_officer(), at=AT),
            "decline": lambda: decline_change_request(session, request, "Chưa", actor=an_officer(), at=AT),
            "withdraw": lambda: withdraw_change_request(session, request, actor=an_officer(), at=AT),
        }
        deeds[first]()
        with pytest.raises(IllegalTransition):
            deeds[second]()


def test_of_a_product_one_request_waits_at_a_time(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        asked(session, product)
        with pytest.raises(ChangeRequestOpen):
            asked(session, product, {ChangeField.LABELS: "Khác"})
    with pytest.raises(IntegrityError), unit_of_work() as session:
        own = {"product_id": product.id, "producer_id": product.producer_id}
        session.add(ChangeRequest(**own, changes={}, opened_at=AT, answer_due_at=AT))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {ChangeField.NAME: " Cam Khe Mây "},
        {ChangeField.SET: "khong-co"},
        {ChangeField.SET: None},
        {ChangeField.PRODUCER: "khong-co"},
    ],
)
def test_a_change_names_something_new_that_exists(app: Flask, changes: Changes) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner = the_owner(producer_of(session, product))
        with pytest.raises(InvalidChange):
            open_change_request(session, product, changes, reason="", actor=owner, at=AT)


@pytest.mark.parametrize(
    "changes",
    [{ChangeField.NAME: " "}, {ChangeField.NAME: "x" * 201}, {ChangeField.INGREDIENTS: "x" * 4_001}],
)
def test_words_are_there_and_short_enough(app: Flask, changes: Changes) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        with pytest.raises(InvalidWords):
            asked(session, product, changes)


def test_without_a_certificate_nothing_is_fixed(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))
        with pytest.raises(NotFixedYet):
            asked(session, product)


def test_a_request_does_not_undo_what_changed_meanwhile(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        request = asked(session, product)
        product.name = "Cam Khe Mây loại một"
    with pytest.raises(ChangeOutdated) as refusal, unit_of_work() as session:
        request = session.get_one(ChangeRequest, request.id)
        confirm_change_request(session, request, actor=an_officer(), at=AT)
    assert refusal.value.parameters == {"field": "name"}
    db.session.expire_all()
    assert session.get_one(ChangeRequest, request.id).state is RequestState.OPEN
    assert get_product(product.slug).name == "Cam Khe Mây loại một"


def test_nobody_answers_their_own_request(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner, request = the_owner(producer_of(session, product)), asked(session, product)
        with pytest.raises(ConflictOfDuty):
            confirm_change_request(session, request, actor=owner, at=AT)
        with pytest.raises(ConflictOfDuty):
            decline_change_request(session, request, "Chưa", actor=owner, at=AT)


def test_requests_are_in_the_journal_by_their_fields_alone(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        request = asked(session, product, {ChangeField.NAME: "Bí mật", ChangeField.LABELS: "Bí mật"})
        confirm_change_request(session, request, actor=an_officer(), at=AT)
    deeds = db.session.scalars(sa.select(Deed).order_by(Deed.seq)).all()
    assert [deed.action for deed in deeds] == ["change_request:open", "change_request:confirmed"]
    assert {deed.data for deed in deeds} == {f'{{"field_codes":["labels","name"],"product_id":{product.id}}}'}
