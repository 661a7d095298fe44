"""Sheets of past events: read, tried, recorded as a whole, and never twice."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from marketplace.database import db
from marketplace.traceability.events.history import load_history
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.lots.models import Lot, MeasureUnit
from marketplace.upkeep.event_sheets.columns import STEPS, Column
from marketplace.upkeep.event_sheets.reading import Upload, read_upload
from marketplace.upkeep.sheets import SheetRefused
from tests.factories.lots import a_lot, a_site, a_zone
from tests.factories.shop_sheets import Goods, goods_of
from tests.signin.browsing import write
from tests.workspace.conftest import Shop, open_shop, rival, shop

__all__ = ["open_shop", "rival", "shop"]

C = Column
Cells = Mapping[Column, object]


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """What the shop sells."""
    found: Goods = write(goods_of, shop.producer)
    return found


@pytest.fixture
def lot(goods: Goods) -> Lot:
    """A lot with the code CAM-01."""
    found: Lot = write(a_lot, goods.product, code="CAM-01")
    return found


def a_row(**changes: object) -> dict[Column, object]:
    row: dict[Column, object] = {C.LOT: "CAM-01", C.STEP: "Cất kho", C.DAY: "20/11/2026", C.TIME: "07:30"}
    return row | {Column[name.upper()]: value for name, value in changes.items()}


def sheet_csv(rows: Sequence[Cells]) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.value for column in columns])
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def sheet_xlsx(rows: Sequence[Cells]) -> bytes:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append([column.value for column in columns])
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def try_sheet(shop: Shop, content: bytes, status: int = 200) -> Any:
    return shop.browser.send(f"{shop.base}/lo/bang-tinh", status, tep=(io.BytesIO(content), "viec.csv"))


def record(shop: Shop, content: bytes, status: int = 303) -> Any:
    carried = read_upload(content).to_json()
    return shop.browser.send(f"{shop.base}/lo/bang-tinh/ghi", status, dong=carried)


def events_of(lot: Lot) -> list[TraceEvent]:
    db.session.rollback()
    return load_history(db.session(), lot.id).events[1:]


@pytest.mark.parametrize("written", [sheet_csv, sheet_xlsx])
def test_a_sheet_is_tried_and_recorded_once(shop: Shop, lot: Lot, written: Any) -> None:
    site, zone = write(a_site, shop.producer, "Xưởng xóm 3"), write(a_zone, shop.producer, "Vườn xóm 7")
    rows = [
        a_row(place="xưởng xóm 3", words="Giữ ở 8 độ", quantity="1,5", unit="kg"),
        a_row(step="THU HÁI", day="2026-11-14", time="", place="Vườn xóm 7"),
        a_row(step="gửi đi", place="Bến xe Hương Khê"),
    ]
    answer = try_sheet(shop, written(rows))
    assert "3 dòng: 3 việc mới, 0 đã ghi trước, 0 lỗi" in answer.text
    assert events_of(lot) == []
    assert record(shop, written(rows)).location == f"{shop.base}/lo"
    stored, picked, sent = events_of(lot)
    assert (stored.site_id, stored.quantity, stored.uom) == (site.id, stored.quantity, MeasureUnit.KILOGRAM)
    assert str(stored.quantity).startswith("1.5")
    assert (picked.biz_step, picked.zone_id, picked.event_time.isoformat()) == (
        BizStep.COLLECTING,
        zone.id,
        "2026-11-14T05:00:00+00:00",
    )
    assert (sent.site_id, sent.zone_id, sent.place_words) == (None, None, "Bến xe Hương Khê")
    assert "0 việc mới, 3 đã ghi trước" in try_sheet(shop, written(rows)).text
    record(shop, written(rows))
    assert len(events_of(lot)) == 3


@pytest.mark.parametrize(
    ("written", "cell", "quantity"),
    [
        (sheet_csv, "1.200", 1200),
        (sheet_csv, "1.250,5", Decimal("1250.5")),
        (sheet_csv, "1.5", Decimal("1.5")),
        (sheet_xlsx, "1.200", 1200),
        (sheet_xlsx, 1.234, Decimal("1.234")),
        (sheet_xlsx, 0.375, Decimal("0.375")),
        (sheet_xlsx, 1200, 1200),
        (sheet_xlsx, 1.5, Decimal("1.5")),
    ],
)
def test_a_cell_reads_as_the_form_does_and_a_number_as_it_is(
    shop: Shop, lot: Lot, written: Any, cell: object, quantity: object
) -> None:
    record(shop, written([a_row(quantity=cell, unit="kg")]))
    assert [event.quantity for event in events_of(lot)] == [quantity]


def test_what_a_page_shows_is_what_its_button_records(shop: Shop, lot: Lot) -> None:
    from bs4 import BeautifulSoup  # noqa: PLC0415

    answer = try_sheet(shop, sheet_csv([a_row(words='Ghi "chú" <b>, ngoặc')]))
    [carried] = BeautifulSoup(answer.text, "html.parser").select("input[name=dong]")
    shop.browser.send(f"{shop.base}/lo/bang-tinh/ghi", dong=carried["value"])
    assert [event.words for event in events_of(lot)] == ['Ghi "chú" <b>, ngoặc']


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"lot": "KHONG"}, "Dòng 3, Mã lô", "không có lô này"),
        ({"lot": ""}, "Dòng 3, Mã lô", "thiếu ô này"),
        ({"step": "bay"}, "Dòng 3, Việc", "không có việc này"),
        ({"step": ""}, "Dòng 3, Việc", "thiếu ô này"),
        ({"day": "31/02/2026"}, "Dòng 3, Ngày", "không phải ngày"),
        ({"day": "22/11/2026"}, "Dòng 3, Ngày", "chưa đến"),
        ({"day": ""}, "Dòng 3, Ngày", "thiếu ô này"),
        ({"time": "sáng"}, "Dòng 3, Giờ", "không phải giờ"),
        ({"quantity": "nhiều", "unit": "kg"}, "Dòng 3, Số lượng", "không phải số"),
        ({"quantity": "0", "unit": "kg"}, "Dòng 3, Số lượng", "không phải số"),
        ({"quantity": "5"}, "Dòng 3, Đơn vị", "đi cùng nhau"),
        ({"quantity": "5", "unit": "tạ"}, "Dòng 3, Đơn vị", "không có đơn vị"),
        ({"words": "x" * 501}, "Dòng 3, Ghi chú", "dài quá"),
        ({"place": "x" * 201}, "Dòng 3, Nơi", "dài quá"),
        ({"product": "Mứt"}, "Dòng 3, Mã lô", "không có lô này"),
        ({"event": "không phải mã"}, "Dòng 3, Mã việc", "không đúng dạng"),
        ({}, "Dòng 3, Mã việc", "giống hệt dòng 2"),
    ],
)
def test_one_wrong_row_stops_all_of_it(
    shop: Shop,
    lot: Lot,
    changes: dict[str, str],
    place: str,
    words: str,
) -> None:
    sheet = sheet_csv([a_row(), a_row(**changes)])
    answer = try_sheet(shop, sheet, 422)
    assert place in " ".join(answer.text.replace("<b>", "").replace("</b>", "").split())
    assert words in answer.text
    assert 'name="dong"' not in answer.text
    record(shop, sheet, 409)
    assert events_of(lot) == []


def test_an_identity_of_another_program_is_kept_and_stands_for_one_event(shop: Shop, lot: Lot) -> None:
    record(shop, sheet_csv([a_row(event="urn:uuid:1")]))
    assert [event.event_id for event in events_of(lot)] == ["urn:uuid:1"]
    answer = try_sheet(shop, sheet_csv([a_row(event="urn:uuid:1", words="khác")]), 422)
    assert "đã dùng cho một việc khác" in answer.text


def test_two_products_with_one_code_need_a_name(shop: Shop, lot: Lot) -> None:
    other = write(goods_of, shop.producer, "Mứt cam", ("MUT-1",))
    theirs = write(a_lot, other.product, code="CAM-01")
    assert "ghi tên sản phẩm" in try_sheet(shop, sheet_csv([a_row()]), 422).text
    record(shop, sheet_csv([a_row(product="mứt cam")]))
    assert (len(events_of(lot)), len(events_of(theirs))) == (0, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp rỗng"),
        (b"x" * 2_000_001, "lớn hơn 2 MB"),
        (b"PK\x03\x04 broken", "gói nén"),
        (sheet_csv([a_row()]).splitlines()[0], "không có dòng nào"),
        (sheet_csv([a_row(words=str(number)) for number in range(501)]), "501 dòng"),
        (sheet_csv([a_row(words="x" * 1_000) for _ in range(101)]), "quá nhiều chữ"),
    ],
)
def test_files_that_cannot_be_read_are_refused(shop: Shop, content: bytes, words: str) -> None:
    answer = try_sheet(shop, content, 422)
    assert words in answer.text
    assert 'href="#tep"' in answer.text


@pytest.mark.parametrize("carried", ["", "{", "[1]", "[[1]]", '[["x", {}]]', "[]", "[[2, [1]]]", "[" * 5_000])
def test_what_a_page_never_carried_is_refused(carried: str) -> None:
    with pytest.raises(SheetRefused):
        Upload.from_json(carried)


@pytest.mark.parametrize(
    "carried",
    [
        "[[1e999, {}]]",
        *(
            json.dumps([[2, {"mã lô": "CAM-01", "việc": "cất kho", "ngày": "20/11/2026", "ghi chú": words}]])
            for words in ("\ud800", "a\0b", "\u202e")
        ),
    ],
)
def test_what_no_sheet_can_hold_is_refused_clearly(shop: Shop, lot: Lot, carried: str) -> None:
    answer = shop.browser.send(f"{shop.base}/lo/bang-tinh/ghi", 422, dong=carried)
    assert "Bản xem thử bị hỏng" in answer.text
    assert events_of(lot) == []


def test_the_empty_sheet_names_the_lots(shop: Shop, lot: Lot, goods: Goods) -> None:
    assert f"{shop.base}/lo/bang-tinh/mau.xlsx" in shop.browser.open(f"{shop.base}/lo/bang-tinh").links()
    answer = shop.browser.client.get(f"{shop.base}/lo/bang-tinh/mau.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book.worksheets[0][1]] == [column.value for column in Column]
    assert [cell.value for cell in book["Các lô"][2]] == [lot.code, goods.product.name]
    assert "cất kho" in str(book["Hướng dẫn"]["B4"].value)


def test_every_step_of_a_sheet_is_one_of_the_trade() -> None:
    assert len(set(STEPS.values())) == len(STEPS)


def test_a_rival_records_nothing(shop: Shop, rival: Shop, lot: Lot) -> None:
    for path in ("", "/mau.xlsx"):
        assert rival.browser.client.get(f"{shop.base}/lo/bang-tinh{path}").status_code == 404
    sheet = sheet_csv([a_row()])
    carried = read_upload(sheet).to_json()
    for deed, fields in (("", {"tep": (io.BytesIO(sheet), "a.csv")}), ("/ghi", {"dong": carried})):
        rival.browser.send(f"{shop.base}/lo/bang-tinh{deed}", 404, **fields)
    assert "không có lô này" in try_sheet(rival, sheet, 422).text
    record(rival, sheet, 409)
    assert events_of(lot) == []
