"""The renewal radar as a page: what presses stands first, with a line, its words and what to do."""

from datetime import date
from typing import Any

import pytest

from marketplace import clock
from marketplace.certification.actions import extend_certificate, revoke_certificate
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.renewal import Renewal, renewal_of
from marketplace.database import unit_of_work
from marketplace.producers.models import QualityCertificate, QualityKind
from marketplace.workspace.charts import RADAR_WIDTH, draw_radar
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate, a_decision
from tests.workspace.conftest import Shop

OPEN, MISSED, NEAR, FAR, LAPSED = (
    date(2024, 4, 25),
    date(2024, 3, 10),
    date(2024, 9, 1),
    date(2026, 8, 5),
    date(2023, 1, 5),
)


def certified(shop: Shop, name: str, issued_on: date | None, **changes: Any) -> Certificate:
    with unit_of_work() as session:
        product = a_product(session, name, producer=shop.producer)
        return a_certificate(session, product, 4, issued_on=issued_on, **changes)


def test_a_producer_without_certificates_is_told_so(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/gia-han")
    assert page.heading == "Giấy OCOP: chưa có việc gấp"
    assert "chưa có giấy chứng nhận OCOP nào" in page.words


def test_each_stage_has_its_tag_and_its_next_step(shop: Shop) -> None:
    certified(shop, "Xa", FAR)
    certified(shop, "Gần", NEAR)
    certified(shop, "Đang nộp", OPEN)
    certified(shop, "Muộn", MISSED)
    certified(shop, "Hết", LAPSED)
    certified(shop, "Không rõ", None)
    extended, revoked = certified(shop, "Gia hạn", date(2023, 10, 1)), certified(shop, "Thu hồi", FAR)
    with unit_of_work() as session:
        extend_certificate(session, session.get_one(Certificate, extended.id), date(2027, 1, 10))
        found = session.get_one(Certificate, revoked.id)
        revoke_certificate(session, found, RevocationReason.OTHER, clock.today())
    page = shop.browser.open(f"{shop.base}/gia-han")
    assert page.heading == "Giấy OCOP: 3 việc gấp"
    told = dict(zip(page.texts("section.panel h2"), page.texts("section.panel"), strict=True))
    assert list(told)[:3] == ["Đang nộp", "Muộn", "Gia hạn"]
    expected = {
        "Đang nộp": ("Đang trong lúc nộp, còn 35 ngày", "chậm nhất ngày 26/12/2026"),
        "Muộn": ("Quá lúc nộp 11 ngày", "Sao vẫn hiện đến 10/03/2027"),
        "Gia hạn": ("Được gia hạn, còn 50 ngày", "tính thêm đến 10/01/2027"),
        "Gần": ("Còn 104 ngày mới đến lúc nộp", "Nộp từ 05/03/2027 đến 04/05/2027"),
        "Xa": ("chưa đến lúc nộp", "từ 06/02/2029 đến 07/04/2029"),
        "Hết": ("Đã hết hạn 320 ngày", "trước 30/04/2027"),
        "Thu hồi": ("Đã bị thu hồi", "hồ sơ mới"),
        "Không rõ": ("Chưa rõ ngày cấp", "ảnh giấy chứng nhận"),
    }
    assert set(told) == set(expected)
    for name, words in expected.items():
        for one in words:
            assert one in told[name], (name, told[name])
    for name in ("Hết", "Thu hồi", "Không rõ"):
        assert "4 sao" not in told[name]
    drawn = [str(line["aria-label"]) for line in page.soup.select("svg.rad")]
    assert len(drawn) == 7
    assert drawn[0] == "Hôm nay 21/11/2026. Nộp từ 27/10/2026 đến 26/12/2026. Hết hạn 25/04/2027."


def test_a_year_alone_is_told_as_unsure(shop: Shop) -> None:
    with unit_of_work() as session:
        a_certificate(session, a_product(session, producer=shop.producer), 4, year=2024)
    page = shop.browser.open(f"{shop.base}/gia-han")
    assert "Chợ chỉ biết năm cấp" in page.words


def test_the_checklist_says_what_the_market_has(shop: Shop) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=shop.producer)
        decision = a_decision(session, decided_on=OPEN)
        a_certificate(session, product, 4, decision=decision)
    page = shop.browser.open(f"{shop.base}/gia-han")
    assert "chợ có sẵn 3 trên 6" in page.words
    assert f"{shop.base}/giay-to" in page.links()
    with unit_of_work() as session:
        found = session.merge(product)
        found.story = "Chuyện cây cam"
        a_variant(session, found)
        facts = {"kind": QualityKind.VIETGAP, "number": "1", "issuer": "Chi cục"}
        good = {"valid_until": date(2027, 5, 1)}
        session.add(QualityCertificate(producer_id=shop.producer.id, **facts, **good))
        session.add(QualityCertificate(producer_id=shop.producer.id, **facts, valid_until=date(2026, 1, 1)))
    page = shop.browser.open(f"{shop.base}/gia-han")
    assert "chợ có sẵn 6 trên 6" in page.words
    assert "đến 01/05/2027" in page.words
    assert f"{shop.base}/giay-to" not in page.links()


def test_the_radar_shows_nothing_of_others(shop: Shop, rival: Shop) -> None:
    certified(rival, "Của người", OPEN)
    assert "Của người" not in shop.browser.open(f"{shop.base}/gia-han").words
    assert "Của người" in rival.staff_browser.open(f"{rival.base}/gia-han").words
    shop.browser.open(f"{rival.base}/gia-han", 404)


@pytest.mark.parametrize("issued_on", [FAR, NEAR, OPEN, MISSED, LAPSED, date(2020, 1, 1)])
def test_marks_stand_in_their_order_within_the_drawing(issued_on: date) -> None:
    ends = clock.add_months(issued_on, 36)
    paper = Certificate(issued_on=issued_on, year=issued_on.year, valid_until=ends)
    renewal = renewal_of(paper, clock.today())
    assert isinstance(renewal, Renewal)
    drawn = draw_radar(renewal)
    assert 0 < drawn.opens < drawn.opens + drawn.window < drawn.ends < RADAR_WIDTH
    assert drawn.window >= 6
    assert 0 < drawn.today < RADAR_WIDTH
    assert (drawn.today > drawn.ends) is (clock.today() > ends)
    assert drawn.pin_left is (drawn.today > RADAR_WIDTH / 2)
