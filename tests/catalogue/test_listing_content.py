"""What a listing says: words, pictures, packs, and how far prices may go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.journal import Deed
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.errors import (
    FixedByCertificate,
    IllegalTransition,
    InvalidPictures,
    InvalidVariant,
    InvalidWords,
    ListingChanged,
    PriceJump,
    SkuTaken,
)
from marketplace.catalogue.listing_content import (
    change_price,
    describe_draft_product,
    describe_listing,
    set_listing_packs,
    set_listing_pictures,
)
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.listings import pause_listing, start_listing, submit_listing
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.pictures import ProductPicture
from marketplace.catalogue.prices import jumps, price_history
from marketplace.catalogue.queries import get_product
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_pack, a_product, a_set, a_variant
from tests.factories.listings import (
    a_certified_product,
    a_listing,
    a_live_listing,
    a_picture,
    producer_of,
    the_owner,
    the_staff,
)
from tests.factories.producers import a_producer

AT = datetime(2026, 11, 21, 5, tzinfo=UTC)
LATER = AT + timedelta(days=3)


def a_draft(session: Session) -> tuple[Listing, Producer]:
    producer = a_producer(session)
    product = a_product(session, producer=producer)
    return start_listing(session, producer, product=product, actor=the_owner(producer), at=AT), producer


def test_words_left_out_stay_and_lines_are_kept(app: Flask) -> None:
    with unit_of_work() as session:
        listing, producer = a_draft(session)
        by: dict[str, Any] = {"actor": the_staff(producer), "at": AT}
        describe_listing(
            session,
            listing,
            version=1,
            description=" Dòng một \r\n\n\n\nDòng  hai ",
            shelf_life_days=30,
            **by,
        )
        describe_listing(session, listing, version=2, usage_note="", storage_note="Nơi mát", **by)
        assert listing.description == "Dòng một\n\nDòng hai"
        assert (listing.usage_note, listing.storage_note) == (None, "Nơi mát")
        assert (listing.shelf_life_days, listing.version, listing.touched_at) == (30, 3, AT)


@pytest.mark.parametrize(
    "words",
    [
        {"description": "x" * 4_001},
        {"usage_note": "x" * 1_001},
        {"storage_note": "x" * 1_001},
        {"shelf_life_days": 0},
        {"shelf_life_days": 3_651},
    ],
)
def test_words_too_long_are_refused_by_name(app: Flask, words: dict[str, Any]) -> None:
    with pytest.raises(InvalidWords) as refusal, unit_of_work() as session:
        listing, producer = a_draft(session)
        describe_listing(session, listing, version=1, actor=the_owner(producer), at=AT, **words)
    assert refusal.value.parameters["field"] in words


def test_of_two_tabs_the_first_is_heard(app: Flask) -> None:
    with unit_of_work() as session:
        listing, producer = a_draft(session)
        by: dict[str, Any] = {"actor": the_owner(producer), "at": AT}
        describe_listing(session, listing, version=1, description="Tab một", **by)
        for late in (
            lambda: describe_listing(session, listing, version=1, description="Tab hai", **by),
            lambda: set_listing_packs(session, listing, [a_pack()], version=1, **by),
            lambda: set_listing_pictures(session, listing, [], version=1, **by),
            lambda: describe_draft_product(session, listing, version=1, name="Tab hai", **by),
        ):
            with pytest.raises(ListingChanged) as refusal:
                late()
            assert refusal.value.parameters == {"version": 2}
        assert listing.description == "Tab một"


def test_a_draft_without_certificate_is_named_as_one_likes(app: Flask) -> None:
    with unit_of_work() as session:
        listing, producer = a_draft(session)
        by: dict[str, Any] = {"actor": the_owner(producer), "at": AT}
        vinegar = a_set(session, 9)
        describe_draft_product(
            session, listing, version=1, name="Giấm bưởi", ingredients="Bưởi", product_set=vinegar, **by
        )
        product = session.get_one(Product, listing.product_id)
        assert (product.name, product.name_folded, product.ingredients) == ("Giấm bưởi", "giam buoi", "Bưởi")
        assert (product.set_id, product.group_id) == (vinegar.id, vinegar.group_id)
        describe_draft_product(session, listing, version=2, labels="Số 7", **by)
        assert (product.name, product.set_id, product.labels) == ("Giấm bưởi", vinegar.id, "Số 7")
        with pytest.raises(InvalidWords):
            describe_draft_product(session, listing, version=3, name=" ", **by)


def test_what_the_certificate_fixes_is_not_in_the_draft(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        listing = a_listing(session, product)
        owner = the_owner(producer_of(session, product))
        with pytest.raises(FixedByCertificate):
            describe_draft_product(session, listing, version=listing.version, actor=owner, at=AT, name="Cam")
        assert product.name == "Cam Khe Mây"


def test_pictures_come_in_order_and_the_first_is_the_cover(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session)
        listing = a_live_listing(session, product)
        producer = producer_of(session, product)
        one, two = a_picture(session, producer), a_picture(session, producer)
        by: dict[str, Any] = {"actor": the_owner(producer), "at": AT}
        for order in ([one, two], [two, one]):
            named = [(picture.id, f"Ảnh {picture.id}") for picture in order]
            set_listing_pictures(session, listing, named, version=listing.version, **by)
            assert product.cover_id == order[0].id
    db.session.expire_all()
    assert [shown.picture_id for shown in get_product(product.slug).pictures] == [two.id, one.id]
    with unit_of_work() as session:
        listing = session.get_one(Listing, product.id)
        set_listing_pictures(session, listing, [], version=listing.version, **by)
    db.session.expire_all()
    assert get_product(product.slug).cover_id is None


def test_a_picture_taken_away_is_gone_unless_something_else_shows_it(app: Flask) -> None:
    with unit_of_work() as session:
        listing, producer = a_draft(session)
        gone, shared, kept = (a_picture(session, producer).id for _ in range(3))
        by: dict[str, Any] = {"actor": the_owner(producer), "at": AT}
        other = a_product(session, "Bưởi", producer=producer)
        session.add(ProductPicture(product_id=other.id, picture_id=shared, position=0, alt=""))
        all_three = [(number, "") for number in (gone, shared, kept)]
        set_listing_pictures(session, listing, all_three, version=1, **by)
        set_listing_pictures(session, listing, [(kept, "")], version=2, **by)
    left = db.session.scalars(sa.select(Picture.id).order_by(Picture.id)).all()
    assert left == [shared, kept]


def test_pictures_are_ones_own_and_few(app: Flask) -> None:
    with unit_of_work() as session:
        listing, producer = a_draft(session)
        own, foreign = a_picture(session, producer), a_picture(session, a_producer(session, "HTX Khác"))
        many = [a_picture(session, producer) for _ in range(9)]
        for pictures in ([foreign], [own, own], many):
            with pytest.raises(InvalidPictures):
                named = [(picture.id, "") for picture in pictures]
                set_listing_pictures(session, listing, named, version=1, actor=the_owner(producer), at=AT)


def test_packs_without_a_code_are_given_one(app: Flask) -> None:
    with unit_of_work() as session:
        listing, producer = a_draft(session)
        by: dict[str, Any] = {"actor": the_owner(producer), "at": AT}
        number = listing.product_id
        first = set_listing_packs(
            session, listing, [a_pack(sku=""), a_pack(sku="CAM"), a_pack(sku="")], version=1, **by
        )
        assert [pack.sku for pack in first] == [f"GH{number}-1", "CAM", f"GH{number}-2"]
        again = [a_pack(sku=f"GH{number}-2"), a_pack(sku="")]
        second = set_listing_packs(session, listing, again, version=2, **by)
        assert [pack.sku for pack in second] == [f"GH{number}-2", f"GH{number}-3"]
        assert [(pack.active, pack.waiting) for pack in second] == [(False, True)] * 2
        assert not first[1].waiting
        with pytest.raises(SkuTaken):
            other = a_product(session, "Bưởi", producer=producer)
            a_variant(session, other, sku="CAM")


def test_no_pack_is_on_sale_and_waits(app: Flask) -> None:
    with pytest.raises(IntegrityError), unit_of_work() as session:
        a_variant(session, a_product(session)).waiting = True


def priced(session: Session, price: int = 100_000, *, live: bool = True) -> tuple[Variant, Producer]:
    product = a_certified_product(session)
    listing = (a_live_listing if live else a_listing)(session, product, [a_pack(price=price)])
    wanted = sa.select(Variant).where(Variant.product_id == listing.product_id)
    return session.scalars(wanted).one(), producer_of(session, product)


@pytest.mark.parametrize(
    ("before", "price", "far"),
    [(100_000, 130_000, False), (100_000, 130_001, True), (100_000, 70_000, False), (100_000, 69_999, True)],
)
def test_thirty_percent_is_as_far_as_a_price_goes(before: int, price: int, far: bool) -> None:
    assert jumps(before, price) is far


def test_prices_are_written_down(app: Flask) -> None:
    with unit_of_work() as session:
        variant, producer = priced(session)
        staff = the_staff(producer)
        change_price(session, variant, 110_000, actor=staff, at=LATER)
        change_price(session, variant, 110_000, actor=staff, at=LATER)
        with pytest.raises(InvalidVariant):
            change_price(session, variant, 0, actor=the_owner(producer, strong=True), at=LATER)
    history = [(one.before, one.price, one.person_id, one.at) for one in price_history(variant.id)]
    assert history == [(100_000, 110_000, staff.person_id, LATER), (None, 100_000, 1, AT)]
    assert get_product("cam-khe-may").from_price == 110_000
    deeds = db.session.scalars(sa.select(Deed).where(Deed.action == "price:change").order_by(Deed.seq)).all()
    assert [deed.data for deed in deeds] == ['{"price":110000}', '{"price":110000}']


def test_a_jump_is_the_owners_after_a_proof(app: Flask) -> None:
    with unit_of_work() as session:
        variant, producer = priced(session)
        listing = session.get_one(Listing, variant.product_id)
        pack = a_pack(sku=variant.sku, price=131_000)
        stale = the_owner(producer)
        for actor in (the_staff(producer), stale):
            with pytest.raises(PriceJump) as refusal:
                change_price(session, variant, 131_000, actor=actor, at=AT)
            assert refusal.value.parameters == {"sku": variant.sku, "before": 100_000, "price": 131_000}
            with pytest.raises(PriceJump):
                set_listing_packs(session, listing, [pack], version=listing.version, actor=actor, at=AT)
        assert variant.price == 100_000
        change_price(session, variant, 200_000, actor=the_owner(producer, strong=True), at=AT)
        change_price(session, variant, 190_000, actor=the_staff(producer), at=AT)
        assert [one.confirmed for one in price_history(variant.id)] == [False, True, False]


def test_small_steps_of_a_day_add_up(app: Flask) -> None:
    with unit_of_work() as session:
        variant, producer = priced(session)
        staff: Actor = the_staff(producer)
        change_price(session, variant, 125_000, actor=staff, at=LATER)
        change_price(session, variant, 128_000, actor=staff, at=LATER + timedelta(hours=1))
        with pytest.raises(PriceJump) as refusal:
            change_price(session, variant, 131_000, actor=staff, at=LATER + timedelta(hours=2))
        assert refusal.value.parameters["before"] == 100_000
        change_price(session, variant, 160_000, actor=staff, at=LATER + timedelta(hours=26))
        proved = replace(the_owner(producer), strong_until=LATER + timedelta(hours=28))
        change_price(session, variant, 320_000, actor=proved, at=LATER + timedelta(hours=27))
        change_price(session, variant, 400_000, actor=staff, at=LATER + timedelta(hours=27))
        with pytest.raises(PriceJump) as refusal:
            change_price(session, variant, 420_000, actor=staff, at=LATER + timedelta(hours=27))
        assert refusal.value.parameters["before"] == 320_000


def test_prices_nobody_has_seen_go_where_they_like(app: Flask) -> None:
    with unit_of_work() as session:
        variant, producer = priced(session, live=False)
        change_price(session, variant, 900_000, actor=the_staff(producer), at=AT)
        assert variant.price == 900_000
        listing = session.get_one(Listing, variant.product_id)
        submit_listing(session, listing, actor=the_owner(producer), at=AT)
        with pytest.raises(IllegalTransition):
            change_price(session, variant, 800_000, actor=the_staff(producer), at=AT)


def test_the_first_price_on_view_is_what_later_ones_are_compared_with(app: Flask) -> None:
    with unit_of_work() as session:
        variant, producer = priced(session, 100_000)
        staff = the_staff(producer)
        listing = session.get_one(Listing, variant.product_id)
        pause_listing(session, listing, actor=staff, at=AT)
        with pytest.raises(PriceJump):
            change_price(session, variant, 300_000, actor=staff, at=LATER)
        listing.live_since = LATER
        session.flush()
        added = set_listing_packs(
            session,
            listing,
            [a_pack(sku="MOI", price=50_000)],
            version=listing.version,
            actor=staff,
            at=LATER,
        )
        change_price(session, added[0], 60_000, actor=staff, at=LATER + timedelta(hours=1))
        with pytest.raises(PriceJump) as refusal:
            change_price(session, added[0], 66_000, actor=staff, at=LATER + timedelta(hours=2))
        assert refusal.value.parameters["before"] == 50_000


def test_a_price_of_the_register_keeps_to_the_rule_too(app: Flask) -> None:
    with unit_of_work() as session:
        producer = a_producer(session)
        variant = a_variant(session, a_product(session, producer=producer, at=AT - timedelta(days=9)))
        with pytest.raises(PriceJump):
            change_price(session, variant, 10_000, actor=the_staff(producer), at=AT)
        change_price(session, variant, 85_000, actor=the_staff(producer), at=AT)
        assert variant.price == 85_000
