"""What the page of a lot tells, and what it costs."""

import hashlib
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import brotli
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer, QualityKind
from marketplace.register import raise_version
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.models import BizStep, ErrorReason, TraceEvent
from marketplace.traceability.lots.inputs import InputFacts
from marketplace.traceability.lots.models import ExternalReference, Lot, MeasureUnit, Portal
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.zones.models import MaterialZone
from marketplace.traceability.zones.placing import Place
from marketplace.traceability.zones.zones import (
    ZoneFacts,
    add_zone,
    change_zone,
    get_own_zone,
    retire_zone,
)
from tests.conftest import NOON
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.lots import a_lot, a_material_lot, a_paper, a_site, a_zone, an_event, from_zone
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer
from tests.factories.recalls import a_recall
from tests.factories.scans import Packs, certified_product, some_packs
from tests.pages import Visited, visit

LOT_STATEMENTS = 5
HTML_BYTES = 9 * 1024
GTIN = "09521234543213"


def answer(page: Visited) -> tuple[str, str]:
    """Return the heading, and the colour that the page opens in."""
    colour = [one for one in page.one(".verdict")["class"] if one != "verdict"]
    return page.heading, colour[0] if colour else "good"


@pytest.fixture
def rich(app: object) -> Packs:
    """A lot with forty events, zones, sites, a paper and a reference, as rich as they come."""
    with unit_of_work() as session:
        province = make_province(session, code="42", lat=18.34, lon=105.9)
        commune = make_commune(session, "Hương Đô", province, lat=18.15, lon=105.75)
        located: dict[str, Any] = {"province_id": province.id, "commune_id": commune.id}
        maker = a_producer(session, **located)
        product = certified_product(session, "Cam Khe Mây Hương Khê", producer=maker, gtin=GTIN)
        product.province_id, product.commune_id = province.id, commune.id
        product.story = "Cam chín từ tháng Mười, vỏ mỏng, múi mọng nước. " * 20
        zone = a_zone(
            session,
            maker,
            "Đồi cam",
            growing_area_code="VN-HTIOR-0012",
            standard=QualityKind.VIETGAP,
            valid_until=date(2027, 6, 1),
            **located,
        )
        site = a_site(session, maker, "Xưởng Hương Đô", gln="8934567890127", lat=18.16, lon=105.77, **located)
        bought = a_zone(session, maker, "Vườn xa", printed_province="Nghệ An")
        inputs = (from_zone(zone, "320.5", harvested_on=date(2026, 11, 13)), from_zone(bought, "79.5"))
        packs = some_packs(session, product, with_pins=True, inputs=inputs)
        paper = a_paper(session, packs.lot, number="0042/2026")
        steps = [BizStep.GROWING, BizStep.COLLECTING, BizStep.PROCESSING, BizStep.SAMPLING, BizStep.SHIPPING]
        for number in range(39):
            at_site = {"site_id": site.id} if number % 3 else {"zone_id": zone.id}
            an_event(
                session,
                packs.lot,
                steps[number % 5],
                hours=number + 7,
                words=f"Việc số {number + 1}: làm theo sổ tay, tổ {number % 4 + 1} ghi",
                paper_id=paper.id if number == 3 else None,
                quantity=Decimal("400.5") if number == 1 else None,
                uom=MeasureUnit.KILOGRAM if number == 1 else None,
                **at_site,
            )
        session.add(
            ExternalReference(
                product_id=product.id,
                portal=Portal.NATIONAL,
                reference="TX-42",
                url="https://a.example.vn/42",
            )
        )
    return packs


def test_a_lot_answers_what_to_compare(rich: Packs, client: FlaskClient) -> None:
    page = visit(client, rich.lot_path, statements=LOT_STATEMENTS)
    assert answer(page) == ("Lô hàng có thật", "good")
    facts = page.texts(".facts li")
    assert f"Lô hàng {rich.lot.code}" in facts
    assert "Hạn dùng 14/05/2027" in facts
    assert "Ngày đóng gói 14/11/2026" in facts
    assert "Chứng nhận đến 05/08/2028" in facts


