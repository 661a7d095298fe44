"""Shipping in the workspace: zones priced, provinces chosen, pick-up told, without a script."""

from typing import Any

import pytest

from marketplace.database import db, unit_of_work
from marketplace.ordering.shipping_rules import REST, ShippingRule, find_shipping_rule
from marketplace.ordering.shipping_zones import MOST_ZONES
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from tests.factories.deeds import deeds
from tests.factories.places import make_province
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {
    "ten": "Miền Trung",
    "nang-0": "0,5",
    "phi-0": "15.000",
    "nang-2": "3",
    "phi-2": "22.000",
    "them": "2.000",
    "mien_tu": "500.000",
    "ngay_tu": "1",
    "ngay_den": "3",
}


@pytest.fixture
def provinces(shop: Shop) -> list[AdminUnit]:
    with unit_of_work() as session:
        return [make_province(session, name) for name in ("Quảng Trị", "Nghệ An")]


@pytest.fixture
def zoned(shop: Shop, provinces: list[AdminUnit]) -> Shop:
    """The shop with zones of its own."""
    shop.staff_browser.send(f"{shop.base}/giao-hang/vung")
    return shop


def rule(shop: Shop) -> ShippingRule | None:
    db.session.rollback()
    return find_shipping_rule(db.session(), shop.producer.id)


def zones(shop: Shop) -> dict[int, Any]:
    found = rule(shop)
    return {zone.position: zone for zone in found.zones} if found else {}


def test_the_table_of_the_marketplace_is_shown_first(shop: Shop) -> None:
    page = shop.staff_browser.open(f"{shop.base}/giao-hang")
    assert "biểu phí chung của chợ" in page.words
    assert [row.replace("\xa0", " ") for row in page.texts("tbody tr")] == [
        "Trong tỉnh 20.000 ₫ 26.000 ₫ 32.000 ₫",
        "Tỉnh khác 32.000 ₫ 42.000 ₫ 54.000 ₫",
    ]
    assert not page.one('[name="den_lay"]').has_attr("checked")
    shop.staff_browser.open(f"{shop.base}/giao-hang/vung/moi", 404)


def test_zones_are_begun_added_changed_and_dropped(zoned: Shop, provinces: list[AdminUnit]) -> None:
    browser, base = zoned.staff_browser, f"{zoned.base}/giao-hang"
    new = browser.open(f"{base}/vung/moi")
    assert new.one("#ten")["value"] == ""
    assert not new.soup.select('[name="tinh"][checked]')
    browser.send(f"{base}/vung/moi", **FORM, tinh=[str(unit.id) for unit in provinces])
    [position] = [at for at, zone in zones(zoned).items() if zone.name == "Miền Trung"]
    kept = zones(zoned)[position]
    assert kept.provinces == sorted(unit.id for unit in provinces)
    assert (kept.steps, kept.further, kept.free_from) == ([[500, 15_000], [3_000, 22_000]], 2_000, 500_000)
    assert (kept.days_from, kept.days_to) == (1, 3)
    page = browser.open(base)
    assert "Miền Trung 22.000 ₫ 22.000 ₫ 26.000 ₫" in [
        row.replace("\xa0", " ") for row in page.texts("tbody tr")
    ]
    shown = browser.open(f"{base}/vung/{position}")
    assert [shown.one(f'[id="{field}"]')["value"] for field in ("nang-0", "phi-0", "nang-1", "mien_tu")] == [
        "0,5", "15.000", "3", "500.000",
    ]  # fmt: skip
    assert len(shown.soup.select('[name="tinh"][checked]')) == 2
    browser.send(f"{base}/vung/{position}", **{**FORM, "mien_tu": ""}, tinh=str(provinces[0].id))
    assert (zones(zoned)[position].free_from, zones(zoned)[position].provinces) == (None, [provinces[0].id])
    browser.send(f"{base}/vung/{position}/bo")
    assert position not in zones(zoned)
    zoned.browser.send(f"{base}/bo")
    assert zones(zoned) == {}
    assert len(deeds("shipping_zone:set")) == 2


def test_the_rest_of_the_country_names_no_province(zoned: Shop, provinces: list[AdminUnit]) -> None:
    page = zoned.browser.open(f"{zoned.base}/giao-hang/vung/{REST}")
    assert "mọi tỉnh chưa thuộc vùng nào" in page.words
    assert not page.soup.select('[name="tinh"]')
    assert f"{zoned.base}/giao-hang/vung/{REST}/bo" not in page.response.text
    zoned.browser.send(f"{zoned.base}/giao-hang/vung/{REST}", **FORM)
    assert zones(zoned)[REST].name == "Miền Trung"
    zoned.browser.send(f"{zoned.base}/giao-hang/vung/{REST}/bo", 404)


