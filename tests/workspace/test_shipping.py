"""Shipping rules in the workspace."""

from typing import Any

import pytest

from marketplace.database import db
from marketplace.ordering.shipping_rules import ShippingRule, find_shipping_rule
from tests.factories.deeds import deeds
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {"phi_gan": "15.000", "them_gan": "2.000", "phi_xa": "30.000", "them_xa": "5.000"}


def rule(shop: Shop) -> ShippingRule | None:
    db.session.rollback()
    return find_shipping_rule(db.session(), shop.producer.id)


def test_the_table_of_the_marketplace_is_shown_first(shop: Shop) -> None:
    page = shop.staff_browser.open(f"{shop.base}/giao-hang")
    assert "biểu phí chung của chợ" in page.words
    assert [row.split()[0] for row in page.texts("tbody tr")] == ["1", "3", "5"]
    assert page.one("#phi_gan")["value"] == "20.000"


def test_a_rule_is_set_shown_and_dropped(shop: Shop) -> None:
    shop.staff_browser.send(f"{shop.base}/giao-hang", **FORM, mien_tu="500.000", den_lay="1")
    kept = rule(shop)
    assert kept
    assert (kept.near_fee, kept.near_further, kept.far_fee, kept.far_further) == (
        15_000,
        2_000,
        30_000,
        5_000,
    )
    assert (kept.free_from, kept.pickup) == (500_000, True)
    page = shop.staff_browser.open(f"{shop.base}/giao-hang")
    assert "Đã lưu phí giao hàng." in page.words
    assert page.texts("tbody tr")[1].split() == ["3", "kg", "19.000", "₫", "40.000", "₫"]
    assert page.one('[name="den_lay"]').has_attr("checked")
    assert page.one("#mien_tu")["value"] == "500.000"
    shop.browser.send(f"{shop.base}/giao-hang", **FORM)
    kept = rule(shop)
    assert kept
    assert (kept.free_from, kept.pickup) == (None, False)
    shop.browser.send(f"{shop.base}/giao-hang/bo")
    assert rule(shop) is None
    assert len(deeds("shipping_rule:set")) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phi_gan": "-1"}, "phi_gan"),
        ({"them_gan": ""}, "them_gan"),
        ({"phi_xa": "500.001"}, "phi_xa"),
        ({"them_xa": "nhiều"}, "them_xa"),
        ({"mien_tu": "0"}, "mien_tu"),
        ({"mien_tu": "x"}, "mien_tu"),
        ({"mien_tu": "9" * 20}, "mien_tu"),
    ],
)
def test_what_is_wrong_is_named_and_kept_as_typed(shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/giao-hang", 422, **{**FORM, **changes})
    assert f'href="#{field}"' in answer.text
    assert f'value="{changes[field]}"' in answer.text or not changes[field]
    assert rule(shop) is None


def test_a_rival_sets_none(shop: Shop, rival: Shop) -> None:
    rival.browser.open(f"{shop.base}/giao-hang", 404)
    rival.browser.send(f"{shop.base}/giao-hang", 404, **FORM)
    rival.browser.send(f"{shop.base}/giao-hang/bo", 404)
    assert rule(shop) is None
