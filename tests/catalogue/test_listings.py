"""The way of a listing, and what the public sees of it on the way."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, register
from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.journal import Deed
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.answer_times import answer_due
from marketplace.catalogue.errors import (
    IllegalTransition,
    InvalidWords,
    ListingChanged,
    ListingExists,
    ListingIncomplete,
    NeverCertified,
    SkuTaken,
)
from marketplace.catalogue.listing_content import describe_listing, set_listing_packs, set_listing_pictures
from marketplace.catalogue.listing_models import DeclineReason, Listing, ListingState
from marketplace.catalogue.listings import (
    approve_listing,
    decline_listing,
    pause_listing,
    resume_listing,
    start_listing,
    submit_listing,
    withdraw_listing,
)
from marketplace.catalogue.models import Product, Publication, Variant
from marketplace.catalogue.packs import set_variants
from marketplace.catalogue.queries import get_by_trace_token, get_picture_facts, get_product
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from tests.factories.accounts import an_actor
from tests.factories.catalogue import TOURISM, a_pack, a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.listings import (
    DESCRIPTION,
    OFFICER_ID,
    a_certified_product,
    a_listing,
    a_live_listing,
    a_picture,
    an_officer,
    producer_of,
    the_owner,
)
from tests.factories.producers import a_producer

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)  # a Friday


def prices_on_view(product: Product) -> list[int]:
    db.session.rollback()
    db.session.expire_all()
    return [variant.price for variant in get_product(product.slug).variants]


def test_a_listing_goes_from_its_producer_to_the_public(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner = the_owner(producer_of(session, product))
        listing = a_listing(session, product, [a_pack(price=120_000), a_pack(price=60_000)])
        assert (listing.state, product.from_price, product.offered) == (ListingState.DRAFT, None, False)
        submit_listing(session, listing, actor=owner, at=AT)
        assert (listing.state, listing.submitted_at) == (ListingState.SUBMITTED, AT)
    shown = get_product(product.slug)
    assert (shown.listing, shown.pictures, shown.variants, shown.cover) == (None, [], [], None)
    with unit_of_work() as session:
        listing = session.get_one(Listing, product.id)
        approve_listing(session, listing, version=listing.version, actor=an_officer(), at=AT)
        assert (listing.decided_by, listing.decided_at, listing.live_since) == (OFFICER_ID, AT, AT)
    db.session.expire_all()
    shown = get_product(product.slug)
    assert shown.listing is not None
    assert shown.listing.description == DESCRIPTION
    assert [one.alt for one in shown.pictures] == ["Mặt trước", "Nhãn và hạn dùng"]
    assert shown.cover is shown.pictures[0].picture
    assert ([one.price for one in shown.variants], shown.from_price) == ([120_000, 60_000], 60_000)
    assert shown.offered


def test_approval_puts_its_packs_in_the_place_of_those_before(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        sample = a_variant(session, product, sample=True, price=10_000)
        with pytest.raises(SkuTaken):
            a_listing(session, product, [a_pack(sku=sample.sku)])
    with unit_of_work() as session:
        product = a_certified_product(session, "Khoai deo")
        sample = a_variant(session, product, sample=True, price=10_000)
        listing = a_listing(session, product, [a_pack(price=55_000)])
        assert (product.from_price, product.offered) == (10_000, True)
    assert prices_on_view(product) == [10_000]
    with unit_of_work() as session:
        listing = session.get_one(Listing, product.id)
        submit_listing(session, listing, actor=the_owner(producer_of(session, product)), at=AT)
        approve_listing(session, listing, version=listing.version, actor=an_officer(), at=AT)
    assert prices_on_view(product) == [55_000]
    assert not session.get_one(Variant, sample.id).waiting


def test_a_pause_takes_words_pictures_and_packs_away_and_brings_them_back(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner = the_owner(producer_of(session, product))
        listing = a_live_listing(session, product)
        pause_listing(session, listing, actor=owner, at=AT)
        assert not product.offered
    db.session.expire_all()
    shown = get_product(product.slug)
    assert (shown.listing, shown.pictures, shown.variants, shown.cover_id) == (None, [], [], None)
    with unit_of_work() as session:
        listing = session.get_one(Listing, product.id)
        set_listing_packs(
            session, listing, [a_pack(price=95_000)], version=listing.version, actor=owner, at=AT
        )
        assert not session.get_one(Product, product.id).offered
        resume_listing(session, listing, actor=owner, at=AT)
    assert prices_on_view(product) == [95_000]
    assert get_product(product.slug).cover_id is not None


def test_a_price_of_the_register_leaves_waiting_packs_alone(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        listing = a_listing(session, product, [a_pack(sku="CAM-1", price=70_000)])
        set_variants(session, product, [a_pack(price=40_000)])
        assert product.from_price == 40_000
        submit_listing(session, listing, actor=the_owner(producer_of(session, product)), at=AT)
        approve_listing(session, listing, version=listing.version, actor=an_officer(), at=AT)
        assert product.from_price == 70_000


def test_a_declined_listing_comes_back_with_reason_and_is_submitted_anew(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner, officer = the_owner(producer_of(session, product)), an_officer()
        a_variant(session, product, sample=True, price=10_000)
        listing = a_listing(session, product)
        submit_listing(session, listing, actor=owner, at=AT)
        with pytest.raises(InvalidWords):
            decline_listing(
                session, listing, DeclineReason.OTHER, " ", version=listing.version, actor=officer, at=AT
            )
        decline_listing(
            session,
            listing,
            DeclineReason.LABEL_INCOMPLETE,
            "Chưa thấy hạn dùng trên nhãn.",
            version=listing.version,
            actor=officer,
            at=AT,
        )
        assert product.from_price == 10_000
        assert (listing.state, listing.decline_reason) == (
            ListingState.DECLINED,
            DeclineReason.LABEL_INCOMPLETE,
        )
        describe_listing(
            session, listing, version=listing.version, actor=owner, at=AT, storage_note="Nơi mát"
        )
        submit_listing(session, listing, actor=owner, at=AT)
        assert (listing.decline_reason, listing.decline_words, listing.decided_by) == (None, None, None)


def test_a_listing_taken_down_leaves_the_public_at_once(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        listing = a_live_listing(session, product)
        words = "Ghi chữa bệnh."
        decline_listing(
            session,
            listing,
            DeclineReason.MISLEADING,
            words,
            version=listing.version,
            actor=an_officer(),
            at=AT,
        )
        assert (listing.state, product.offered, product.cover_id) == (ListingState.DECLINED, False, None)
    assert prices_on_view(product) == []
    assert get_product(product.slug).listing is None


def test_what_a_public_page_shows_raises_the_version_and_drafts_do_not(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner = the_owner(producer_of(session, product))
        listing = a_listing(session, product)

    def describe(words: str) -> int:
        with unit_of_work() as session:
            kept = session.get_one(Listing, listing.product_id)
            describe_listing(session, kept, version=kept.version, actor=owner, at=AT, description=words)
        return register.current_version()

    before = register.current_version()
    assert describe("Bản nháp thứ hai của lời giới thiệu") == before
    with unit_of_work() as session:
        kept = session.get_one(Listing, listing.product_id)
        submit_listing(session, kept, actor=owner, at=AT)
        approve_listing(session, kept, version=kept.version, actor=an_officer(), at=AT)
    live = register.current_version()
    assert live == before + 1
    assert describe("Lời giới thiệu đã sửa khi đang bán") == live + 1


@pytest.mark.parametrize("undated", [{"stars": None, "issued_on": None}, {"stars": 3, "issued_on": None}])
def test_only_what_was_ever_certified_is_submitted(app: Flask, undated: dict[str, None]) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))
        owner = the_owner(producer_of(session, product))
        listing = a_listing(session, product)
        with pytest.raises(NeverCertified):
            submit_listing(session, listing, actor=owner, at=AT)
        a_certificate(session, product, **undated)
        submit_listing(session, listing, actor=owner, at=AT)
        assert listing.state is ListingState.SUBMITTED


def test_a_product_that_is_not_in_the_register_is_drafted_and_seen_by_nobody(app: Flask) -> None:
    with unit_of_work() as session:
        producer = a_producer(session, printed_province="Hà Tĩnh")
        listing = start_listing(session, producer, name="  Mứt vỏ  bưởi ", actor=the_owner(producer), at=AT)
        product = session.get_one(Product, listing.product_id)
        assert (product.name, product.publication) == ("Mứt vỏ bưởi", Publication.DRAFT)
        assert product.printed_province == "Hà Tĩnh"
    for look in (get_product, get_picture_facts):
        with pytest.raises(NotFound):
            look(product.slug)
    with unit_of_work() as session:
        product = session.get_one(Product, product.id)
        producer = producer_of(session, product)
        owner, listing = the_owner(producer), session.get_one(Listing, product.id)
        with pytest.raises(ListingIncomplete, match="1"):
            a_certificate(session, product)
            submit_listing(session, listing, actor=owner, at=AT)


def test_a_certified_draft_is_published_with_its_listing(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session, publication=Publication.DRAFT)
        listing = a_live_listing(session, product)
    assert get_product(product.slug).listing is not None
    with unit_of_work() as session:
        product = session.get_one(Product, product.id)
        suspend_product(session, product)
        listing = session.get_one(Listing, product.id)
        owner = the_owner(producer_of(session, product))
        pause_listing(session, listing, actor=owner, at=AT)
        resume_listing(session, listing, actor=owner, at=AT)
        assert product.publication is Publication.SUSPENDED
    with pytest.raises(NotFound):
        get_product(product.slug)


@pytest.mark.parametrize(
    ("missing", "step"), [("pictures", 2), ("packs", 3), ("description", 4), ("group", 1)]
)
def test_what_is_missing_is_asked_for_by_its_step(app: Flask, missing: str, step: int) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        producer = producer_of(session, product)
        by: dict[str, Any] = {"actor": the_owner(producer), "at": AT}
        listing = a_listing(session, product)
        one = [(a_picture(session, producer).id, "")]
        if missing == "pictures":
            set_listing_pictures(session, listing, one, version=listing.version, **by)
        elif missing == "packs":
            set_listing_packs(session, listing, [], version=listing.version, **by)
        elif missing == "description":
            describe_listing(session, listing, version=listing.version, description="Cam", **by)
        else:
            product.set_id = product.group_id = None
        with pytest.raises(ListingIncomplete) as refusal:
            submit_listing(session, listing, **by)
        assert refusal.value.parameters == {"step": step}


def test_what_is_not_ordered_here_needs_no_pack(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session, set_number=TOURISM)
        listing = a_listing(session, product, [a_pack()])
        by: dict[str, Any] = {"actor": the_owner(producer_of(session, product)), "at": AT}
        set_listing_packs(session, listing, [], version=listing.version, **by)
        submit_listing(session, listing, **by)


def test_an_answer_holds_for_what_was_read(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner, officer = the_owner(producer_of(session, product)), an_officer()
        listing = a_listing(session, product)
        submit_listing(session, listing, actor=owner, at=AT)
        read = listing.version
        withdraw_listing(session, listing, actor=owner, at=AT)
        assert (listing.submitted_at, listing.answer_due_at) == (None, None)
        describe_listing(
            session, listing, version=listing.version, actor=owner, at=AT, usage_note="Chữa bệnh"
        )
        submit_listing(session, listing, actor=owner, at=AT)
        with pytest.raises(ListingChanged):
            approve_listing(session, listing, version=read, actor=officer, at=AT)
        with pytest.raises(ListingChanged):
            decline_listing(
                session, listing, DeclineReason.OTHER, "Không", version=read, actor=officer, at=AT
            )


def test_nobody_lets_their_own_listing_through(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        producer = producer_of(session, product)
        listing = a_listing(session, product)
        submit_listing(session, listing, actor=the_owner(producer), at=AT)
        scope = Scope(ScopeKind.PRODUCER, producer.id)
        both = an_actor(5, *((scope, held.role) for held in the_owner(producer).memberships))
        with pytest.raises(ConflictOfDuty):
            approve_listing(session, listing, version=listing.version, actor=both, at=AT)


def test_one_listing_a_product_and_of_its_own_producer(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        other = a_producer(session, "HTX Khác")
        with pytest.raises(NotFound):
            start_listing(session, other, product=product, actor=the_owner(other), at=AT)
        a_listing(session, product)
        with pytest.raises(ListingExists):
            a_listing(session, product)


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
def test_a_draft_has_a_name(app: Flask, name: str) -> None:
    with unit_of_work() as session, pytest.raises(InvalidWords):
        producer = a_producer(session)
        start_listing(session, producer, name=name, actor=the_owner(producer), at=AT)


def test_what_is_submitted_stays_as_it_is_read(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        owner: Actor = the_owner(producer_of(session, product))
        listing = a_listing(session, product)
        submit_listing(session, listing, actor=owner, at=AT)
        with pytest.raises(IllegalTransition) as refusal:
            describe_listing(session, listing, version=listing.version, actor=owner, at=AT, usage_note="x")
        assert refusal.value.parameters == {"deed": "edit", "state": "submitted"}


def test_every_deed_is_in_the_journal_without_words(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        a_live_listing(session, product)
    deeds = db.session.scalars(sa.select(Deed).order_by(Deed.seq)).all()
    assert [deed.action for deed in deeds] == [
        "listing:start",
        "listing:edit",
        "listing:edit",
        "listing:edit",
        "listing:submit",
        "listing:approve",
    ]
    assert {deed.subject_id for deed in deeds} == {str(product.id)}
    assert {deed.org for deed in deeds} == {f"producer:{product.producer_id}"}
    assert '"state":"live"' in deeds[-1].data
    assert not any(DESCRIPTION[:6] in deed.data for deed in deeds)


def test_a_pack_in_the_hand_says_nothing_of_a_listing_that_waits(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        a_listing(session, product)
    assert get_by_trace_token(product.trace_token).listing is None


@pytest.mark.parametrize(
    ("asked", "working_days", "due"),
    [
        (datetime(2026, 11, 20, 3, tzinfo=UTC), 1, datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (datetime(2026, 11, 20, 3, tzinfo=UTC), 5, datetime(2026, 11, 27, 17, tzinfo=UTC)),
        (datetime(2026, 11, 22, 18, tzinfo=UTC), 1, datetime(2026, 11, 24, 17, tzinfo=UTC)),
        (datetime(2026, 11, 21, 3, tzinfo=UTC), 7, datetime(2026, 12, 1, 17, tzinfo=UTC)),
    ],
)
def test_answers_are_due_at_the_end_of_a_working_day(
    asked: datetime, working_days: int, due: datetime
) -> None:
    assert answer_due(asked, working_days) == due


def test_the_office_has_seven_working_days(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        listing = a_listing(session, product)
        submit_listing(session, listing, actor=the_owner(producer_of(session, product)), at=clock.now())
        assert listing.answer_due_at == datetime(2026, 12, 1, 17, tzinfo=UTC)
