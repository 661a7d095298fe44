import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from marketplace.media.qr import QUIET_ZONE, qr_matrix, qr_png, qr_svg

SVG = "{http://www.w3.org/2000/svg}"
ADDRESSES = [
    "https://ocop.example.vn/01/09521234567899",
    "https://ocop.example.vn/01/09521234567899/10/LOT-7/21/0137",
    "https://ocop.example.vn/t/3q2x7f6m1n8k",
    "Phiên chợ OCOP: mật ong, nước mắm, đặc sản",
]


def decode(picture: Image.Image) -> str:
    (barcode,) = zxingcpp.read_barcodes(picture)
    return barcode.text


def rasterise(svg: str, scale: int = 6) -> Image.Image:
    root = ET.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (side * scale, side * scale), 255)
    ink = root.findall(f"{SVG}path")[1].attrib["d"]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", ink):
        left, top = int(x) * scale, int(y) * scale
        picture.paste(0, (left, top, left + int(length) * scale, top + scale))
    return picture


@pytest.mark.parametrize("text", ADDRESSES)
def test_both_forms_are_read_back(text: str) -> None:
    assert decode(rasterise(qr_svg(text))) == text
    assert decode(Image.open(BytesIO(qr_png(text))).convert("L")) == text


@given(st.text(alphabet="ABCabc0123456789/:.-_", min_size=1, max_size=120))
@settings(max_examples=25, deadline=None)
def test_any_address_is_read_back(text: str) -> None:
    assert decode(rasterise(qr_svg(text))) == text


def test_the_drawing_is_small_named_and_keeps_its_quiet_zone() -> None:
    svg = qr_svg(ADDRESSES[0], label='Mã của "Cu đơ" & <bạn>')
    assert len(svg) < 9_000
    assert ET.fromstring(svg).attrib["aria-label"] == 'Mã của "Cu đơ" & <bạn>'
    assert min(int(x) for x in re.findall(r"M(\d+) \d+h\d+v1", svg)) == QUIET_ZONE
    assert len(qr_matrix(ADDRESSES[0])) + 2 * QUIET_ZONE == int(svg.split('viewBox="0 0 ')[1].split()[0])


def test_without_a_label_it_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in qr_svg("x")
