"""Sheets of labels: read back from the PDF, as pictures, and as a table for printers."""

import re
from datetime import date
from io import BytesIO
from random import Random
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from PIL import Image

from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.labels.barcodes import element_string
from marketplace.traceability.labels.errors import InvalidLabels, NoBarcode
from marketplace.traceability.labels.face import face_of
from marketplace.traceability.labels.formats import FORMATS, LabelFormat, get_format
from marketplace.traceability.labels.printer_list import HEADER, printer_rows
from marketplace.traceability.labels.sheet import draw_batch
from marketplace.traceability.labels.single import Symbol, single_png, single_svg
from tests.factories.labels import (
    DAY,
    GTIN,
    LONG_NAME,
    LONG_PRODUCER,
    SITE,
    TOKEN,
    a_printed_batch,
    some_labels,
)
from tests.traceability.printed import Seen, distorted, label_pictures, page_texts, read

ALL = [pytest.param(form, id=code) for code, form in FORMATS.items()]


@pytest.mark.parametrize("form", ALL)
def test_every_code_is_read_again_out_of_focus_and_turned(form: LabelFormat) -> None:
    chance, labels = Random(form.code), some_labels(3)
    pdf = draw_batch(a_printed_batch(form.code, LONG_NAME, producer=LONG_PRODUCER), labels, SITE, DAY)
    for label, picture in zip(labels, label_pictures(pdf, form, 3), strict=True):
        matrix = f"(01){GTIN}(17)270521(10)PT2611-02(21){label.serial}" if form.matrix else None
        path = f"/01/{GTIN}/10/PT2611-02/21/{label.serial}"
        expected = Seen(SITE + path, matrix, GTIN[1:] if form.ean else None)
        assert read(distorted(picture, chance)) == expected


@pytest.mark.parametrize("form", ALL)
def test_goods_without_a_number_of_gs1_have_our_token_and_no_barcode(form: LabelFormat) -> None:
    labels = some_labels(2)
    pdf = draw_batch(a_printed_batch(form.code, gtin=None), labels, SITE, DAY)
    for label, picture in zip(labels, label_pictures(pdf, form, 2), strict=True):
        assert read(picture) == Seen(f"{SITE}/t/{TOKEN}/10/PT2611-02/21/{label.serial}", None, None)


def test_labels_of_a_lot_are_alike_and_have_no_serial() -> None:
    form = get_format("a4-40")
    pdf = draw_batch(a_printed_batch("a4-40", count=41, level=LabelLevel.LOT), [], SITE, DAY)
    pictures = label_pictures(pdf, form, 41)
    assert {read(one).qr for one in pictures} == {f"{SITE}/01/{GTIN}/10/PT2611-02"}
    assert read(pictures[40]).matrix == f"(01){GTIN}(17)270521(10)PT2611-02"
    assert "Tem 0" not in page_texts(pdf)[0]


@pytest.mark.parametrize(("gtin", "ean"), [("00000096385074", "96385074"), ("18931234567894", None)])
def test_small_packs_have_an_ean_8_and_cases_none(gtin: str, ean: str | None) -> None:
    form = get_format("a4-24")
    (picture,) = label_pictures(draw_batch(a_printed_batch(gtin=gtin), some_labels(1), SITE, DAY), form, 1)
    seen = read(picture)
    assert seen.ean == ean
    assert (seen.matrix or "").startswith(f"(01){gtin}")


def test_a_label_says_what_people_compare() -> None:
    pdf = draw_batch(a_printed_batch(), some_labels(2), SITE, DAY)
    (text,) = page_texts(pdf)
    flat = re.sub(r"\s+", " ", text)
    for words in ("Mứt vỏ bưởi Phúc Trạch,", "hũ 250 g", "HTX Bưởi Phúc Trạch", "Lô PT2611-02"):
        assert flat.count(words) == 2, words
    for words in ("Tem 0137", "Tem 0138", "NSX 21/11/2026", "HSD 21/05/2027", "OCOP 4 sao"):
        assert words in flat


def test_stars_are_not_printed_once_the_certificate_has_ended() -> None:
    batch = a_printed_batch(certified_until=DAY)
    assert "OCOP" in page_texts(draw_batch(batch, some_labels(1), SITE, DAY))[0]
    assert "OCOP" not in page_texts(draw_batch(batch, some_labels(1), SITE, DAY.replace(day=22)))[0]


def test_pins_are_printed_each_on_its_label() -> None:
    labels = some_labels(2, pins=True)
    (text,) = page_texts(draw_batch(a_printed_batch("a4-40"), labels, SITE, DAY))
    for label in labels:
        assert label.pin
        assert f"{label.pin[:4]} {label.pin[4:]}" in text
    assert "Cào" not in page_texts(draw_batch(a_printed_batch(), some_labels(2), SITE, DAY))[0]


