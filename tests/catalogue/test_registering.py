"""Registering products: addresses, codes, words and whether they can be ordered."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock, register
from marketplace.catalogue.actions import (
    add_alias,
    assign_gtin,
    classify_product,
    publish_product,
    refresh_offers_of,
    register_product,
    suspend_product,
    withdraw_product,
)
from marketplace.catalogue.errors import AliasTaken, GtinTaken, InvalidGtin, InvalidVariant, SkuTaken
from marketplace.catalogue.models import ClassifiedBy, Product, ProductGroup, SalePolicy, Uom, policy_of
from marketplace.catalogue.packs import reprice, set_variants
from marketplace.catalogue.queries import get_by_trace_token, get_product, list_groups
from marketplace.catalogue.unit_price import Measure, unit_price
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import LegalForm
from tests.factories.catalogue import WHITE_SPIRIT, a_pack, a_product, a_set, a_variant
from tests.factories.producers import a_producer


def test_products_of_one_name_get_addresses_of_their_own(app: Flask) -> None:
    with unit_of_work() as session:
        products = [a_product(session, "Mật ong Vũ Quang") for _ in range(3)]
        a_product(session, "Mật ong")
    assert [p.slug for p in products] == ["mat-ong-vu-quang", "mat-ong-vu-quang-2", "mat-ong-vu-quang-3"]


def test_a_name_without_letters_still_has_an_address(app: Flask) -> None:
    with unit_of_work() as session:
        assert a_product(session, "・・・").slug == "san-pham"


def test_trace_tokens_are_128_random_bits(app: Flask) -> None:
    with unit_of_work() as session:
        tokens = {a_product(session).trace_token for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {22}


def test_words_are_those_of_name_producer_and_place(app: Flask) -> None:
    with unit_of_work() as session:
        province = AdminUnit(
            key="tth", level=Level.PROVINCE, kind="tỉnh", name="Thừa Thiên Huế", slug="tth", name_key="x"
        )
        session.add(province)
        session.flush()
        place = {"printed_commune": "xã Phong Điền", "origin_id": province.id}
        product = a_product(session, "Trà Đỏ", producer=a_producer(session, "HTX Gò Dưa"), location=place)
        batch = a_product(session, "Trà Xanh", around=["tỉnh Hà Tĩnh"])
    assert product.name_folded == "tra do"
    for word in ("tra", "do", "htx", "go", "dua", "phong", "dien", "thua", "hue"):
        assert f" {word} " in product.words_folded
    assert " tinh " in batch.words_folded


def test_a_product_is_found_by_address_token_gtin_and_alias(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, external_id="ocop-1", gtin="9521234543213")
        add_alias(session, product, "ocop-2")
        add_alias(session, product, "ocop-2")
    assert product.gtin == "09521234543213"
    assert get_product("cam-khe-may").id == product.id
    assert get_by_trace_token(product.trace_token).id == product.id
    assert {alias.external_id for alias in get_product("cam-khe-may").aliases} == {"ocop-1", "ocop-2"}
    with pytest.raises(NotFound):
        get_by_trace_token("nothing")
    with pytest.raises(NotFound):
        get_product("nothing")


def test_an_alias_and_a_gtin_belong_to_one_product(app: Flask) -> None:
    with unit_of_work() as session:
        first = a_product(session, external_id="ocop-1", gtin="9521234543213")
        second = a_product(session, "Bưởi")
        with pytest.raises(AliasTaken):
            add_alias(session, second, "ocop-1")
        with pytest.raises(GtinTaken):
            assign_gtin(session, second, "09521234543213")
        assign_gtin(session, first, "9521234543213")
        with pytest.raises(GtinTaken):
            register_product(session, "Ổi", at=clock.now(), gtin="9521234543213")


@pytest.mark.parametrize("wrong", ["9521234543214", "123", "", "95212345432a3"])
def test_a_gtin_needs_its_check_digit(app: Flask, wrong: str) -> None:
    with unit_of_work() as session, pytest.raises(InvalidGtin):
        assign_gtin(session, a_product(session), wrong)


def test_a_set_brings_its_group_and_who_said_so(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, set_number=WHITE_SPIRIT, classified_by=ClassifiedBy.OURS)
        unknown = a_product(session, set_number=None, classified_by=ClassifiedBy.OURS)
        drinks = session.get_one(ProductGroup, product.group_id)
        classify_product(session, unknown, ClassifiedBy.SOURCE, group=drinks)
    assert (drinks.slug, product.classified_by) == ("do-uong", ClassifiedBy.OURS)
    assert (unknown.group_id, unknown.set_id, unknown.classified_by) == (drinks.id, None, ClassifiedBy.SOURCE)
    assert get_product(unknown.slug).sale_policy is SalePolicy.AGE_18


def test_what_is_not_classified_is_sold_as_the_strictest_is(app: Flask) -> None:
    with unit_of_work() as session:
        a_set(session)
    strictest = {group.slug: policy_of(None, group) for group in list_groups()}
    assert strictest == {
        "thuc-pham": SalePolicy.NORMAL,
        "do-uong": SalePolicy.AGE_18,
        "duoc-lieu": SalePolicy.LICENCE_REQUIRED,
        "thu-cong": SalePolicy.NORMAL,
        "sinh-vat-canh": SalePolicy.LIVE,
        "du-lich": SalePolicy.BOOKING,
    }
    assert policy_of(None, None) is SalePolicy.DISPLAY_ONLY


def offered(**changes: Any) -> bool:
    """Say whether a product in one pack is offered, one thing about it changed."""
    with unit_of_work() as session:
        address: dict[str, Any] = {} if changes.pop("address", True) else {"printed_address": None}
        producer = a_producer(session, **address) if changes.pop("producer", True) else None
        packed = changes.pop("packed", True)
        product = a_product(session, producer=producer, **changes)
        if packed:
            a_variant(session, product)
        return product.offered


def test_offered_is_published_packed_orderable_and_with_a_named_seller(app: Flask) -> None:
    assert offered()


@pytest.mark.parametrize(
    "changes",
    [{"packed": False}, {"producer": False}, {"address": False}, {"set_number": 26}, {"set_number": None}],
)
def test_whatever_is_missing_takes_the_offer_away(app: Flask, changes: dict[str, Any]) -> None:
    assert not offered(**changes)


def test_publication_decides_what_is_shown_and_sold(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))
        a_variant(session, product)
        for take_away in (suspend_product, withdraw_product):
            take_away(session, product)
            assert not product.offered
            with pytest.raises(NotFound):
                get_product(product.slug)
            assert get_by_trace_token(product.trace_token).id == product.id
            publish_product(session, product)
            assert product.offered
    assert get_product(product.slug).id == product.id


def test_an_address_learnt_later_opens_the_shop(app: Flask) -> None:
    with unit_of_work() as session:
        producer = a_producer(session, printed_address=None, legal_form=None)
        product = a_product(session, producer=producer)
        a_variant(session, product)
        producer.printed_address, producer.legal_form = "Xã Hương Đô", LegalForm.FARM
        refresh_offers_of(session, producer)
    assert (product.offered, product.legal_form) == (True, LegalForm.FARM)


def test_the_lowest_active_price_leads(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))
        small, large = a_pack(price=50_000), a_pack(price=90_000)
        variants = set_variants(session, product, [large, small])
        assert product.from_price == 50_000
        reprice(session, variants[1], 95_000)
        assert product.from_price == 90_000
        set_variants(session, product, [small])
        assert (product.from_price, [v.active for v in variants]) == (50_000, [False, True])
        set_variants(session, product, [])
        assert not product.offered
    assert get_product(product.slug).from_price is None
    assert get_product(product.slug).variants == []


@pytest.mark.parametrize(
    "changes",
    [
        {"price": 0},
        {"price": -1},
        {"content": Decimal(0)},
        {"weight_g": 0},
        {"price": 10_000_000_001},
        {"content": Decimal(100_000_001)},
        {"weight_g": 10_000_001},
        {"sku": ""},
        {"sku": "x" * 61},
        {"name": ""},
        {"name": "x" * 121},
        {"vat_percent": 21},
        {"vat_percent": -1},
    ],
)
def test_a_pack_without_price_or_content_is_refused(app: Flask, changes: dict[str, Any]) -> None:
    with unit_of_work() as session, pytest.raises(InvalidVariant):
        a_variant(session, a_product(session), **changes)


def test_a_sku_is_of_one_product_and_named_once(app: Flask) -> None:
    with unit_of_work() as session:
        variant = a_variant(session, a_product(session), sku="CAM-1")
        with pytest.raises(SkuTaken):
            a_variant(session, a_product(session), sku="CAM-1")
        with pytest.raises(SkuTaken):
            set_variants(session, a_product(session), [a_pack(sku="A"), a_pack(sku="A")])
        with pytest.raises(InvalidVariant):
            reprice(session, variant, 0)
        with pytest.raises(InvalidVariant):
            reprice(session, variant, 10_000_000_001)


def test_a_new_price_is_a_public_change(app: Flask) -> None:
    with unit_of_work() as session:
        variant = a_variant(session, a_product(session))
    before = register.current_version()
    db.session.rollback()
    with unit_of_work() as session:
        reprice(session, session.merge(variant), 10_000)
    assert register.current_version() == before + 1


@pytest.mark.parametrize(
    ("price", "content", "uom", "amount", "measure"),
    [
        (90_000, "500", Uom.GRAM, 180_000, Measure.KILOGRAM),
        (35_000, "330", Uom.MILLILITRE, 106_061, Measure.LITRE),
        (100_000, "3", Uom.PIECE, 33_333, Measure.PIECE),
    ],
)
def test_unit_prices(price: int, content: str, uom: Uom, amount: int, measure: Measure) -> None:
    found = unit_price(price, Decimal(content), uom)
    assert (found.amount, found.measure) == (amount, measure)


@given(price=st.integers(1, 10**9), grams=st.integers(1, 10**6))
def test_a_unit_price_is_within_half_a_dong(price: int, grams: int) -> None:
    amount = unit_price(price, Decimal(grams), Uom.GRAM).amount
    assert abs(Decimal(amount) - Decimal(price) * 1000 / grams) <= Decimal("0.5")


def test_published_at_is_kept_as_an_instant(app: Flask) -> None:
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    with unit_of_work() as session:
        product = register_product(session, "Cam", at=instant)
    assert db.session.get_one(Product, product.id, populate_existing=True).published_at == instant
