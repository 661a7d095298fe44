"""Products as pages and scans ask for them."""

from datetime import date

import pytest
from flask import Flask

from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.filters import Filters
from marketplace.catalogue.packs import set_variants
from marketplace.catalogue.product_list import Sort, list_products
from marketplace.catalogue.queries import find_by_gtin, get_picture_facts, get_product, list_related
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit, Level
from tests.catalogue.statements import counted_statements
from tests.factories.catalogue import WHITE_SPIRIT, a_pack, a_product
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)


def test_a_product_page_needs_one_statement_for_the_product(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session), external_id="ocop-1")
        set_variants(session, product, [a_pack(), a_pack()])
    db.session.expunge_all()
    with counted_statements() as statements:
        found = get_product("cam-khe-may")
    with counted_statements() as further:
        assert found.producer is not None
        assert found.producer.can_sell
        assert len(found.variants) == 2
        assert [alias.external_id for alias in found.aliases] == ["ocop-1"]
        assert (found.commune, found.province, found.sale_policy.orderable) == (None, None, True)
    assert (len(statements), further) == (1, [])


@pytest.mark.parametrize("printed", ["9521234543213", "09521234543213", " 9521234543213 "])
def test_a_gtin_is_found_in_any_length(app: Flask, printed: str) -> None:
    with unit_of_work() as session:
        product = a_product(session, gtin="9521234543213")
        suspend_product(session, product)
    found = find_by_gtin(printed)
    assert found is not None
    assert found.id == product.id


@pytest.mark.parametrize("printed", ["8936131234566", "9521234543210", "abc"])
def test_an_unknown_or_misread_gtin_finds_nothing(app: Flask, printed: str) -> None:
    with unit_of_work() as session:
        a_product(session, gtin="9521234543213")
    assert find_by_gtin(printed) is None


def test_related_products_are_near_in_kind_then_in_maker(app: Flask) -> None:
    with unit_of_work() as session:
        here = AdminUnit(key="h", level=Level.PROVINCE, kind="tỉnh", name="Hà Tĩnh", slug="h", name_key="h")
        session.add(here)
        session.flush()
        maker = a_producer(session)
        at_home = {"province_id": here.id}
        product = a_product(session, "Cam", producer=maker, location=at_home)
        a_product(session, "Ổi xa")
        living = a_product(session, "Táo xa")
        a_certificate(session, living, 4)
        a_product(session, "Rượu nhà", producer=maker, set_number=WHITE_SPIRIT)
        a_product(session, "Bưởi gần", location=at_home)
        a_product(session, "Rượu lạ", set_number=WHITE_SPIRIT)
        suspend_product(session, a_product(session, "Chanh gần", location=at_home))
    names = [one.name for one in list_related(product, day=TODAY)]
    assert names == ["Bưởi gần", "Rượu nhà", "Táo xa", "Ổi xa"]
    assert len(list_related(product, day=TODAY, most=2)) == 2


def test_what_has_neither_set_nor_maker_is_related_to_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, set_number=None)
        a_product(session, "Ổi", set_number=None)
    assert list_related(product, day=TODAY) == []


def test_a_list_can_be_of_a_former_place_or_of_a_producer(app: Flask) -> None:
    with unit_of_work() as session:
        former = AdminUnit(
            key="qt",
            level=Level.DISTRICT,
            kind="huyện",
            name="Quảng Trạch",
            slug="qt",
            name_key="qt",
            ended=True,
        )
        session.add(former)
        session.flush()
        maker = a_producer(session)
        a_product(session, "Cam", location={"origin_id": former.id})
        a_product(session, "Bưởi", producer=maker)

    def names(filters: Filters) -> list[str]:
        return [product.name for product in list_products(filters, Sort.NAME, day=TODAY).products]

    assert names(Filters(origin_ids=(former.id, 999))) == ["Cam"]
    assert names(Filters(producer_id=maker.id)) == ["Bưởi"]
    assert names(Filters(origin_ids=(999,))) == []


def test_a_picture_is_drawn_from_name_set_and_group(app: Flask) -> None:
    with unit_of_work() as session:
        suspend_product(session, a_product(session, "Rượu", set_number=WHITE_SPIRIT))
        a_product(session, "Cam", set_number=None)
    assert get_picture_facts("ruou") == ("Rượu", 14, "do-uong")
    assert get_picture_facts("cam") == ("Cam", None, None)
    with pytest.raises(NotFound):
        get_picture_facts("oi")