def test_samples_say_so_on_each_label() -> None:
    (text,) = page_texts(draw_batch(a_printed_batch(sample=True), some_labels(2), SITE, DAY))
    assert text.count("MẪU") == 2


def test_sheets_are_filled_from_the_first_free_place() -> None:
    form, labels = get_format("a4-65"), some_labels(70)
    pdf = draw_batch(a_printed_batch("a4-65"), labels, SITE, DAY, skip=63)
    first, second, third = page_texts(pdf)
    assert [text.count("Tem 0") for text in (first, second, third)] == [2, 65, 3]
    last = label_pictures(pdf, form, 70, skip=63)[-1]
    assert (read(last).qr or "").endswith(labels[-1].serial)
    for wrong in (-1, 65):
        with pytest.raises(InvalidLabels) as refused:
            draw_batch(a_printed_batch("a4-65"), labels, SITE, DAY, skip=wrong)
        assert refused.value.parameters == {"field": "skip", "most": 64}


def test_each_label_of_a_roll_is_a_page() -> None:
    pdf = draw_batch(a_printed_batch("roll-50x30"), some_labels(3), SITE, DAY)
    assert len(page_texts(pdf)) == 3
    picture, *_ = label_pictures(pdf, get_format("roll-50x30"), 3)
    width, height = picture.size
    assert width == pytest.approx(50 / 25.4 * 300, abs=1)
    assert height == pytest.approx(30 / 25.4 * 300, abs=1)
    border = 12
    inner = picture.crop((border, border, width - border, height - border))
    white = Image.new("L", picture.size, 255)
    white.paste(inner, (border, border))
    assert white.tobytes() == picture.tobytes(), "nothing within a millimetre of the edge"


def test_the_file_carries_its_letters_and_is_the_same_each_time() -> None:
    batch, labels = a_printed_batch(), some_labels(2)
    pdf = draw_batch(batch, labels, SITE, DAY)
    assert pdf.count(b"/FontFile2") == 2
    assert b"Helvetica" not in pdf
    assert b"/PrintScaling /None" in pdf
    assert pdf == draw_batch(batch, labels, SITE, DAY)


def test_many_labels_make_a_small_file() -> None:
    pdf = draw_batch(a_printed_batch(count=120), some_labels(120), SITE, DAY)
    assert len(pdf) < 110_000
    alike = draw_batch(a_printed_batch(count=1000, level=LabelLevel.LOT), [], SITE, DAY)
    assert len(alike) < 60_000


def test_a_single_code_is_a_picture() -> None:
    code = face_of(a_printed_batch(), DAY).code_of("AB12")
    use_by = date(2027, 5, 21)
    for symbol, text in (
        (Symbol.QR, f"{SITE}/01/{GTIN}/10/PT2611-02/21/AB12"),
        (Symbol.DATA_MATRIX, element_string(code, use_by)),
    ):
        picture = Image.open(BytesIO(single_png(symbol, code, use_by, SITE)))
        assert [one.text for one in zxingcpp.read_barcodes(picture.convert("L"))] == [text]
        svg = ET.fromstring(single_svg(symbol, code, use_by, SITE, "Mã lô"))
        assert svg.attrib["aria-label"] == "Mã lô"
        assert int(svg.attrib["viewBox"].split()[2]) * 20 == picture.width


def test_a_single_datamatrix_needs_a_number_of_gs1() -> None:
    code = face_of(a_printed_batch(gtin=None), DAY).code
    with pytest.raises(NoBarcode):
        single_png(Symbol.DATA_MATRIX, code, None, SITE)
    assert single_png(Symbol.QR, code, None, SITE)


def test_printers_get_a_row_for_each_label() -> None:
    labels = some_labels(2, pins=True)
    first, second = printer_rows(a_printed_batch(), labels, SITE, DAY)
    row = dict(zip(HEADER, first, strict=True))
    assert row == {
        "so_tem": 137,
        "dia_chi_qr": f"{SITE}/01/{GTIN}/10/PT2611-02/21/{labels[0].serial}",
        "chuoi_gs1": f"(01){GTIN}(17)270521(10)PT2611-02(21){labels[0].serial}",
        "gtin": GTIN,
        "ma_lo": "PT2611-02",
        "serial": labels[0].serial,
        "ma_cao": labels[0].pin,
        "san_pham": "Mứt vỏ bưởi Phúc Trạch, hũ 250 g",
        "chu_the": "HTX Bưởi Phúc Trạch",
        "ngay_san_xuat": DAY,
        "han_su_dung": date(2027, 5, 21),
        "sao_ocop": 4,
    }
    assert second[0] == 138


def test_printers_get_one_row_for_labels_that_are_alike() -> None:
    batch = a_printed_batch(gtin=None, level=LabelLevel.LOT, use_by=None)
    (row,) = printer_rows(batch, [], SITE, DAY)
    assert row[:7] == (None, f"{SITE}/t/{TOKEN}/10/PT2611-02", None, None, "PT2611-02", None, None)
    assert row[10] is None
