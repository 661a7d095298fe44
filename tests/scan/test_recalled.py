"""All recalls that touch a pack are on its page; that of a product says which of its lots are recalled."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.database import unit_of_work
from marketplace.traceability.recalls.models import RecallReason, RecallScope
from tests.factories.recalls import a_recall
from tests.factories.scans import Packs, some_packs
from tests.pages import visit

WITH_RECALLS = 6


@pytest.fixture
def packs(app: Flask) -> Packs:
    with unit_of_work() as session:
        return some_packs(session, code="KM2611-01")


def test_a_mild_newer_recall_hides_no_graver_older_one(packs: Packs, client: FlaskClient) -> None:
    grave = a_recall(RecallScope.LOT, packs.lot.id, words="Có vi khuẩn.")
    mild = a_recall(
        RecallScope.PRODUCT,
        packs.product.id,
        by_office=False,
        reason=RecallReason.LABELLING,
        words="Nhãn in sai khối lượng.",
    )
    newest = a_recall(RecallScope.PRODUCER, packs.lot.producer_id, words="Cả cơ sở bị thu hồi.")
    for path in (packs.lot_path, packs.path()):
        page = visit(client, path, statements=WITH_RECALLS)
        notices = [f"/thu-hoi/{one.code}" for one in (newest, grave, mild)]
        assert [one["href"] for one in page.soup.select('.panel.bs a.btn[href^="/thu-hoi/"]')] == notices
        assert [one["href"] for one in page.soup.select("main a.btn.p")][:1] == notices[:1]
        assert "Có vi khuẩn." in page.words


def test_a_product_page_marks_its_recalled_lots(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        other = some_packs(session, session.merge(packs.product), code="KM2611-02")
    path = packs.code.product_code.path
    assert "bị thu hồi" not in visit(client, path).words
    recall = a_recall(RecallScope.LOT, packs.lot.id)
    page = visit(client, path)
    assert page.one(".note.bad a")["href"] == f"/thu-hoi/{recall.code}"
    assert "Có lô của sản phẩm này đang bị thu hồi" in page.words
    [row] = [one for one in page.soup.select("p.row.btw") if packs.lot.code in one.text]
    assert row.select_one(f'a.tag.bad[href="/thu-hoi/{recall.code}"]')
    [row] = [one for one in page.soup.select("p.row.btw") if other.lot.code in one.text]
    assert not row.select(".tag")


def test_a_recalled_lot_that_is_not_among_the_newest_is_named(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        for number in range(2, 10):
            some_packs(session, session.merge(packs.product), count=1, code=f"KM2611-{number:02d}")
    a_recall(RecallScope.LOT, packs.lot.id)
    assert "KM2611-01" in visit(client, packs.code.product_code.path).one(".note.bad").text


@pytest.mark.parametrize("way", ["", "/en"])
def test_a_lot_in_small_letters_leads_to_its_code(way: str, packs: Packs, client: FlaskClient) -> None:
    serial = packs.minted[0].serial
    product = packs.code.product_code.path
    for tail in ("", f"/21/{serial}"):
        moved = client.get(f"{way}{product}/10/km2611-01{tail}?17=291130")
        assert moved.status_code == 301
        assert moved.headers["Location"] == f"{way}{product}/10/KM2611-01{tail}?17=291130"
    assert visit(client, f"{product}/10/km2611-99").heading == "Không có lô này"
