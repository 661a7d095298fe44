"""Recalling one's own lot in the workspace, lifting it, and selling other lots meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from marketplace import clock, jobs
from marketplace.accounts.models import SignIn
from marketplace.database import db, unit_of_work
from marketplace.ordering.lots import shelve
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.acts import RecallFacts, order_recall
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope
from tests.factories.lots import a_lot
from tests.factories.shop_sheets import goods_of
from tests.signin.browsing import write
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {
    "ly_do": "quality",
    "loi": "Hũ bị phồng nắp, có mùi lạ.",
    "lam_gi": "Đừng ăn, gọi để được trả tiền.",
}


@pytest.fixture
def lot(shop: Shop) -> Lot:
    """A lot on the shelf."""
    goods = write(goods_of, shop.producer)
    found: Lot = write(a_lot, goods.product, variant_id=goods.packs[0].id)
    return found


def recalls() -> list[Recall]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Recall).order_by(Recall.id)))


def test_an_owner_recalls_a_lot_and_lifts_it(shop: Shop, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/thu-hoi"
    assert at in shop.browser.open(f"{shop.base}/lo/{lot.id}").links()
    assert "0 người đã mua" in shop.browser.open(at).words
    shop.browser.send(at, **FORM)
    [recall] = recalls()
    assert (recall.lot_id, recall.reason, recall.by_office) == (lot.id, RecallReason.QUALITY, False)
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}")
    assert f"Đang thu hồi từ 21/11/2026, mã {recall.code}." in page.words
    assert "Đang thu hồi" in shop.browser.open(f"{shop.base}/lo").words
    assert shop.browser.send(at, **FORM).location == f"{shop.base}/lo/{lot.id}"
    assert len(recalls()) == 1
    jobs.do_all()
    shop.browser.send(f"{at}/{recall.code}/ban-tiep")
    assert recalls()[0].resumed_at is None
    with unit_of_work() as session:
        shelve(session, session.get_one(Lot, lot.id), clock.now(), add_to_stock=True)
    shop.browser.send(f"{at}/{recall.code}/ban-tiep")
    assert recalls()[0].resumed_at is not None
    assert "Các lô khác đang bán lại" in shop.browser.open(at).words
    assert 'href="#vi_sao"' in shop.browser.send(f"{at}/{recall.code}/go", 422, vi_sao="ngắn").text
    shop.browser.send(f"{at}/{recall.code}/go", vi_sao="Kiểm lại thì nắp chỉ bị móp khi chở.")
    assert recalls()[0].lifted_at is not None
    db.session.rollback()
    assert db.session.get_one(Lot, lot.id).recalled_at is None
    shop.browser.send(f"{at}/{recall.code}/go", vi_sao="Kiểm lại thì nắp chỉ bị móp.")
    assert recalls()[0].lift_words == "Kiểm lại thì nắp chỉ bị móp khi chở."
    shop.browser.send(f"{at}/TH000000-0000/go", 404, vi_sao="Kiểm lại thì nắp chỉ bị móp.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ly_do": ""}, "ly_do"),
        ({"loi": "ngắn"}, "loi"),
        ({"lam_gi": ""}, "lam_gi"),
        ({"van_ban": "1" * 61}, "van_ban"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, lot: Lot, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/lo/{lot.id}/thu-hoi", 422, **{**FORM, **changes})
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert recalls() == []


def test_a_recall_asks_who_it_is(shop: Shop, lot: Lot) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=clock.now() - timedelta(hours=2)))
    at = f"{shop.base}/lo/{lot.id}/thu-hoi"
    shop.browser.ask_again(at, **FORM)
    assert recalls() == []


def test_a_recall_of_the_office_is_its_own(shop: Shop, lot: Lot) -> None:
    with unit_of_work() as session:
        facts = RecallFacts(
            RecallScope.LOT, lot.id, RecallReason.AUTHORITY, "Mẫu kiểm không đạt.", "Ngừng bán ngay."
        )
        code = order_recall(session, None, facts, by_office=True, at=clock.now()).code
    at = f"{shop.base}/lo/{lot.id}/thu-hoi"
    assert "chỉ văn phòng gỡ được" in shop.browser.open(at).words
    shop.browser.send(f"{at}/{code}/go", vi_sao="Tự thấy là hết lỗi rồi.")
    assert recalls()[0].lifted_at is None
    shop.browser.send(f"{at}/{code}/ban-tiep")
    assert recalls()[0].resumed_at is None


def test_recalls_are_the_owners(shop: Shop, rival: Shop, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/thu-hoi"
    for browser, base in (
        (shop.staff_browser, shop.base),
        (rival.browser, shop.base),
        (rival.browser, rival.base),
    ):
        path = f"{base}/lo/{lot.id}/thu-hoi"
        assert browser.client.get(path).status_code == 404
        browser.send(path, 404, **FORM)
    assert recalls() == []
    shop.browser.send(at, **FORM)
    [recall] = recalls()
    for deed in ("go", "ban-tiep"):
        rival.browser.send(f"{rival.base}/lo/{lot.id}/thu-hoi/{recall.code}/{deed}", 404, vi_sao="x" * 20)
        rival.browser.send(f"{at}/{recall.code}/{deed}", 404, vi_sao="x" * 20)
    assert recalls()[0].in_force