def test_a_province_of_another_zone_cannot_be_chosen(zoned: Shop, provinces: list[AdminUnit]) -> None:
    base, own = f"{zoned.base}/giao-hang", str(provinces[0].id)
    zoned.browser.send(f"{base}/vung/moi", **FORM, tinh=own)
    page = zoned.browser.open(f"{base}/vung/moi")
    assert page.one(f'[name="tinh"][value="{own}"]').has_attr("disabled")
    answer = zoned.browser.send(f"{base}/vung/moi", 422, **{**FORM, "ten": "Khác"}, tinh=own)
    assert "Có tỉnh đã thuộc vùng Miền Trung." in answer.text
    assert 'href="#tinh"' in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ten": ""}, "ten"),
        ({"phi-0": "nhiều"}, "phi-0"),
        ({"nang-0": "-1"}, "nang-0"),
        ({"nang-0": ""}, "nang-0"),
        ({"phi-2": "5"}, "nang-0"),
        ({"phi-2": "500.001"}, "nang-0"),
        ({"them": ""}, "them"),
        ({"them": "50.001"}, "them"),
        ({"mien_tu": "0"}, "mien_tu"),
        ({"mien_tu": "x"}, "mien_tu"),
        ({"ngay_tu": "0"}, "ngay_tu"),
        ({"ngay_tu": "4"}, "ngay_den"),
        ({"ngay_den": "x"}, "ngay_den"),
        ({"tinh": ""}, "tinh"),
        ({"tinh": "999999"}, "tinh"),
        ({"tinh": "9" * 30}, "tinh"),
    ],
)
def test_what_is_wrong_is_named_and_kept_as_typed(
    zoned: Shop, provinces: list[AdminUnit], changes: dict[str, Any], field: str
) -> None:
    told = {**FORM, "tinh": str(provinces[0].id), **changes}
    answer = zoned.browser.send(f"{zoned.base}/giao-hang/vung/moi", 422, **told)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert 'value="22.000"' in answer.text or "phi-2" in changes
    assert "Miền Trung" not in {zone.name for zone in zones(zoned).values()}


def test_a_zone_that_is_not_there_is_not_found(zoned: Shop) -> None:
    zoned.browser.open(f"{zoned.base}/giao-hang/vung/7", 404)
    zoned.browser.send(f"{zoned.base}/giao-hang/vung/7", 404, **FORM)


def test_there_are_only_so_many_zones(zoned: Shop, provinces: list[AdminUnit]) -> None:
    with unit_of_work() as session:
        more = [make_province(session, f"Tỉnh {number}") for number in range(MOST_ZONES)]
    for unit in more[: MOST_ZONES - len(zones(zoned))]:
        zoned.browser.send(f"{zoned.base}/giao-hang/vung/moi", **FORM, tinh=str(unit.id))
    assert "Đã đủ số vùng" in zoned.browser.open(f"{zoned.base}/giao-hang/vung/moi").words
    answer = zoned.browser.send(f"{zoned.base}/giao-hang/vung/moi", 422, **FORM, tinh=str(more[-1].id))
    assert f"Nhiều nhất {MOST_ZONES} vùng." in answer.text


def test_pick_up_is_told_with_address_and_words(shop: Shop) -> None:
    told: dict[str, Any] = {
        "den_lay": "1",
        "noi_lay": " Chợ  Khe Mây ",
        "loi_lay": "Gọi trước",
        "giao_song": "1",
    }
    shop.staff_browser.send(f"{shop.base}/giao-hang", **told)
    kept = rule(shop)
    assert kept
    assert (kept.pickup, kept.pickup_address, kept.pickup_words) == (True, "Chợ Khe Mây", "Gọi trước")
    assert kept.sends_live
    page = shop.staff_browser.open(f"{shop.base}/giao-hang")
    assert "Đã lưu cách nhận hàng." in page.words
    assert page.one('[name="den_lay"]').has_attr("checked")
    assert page.one('[name="giao_song"]').has_attr("checked")
    assert page.one("#noi_lay")["value"] == "Chợ Khe Mây"
    shop.browser.send(f"{shop.base}/giao-hang")
    kept = rule(shop)
    assert kept
    assert (kept.pickup, kept.pickup_address, kept.sends_live) == (False, None, False)
    assert len(deeds("shipping_rule:set")) == 2


@pytest.mark.parametrize("field", ["noi_lay", "loi_lay"])
def test_words_that_are_too_long_are_named(shop: Shop, field: str) -> None:
    told: dict[str, Any] = {field: "x" * 301}
    answer = shop.browser.send(f"{shop.base}/giao-hang", 422, **told)
    assert f'href="#{field}"' in answer.text
    assert rule(shop) is None


def test_zones_are_kept_when_pick_up_is_told(zoned: Shop) -> None:
    before = len(zones(zoned))
    zoned.browser.send(f"{zoned.base}/giao-hang", den_lay="1")
    assert len(zones(zoned)) == before
    zoned.browser.send(f"{zoned.base}/giao-hang/bo")
    kept = rule(zoned)
    assert kept
    assert (kept.zones, kept.pickup) == ([], True)


def test_a_rival_changes_nothing(zoned: Shop, rival: Shop) -> None:
    base = f"{zoned.base}/giao-hang"
    for path in ("", "/vung/moi", f"/vung/{REST}"):
        rival.browser.open(f"{base}{path}", 404)
    for path in ("", "/bo", "/vung", "/vung/moi", f"/vung/{REST}", "/vung/1/bo"):
        rival.browser.send(f"{base}{path}", 404, **FORM)
    assert REST in zones(zoned)
    assert db.session.get(Producer, zoned.producer.id)