def test_the_journey_is_told_step_by_step(rich: Packs, client: FlaskClient) -> None:
    page = visit(client, rich.lot_path, statements=LOT_STATEMENTS)
    steps = page.texts(".tl li")
    assert len(steps) == 40
    assert "Trồng, chăn nuôi 07:00, 14/11/2026 Đồi cam, Hương Đô, Hà Tĩnh VN-HTIOR-0012" in steps[1]
    assert "Thu hoạch, thu mua 08:00, 14/11/2026 · 400,5 kg Xưởng Hương Đô" in steps[2]
    assert "8934567890127" in steps[2]
    assert "40 bước ghi nối tiếp nhau" in page.words


def test_material_tests_certificate_and_references_are_told(rich: Packs, client: FlaskClient) -> None:
    page = visit(client, rich.lot_path, statements=LOT_STATEMENTS)
    for told in (
        "Đồi cam, Hương Đô, Hà Tĩnh 320,5 kg, thu hoạch 13/11/2026, mã vùng trồng VN-HTIOR-0012",
        "VietGAP",
        "Trong xã 80,1 %, trong tỉnh 80,1 %, chưa rõ 19,8 %",
        "Phiếu kiểm nghiệm số 0042/2026, Trung tâm Kiểm nghiệm Hà Tĩnh",
        "giấy còn hiệu lực",
        "Cổng truy xuất quốc gia : TX-42",
    ):
        assert told in page.words
    assert "https://a.example.vn/42" not in page.response.text
    assert page.soup.select('a[href^="#giay-"]')


def test_the_ten_items_of_the_circular_are_there(rich: Packs, client: FlaskClient) -> None:
    page = visit(client, rich.lot_path, statements=LOT_STATEMENTS)
    items = page.texts("details dt")
    assert [item.split(".")[0] for item in items] == [str(number) for number in range(1, 11)]
    assert "có 10/10" in page.one("summary").text
    told = page.texts("details dd")
    assert told[3].startswith("Thôn 5, xã Hương Đô")
    assert "GLN 8934567890127" in told[4]
    assert told[8] == "14/05/2027"
    bare = visit(client, rich.code.product_code.path)
    assert "chưa khai" in bare.texts("details dd")


def test_a_page_needs_no_script_no_cookie_and_few_bytes(rich: Packs, client: FlaskClient) -> None:
    for path in (rich.lot_path, rich.path(), rich.code.product_code.path, f"/en{rich.lot_path}"):
        response = client.get(path, headers={"Accept-Encoding": "br"})
        assert response.headers["Content-Encoding"] == "br"
        assert "Set-Cookie" not in response.headers
        assert len(response.data) <= HTML_BYTES, path
        text = brotli.decompress(response.data).decode()
        assert len(re.findall("<script", text)) == len(
            re.findall("<script (?:src|type=.application/ld)", text)
        )


def test_a_single_pack_takes_no_more_statements(rich: Packs, client: FlaskClient) -> None:
    page = visit(client, rich.path(), statements=LOT_STATEMENTS)
    assert answer(page) == ("Mã tem hợp lệ", "good")
    assert "Số tem 0001" in page.texts(".facts li")


def test_events_declared_wrong_are_left_out_and_counted(client: FlaskClient) -> None:
    with unit_of_work() as session:
        lot = a_lot(session, certified_product(session), events=4)
        wrong = session.scalars(
            db.select(TraceEvent).where(TraceEvent.lot_id == lot.id).order_by(TraceEvent.position)
        ).all()[2]
        declare_wrong(session, lot.id, wrong.event_id, ErrorReason.DID_NOT_OCCUR, clock.now(), None)
    page = visit(client, f"/t/{token(lot.product_id)}/10/{lot.code}")
    assert len(page.texts(".tl li")) == 3
    assert "5 bước ghi nối tiếp nhau" in page.words
    assert "1 bước đã được khai là ghi sai" in page.words


def test_a_chain_that_somebody_touched_is_said_to_be_broken(rich: Packs, client: FlaskClient) -> None:
    assert "nối tiếp nhau" in visit(client, rich.lot_path).words
    with unit_of_work() as session:
        session.execute(sa.text("UPDATE trace_event SET words = 'Không có gì' WHERE position = 7"))
        raise_version(session)
    db.session.expire_all()
    page = visit(client, rich.lot_path)
    assert "Chuỗi ghi chép đứt ở bước 7" in page.words
    assert "ĐỨT ở bước 7" in client.get(f"/truy-xuat/chuoi{rich.lot_path}").text


