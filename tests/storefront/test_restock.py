"""Waiting for a sold-out product from its page, without an account."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.catalogue.models import Variant
from marketplace.catalogue.packs import set_variants
from marketplace.database import db, unit_of_work
from marketplace.ordering import restock_wishes
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.stock import receive
from tests.factories.catalogue import a_pack
from tests.factories.ordering import product_of, stocked
from tests.pages import visit
from tests.storefront.pages import Page, get, post


@pytest.fixture
def gone(app: Flask) -> Variant:
    """A variant of which there is none."""
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", on_hand=0)


def wishes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(BackInStockWish.contact).order_by(BackInStockWish.id)))


def wish(client: FlaskClient, variant: Variant, contact: str) -> Page:
    return post(client, "/bao-co-hang", {"variant_id": str(variant.id), "lien_he": contact})


def test_a_sold_out_page_offers_it_without_a_token_or_a_cookie(client: FlaskClient, gone: Variant) -> None:
    for prefix in ("", "/en"):
        page = visit(client, f"{prefix}/san-pham/cam-khe-may", statements=None)
        form = page.one(f'form[action="{prefix}/bao-co-hang"]')
        assert [field["name"] for field in form.select("input")] == ["variant_id", "lien_he"]
        assert "public" in page.response.headers["Cache-Control"]
    with unit_of_work() as session:
        receive(session, gone.id, 3, "nhập kho", clock.now())
    assert not visit(client, "/san-pham/cam-khe-may", statements=None).soup.select('[action$="bao-co-hang"]')


def test_of_several_packs_one_is_chosen(client: FlaskClient, gone: Variant) -> None:
    with unit_of_work() as session:
        packs = [a_pack(), a_pack(name="Thùng 10 kg", sku="CAM-10")]
        second = set_variants(session, product_of(session, gone), packs)[1].id
    page = get(client, "/san-pham/cam-khe-may")
    assert len(page.soup.select("#loai option")) == 2
    assert post(client, "/bao-co-hang", {"variant_id": str(second), "lien_he": "0912345678"}).status == 200
    assert wishes() == ["0912345678"]


def test_who_asks_is_thanked_and_written_down_once(client: FlaskClient, gone: Variant) -> None:
    for typed in (" Man@Example.vn ", "man@example.vn"):
        page = wish(client, gone, typed)
        assert page.status == 200
        assert "man@example.vn" in page.words
        assert page.response.headers["Cache-Control"] == "no-store"
    assert wishes() == ["man@example.vn"]
    assert wish(client, gone, "+84 912 345 678").status == 200
    assert wishes() == ["man@example.vn", "0912345678"]


def test_what_is_typed_wrong_is_told_and_kept(client: FlaskClient, gone: Variant) -> None:
    page = wish(client, gone, "nhà tôi")
    assert page.status == 422
    assert page.title.startswith("Lỗi: ")
    assert page.soup.find("a", href="#lien_he")
    assert page.form("/bao-co-hang") == {"variant_id": str(gone.id), "lien_he": "nhà tôi"}
    assert wishes() == []


def test_what_came_back_meanwhile_can_be_bought(client: FlaskClient, gone: Variant) -> None:
    with unit_of_work() as session:
        receive(session, gone.id, 3, "nhập kho", clock.now())
    page = wish(client, gone, "0912345678")
    assert page.status == 200
    assert "bạn mua được ngay" in page.words
    assert wishes() == []


def test_only_our_pages_and_products_on_view_count(client: FlaskClient, gone: Variant) -> None:
    form = {"variant_id": str(gone.id), "lien_he": "0912345678"}
    assert post(client, "/bao-co-hang", form, Origin="https://evil.example").status == 403
    for wrong in ("", "x", "999999", "-1"):
        assert post(client, "/bao-co-hang", {**form, "variant_id": wrong}).status == 404
    with unit_of_work() as session:
        session.merge(gone).active = False
    assert post(client, "/bao-co-hang", form).status == 404
    assert wishes() == []


def test_a_network_asks_only_so_often(client: FlaskClient, gone: Variant) -> None:
    most = WINDOWS[Rule.RESTOCK_ADDRESS][0].count
    for number in range(most):
        assert wish(client, gone, f"man{number}@example.vn").status == 200
    refused = wish(client, gone, "man@example.vn")
    assert refused.status == 429
    assert int(refused.response.headers["Retry-After"]) > 0
    assert len(wishes()) == most


def test_a_contact_waits_for_so_many_things_only(
    client: FlaskClient, gone: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restock_wishes, "MOST_FOR_VARIANT", 1)
    assert wish(client, gone, "0912345678").status == 200
    page = wish(client, gone, "0987654321")
    assert page.status == 429
    assert "quá nhiều lời nhắn" in page.words