EDITS = {
    "use_by": "UPDATE lot SET use_by = '2027-12-31'",
    "made_on": "UPDATE lot SET made_on = '2026-11-02'",
    "quantity": "UPDATE lot SET quantity = 9999",
    "inputs": "DELETE FROM lot_input",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_of_the_lot_itself_is_told(rich: Packs, client: FlaskClient, edit: str) -> None:
    words = visit(client, rich.lot_path).words
    assert "không bước nào bị sửa hay bỏ" in words
    assert "Hồ sơ lô đã bị sửa" not in words
    assert "HỒ SƠ LÔ" not in client.get(f"/truy-xuat/chuoi{rich.lot_path}").text
    with unit_of_work() as session:
        session.execute(sa.text(edit))
        raise_version(session)
    db.session.expire_all()
    page = visit(client, rich.lot_path)
    assert "Hồ sơ lô đã bị sửa" in page.one(".note.warn:-soup-contains('Hồ sơ lô')").text
    assert "không bước nào bị sửa hay bỏ" not in page.words
    assert "đứt ở bước" not in page.words
    assert "HỒ SƠ LÔ ĐÃ BỊ SỬA" in client.get(f"/truy-xuat/chuoi{rich.lot_path}").text


def test_another_file_under_a_paper_is_told(rich: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        lot = session.get_one(Lot, rich.lot.id)
        paper = a_paper(session, lot, title="Vi sinh")
        event = an_event(session, lot, paper_id=paper.id, details={"ocop:paperSha256": "0"})
        assert paper.document is not None
        assert event.details == {"ocop:paperSha256": paper.document.digest}
    assert "không bước nào bị sửa hay bỏ" in visit(client, rich.lot_path).words
    with unit_of_work() as session:
        session.execute(sa.text("UPDATE document SET digest = 'f'"))
        raise_version(session)
    db.session.expire_all()
    told = "Tệp của giấy “Vi sinh” không còn là tệp lúc ghi"
    assert told in visit(client, rich.lot_path).words
    assert told in client.get(f"/truy-xuat/chuoi{rich.lot_path}").text


def grown(**changes: Any) -> tuple[Packs, MaterialZone]:
    """Make packs of material from a zone with a chain of its own."""
    with unit_of_work() as session:
        maker = a_producer(session)
        commune = make_commune(session, "Hương Đô", make_province(session))
        facts = ZoneFacts(name="Đồi cam", crop="cam", place=Place(commune_id=commune.id), **changes)
        zone = add_zone(session, None, maker, facts, NOON - timedelta(days=3))
        product = certified_product(session, producer=maker)
        return some_packs(session, product, inputs=(from_zone(zone),)), zone


def rename_zone(zone: MaterialZone, name: str, at: datetime) -> None:
    """Have the producer call a zone something else."""
    with unit_of_work() as session:
        producer = session.get_one(Producer, zone.producer_id)
        mine = get_own_zone(session, zone.id, producer.id)
        facts = ZoneFacts(name=name, crop="cam", place=Place(commune_id=mine.commune_id or 0))
        change_zone(session, an_actor(a_person(session).id), producer, mine, facts, at)


def test_a_zone_told_otherwise_after_the_lot_was_made_shows_when_and_what(client: FlaskClient) -> None:
    packs, zone = grown()
    page = visit(client, packs.lot_path, statements=LOT_STATEMENTS)
    assert "sau khi lập lô" not in page.words
    rename_zone(zone, "Đồi cam VietGAP", NOON + timedelta(days=1))
    page = visit(client, packs.lot_path, statements=LOT_STATEMENTS)
    assert "Cơ sở sửa thông tin vùng ngày 22/11/2026, sau khi lập lô." in page.words
    assert "không bước nào bị sửa hay bỏ" in page.words
    text = client.get(f"/truy-xuat/chuoi{packs.lot_path}").text
    assert "Sổ vùng nguyên liệu “Đồi cam VietGAP”" in text
    assert "Chuỗi liền: 2 dòng." in text
    blocks = re.findall(r"^----- \d+\n(.*?)^----- sha256 ([0-9a-f]{64})$", text, re.DOTALL | re.MULTILINE)
    assert [hashlib.sha256(said.encode()).hexdigest() for said, _ in blocks] == [told for _, told in blocks]
    assert [said.count("name: Đồi cam\n") for said, _ in blocks] == [0, 1, 0]


def test_a_zone_changed_before_the_lot_was_made_is_no_news(client: FlaskClient) -> None:
    packs, zone = grown()
    rename_zone(zone, "Đồi cam cũ", NOON - timedelta(hours=1))
    assert "sau khi lập lô" not in visit(client, packs.lot_path).words


def test_a_zone_that_is_out_of_use_since_the_lot_was_made_is_no_news(client: FlaskClient) -> None:
    packs, zone = grown()
    with unit_of_work() as session:
        producer = session.get_one(Producer, zone.producer_id)
        mine = get_own_zone(session, zone.id, producer.id)
        retire_zone(session, an_actor(a_person(session).id), producer, mine, NOON + timedelta(days=1))
    assert "sau khi lập lô" not in visit(client, packs.lot_path).words
    assert "Chuỗi liền: 2 dòng." in client.get(f"/truy-xuat/chuoi{packs.lot_path}").text


ZONE_EDITS = {
    "UPDATE material_zone SET standard = 'organic'": "THÔNG TIN VÙNG ĐÃ BỊ SỬA",
    'UPDATE zone_line SET facts = \'{"name": "Đồi"}\'': "ĐỨT ở dòng 1.",
    "DELETE FROM zone_line": "ĐỨT ở dòng 1.",
}


@pytest.mark.parametrize(("edit", "told"), ZONE_EDITS.items())
def test_a_zone_edited_past_its_chain_is_told(client: FlaskClient, edit: str, told: str) -> None:
    packs, _ = grown()
    assert "không còn như dòng cuối" not in visit(client, packs.lot_path).words
    with unit_of_work() as session:
        session.execute(sa.text(edit))
        raise_version(session)
    db.session.expire_all()
    page = visit(client, packs.lot_path)
    assert "Thông tin vùng “Đồi cam” không còn như dòng cuối" in page.words
    assert "không bước nào bị sửa hay bỏ" not in page.words
    assert told in client.get(f"/truy-xuat/chuoi{packs.lot_path}").text


def test_a_zone_without_a_chain_claims_none(rich: Packs, client: FlaskClient) -> None:
    text = client.get(f"/truy-xuat/chuoi{rich.lot_path}").text
    assert text.count("Vùng này chưa có sổ.") == 2


def test_a_use_by_date_ends_at_midnight_in_vietnam(client: FlaskClient) -> None:
    with unit_of_work() as session:
        packs = some_packs(session, use_by=date(2026, 11, 21))
    assert answer(visit(client, packs.lot_path))[1] == "good"
    for path in (packs.lot_path, packs.path()):
        with clock.stopped(NOON + timedelta(hours=12)):
            page = visit(client, path)
        assert answer(page) == ("Đã quá hạn dùng", "stop")
        assert "hết ngày 21/11/2026" in page.words
        assert not page.soup.select('.tr a.btn.p[href^="/san-pham"]')


def test_a_recall_reaches_kept_pages_of_lot_pack_and_product(rich: Packs, client: FlaskClient) -> None:
    for path in (rich.lot_path, rich.code.product_code.path):
        assert answer(visit(client, path))[1] == "good"
    recall = a_recall(RecallScope.LOT, rich.lot.id)
    for path in (rich.lot_path, rich.path()):
        page = visit(client, path)
        assert answer(page) == ("Đang bị thu hồi", "stop")
        assert "Nhiễm khuẩn" in page.words
        assert f"/thu-hoi/{recall.code}" in page.links()
    assert answer(visit(client, rich.code.product_code.path))[1] == "good"
    a_recall(RecallScope.PRODUCT, rich.product.id)
    assert answer(visit(client, rich.code.product_code.path)) == ("Đang bị thu hồi", "stop")


def test_a_recall_of_what_went_into_a_lot_is_told_too(client: FlaskClient) -> None:
    with unit_of_work() as session:
        maker = a_producer(session)
        product = certified_product(session, producer=maker)
        material = a_material_lot(session, maker)
        uom = MeasureUnit.KILOGRAM
        used = InputFacts(material="Cam", source_lot_id=material.id, quantity=Decimal(50), uom=uom)
        packs = some_packs(session, product, inputs=(used,))
    a_recall(RecallScope.LOT, material.id)
    page = visit(client, packs.lot_path)
    assert answer(page) == ("Đang bị thu hồi", "stop")
    assert "Nhiễm khuẩn" in page.words


def test_all_worries_are_told_under_the_gravest(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = certified_product(session)
        packs = some_packs(session, product)
        suspend_product(session, session.get_one(Product, product.id))
    page = visit(client, f"{packs.lot_path}/21/XXXXXXXXXXXXXXXX")
    assert answer(page) == ("Tem không hợp lệ", "stop")
    assert "Sản phẩm tạm ngừng." in page.texts(".note b")


def test_an_edited_last_day_of_use_is_noticed(client: FlaskClient) -> None:
    with unit_of_work() as session:
        packs = some_packs(session)
    assert answer(visit(client, f"{packs.lot_path}?17=270514"))[1] == "good"
    page = visit(client, f"{packs.lot_path}?17=290514")
    assert answer(page) == ("Mã đã bị sửa", "warn")
    assert "Hạn dùng 14/05/2027" in page.texts(".facts li")


def test_goods_of_no_lot_on_record_that_are_too_old_by_their_own_code_are_refused(
    client: FlaskClient,
) -> None:
    with unit_of_work() as session:
        path = f"/t/{certified_product(session).trace_token}"
    good = visit(client, f"{path}?17=261121")
    assert answer(good) == ("Đúng mã sản phẩm", "good")
    assert "Hạn dùng ghi trong mã 21/11/2026" in good.texts(".facts li")
    old = visit(client, f"{path}/10/A1?17=261120")
    assert answer(old) == ("Đã quá hạn dùng", "stop")
    assert "hết ngày 20/11/2026. Đừng ăn, đừng dùng." in old.words


@pytest.mark.parametrize(
    ("gone_at", "heading"),
    [
        (NOON - timedelta(days=31, hours=-11), "Lô đã bán hết"),
        (NOON - timedelta(days=30, hours=11), "Lô hàng có thật"),
    ],
)
def test_a_lot_is_long_sold_out_for_a_whole_day(client: FlaskClient, gone_at: datetime, heading: str) -> None:
    with unit_of_work() as session:
        packs = some_packs(session)
        session.merge(packs.lot).gone_at = gone_at
    assert answer(visit(client, packs.lot_path))[0] == heading


def test_a_lot_that_is_not_on_record_is_told_from_a_product_that_keeps_none(client: FlaskClient) -> None:
    with unit_of_work() as session:
        packs = some_packs(session)
        bare = certified_product(session, "Mật ong")
    assert answer(visit(client, f"{packs.code.product_code.path}/10/KHONG"))[0] == "Không có lô này"
    assert answer(visit(client, f"/t/{bare.trace_token}/10/KHONG"))[0] == "Chưa có dữ liệu lô"


def test_a_code_of_the_product_alone_lists_lots_to_choose_from(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = certified_product(session)
        packs = some_packs(session, product, code="CU-01")
        some_packs(session, product, code="MOI-02")
    page = visit(client, packs.code.product_code.path)
    assert f"{packs.code.product_code.path}/10/MOI-02" in page.links()
    assert "Bạn cầm lô nào?" in page.words
    [path] = [link for link in page.links() if link.endswith("/CU-01")]
    assert answer(visit(client, path)) == ("Lô hàng có thật", "good")


def test_the_certificate_of_the_day_of_packing_is_told_beside_todays(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))
        a_certificate(session, product, 3, issued_on=date(2023, 11, 20))
        lot = a_lot(session, product)
    page = visit(client, f"/t/{product.trace_token}/10/{lot.code}")
    assert answer(page) == ("Chứng nhận đã hết hạn", "warn")
    assert "Ngày đóng gói giấy còn hiệu lực" in page.words


def token(product_id: int | None) -> str:
    """Return the printed token of a product."""
    return db.session.get_one(Product, product_id).trace_token


def test_the_worker_keeps_trace_pages_and_nothing_else(client: FlaskClient) -> None:
    response = client.get("/scan-worker.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    text = Path("static/js/scan-worker.js").read_text()
    assert r"/^(\/en)?\/(01|t)\/[^/]/" in text
    for private in ("gio-hang", "dat-hang", "don-hang", "tai-khoan", "gian-hang", "van-phong"):
        assert private not in text
