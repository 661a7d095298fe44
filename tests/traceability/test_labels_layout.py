"""Where the parts of labels lie: nothing over another, nothing over the edge, no name cut."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from reportlab.lib.units import mm

from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.labels.errors import InvalidLabels
from marketplace.traceability.labels.face import Face, face_of
from marketplace.traceability.labels.formats import FORMATS, LabelFormat, get_format
from marketplace.traceability.labels.layout import QUIET, lay_out
from marketplace.traceability.labels.letters import CAPITALS, REGULAR, drawable, shorten, width_of, wrap
from marketplace.traceability.labels.parts import Box, Layout, Line
from tests.factories.labels import DAY, GTIN, LONG_NAME, LONG_PRODUCER, a_printed_batch

ALL = [pytest.param(form, id=code) for code, form in FORMATS.items()]
NAMES = ["Chè", "Mứt vỏ bưởi Phúc Trạch", LONG_NAME, "ẾCH ỘP Ẵ Ỹ", "x" * 120]
SLACK = 0.05


def a_face(name: str = NAMES[1], *, use_by: bool = True, **changes: Any) -> Face:
    face = face_of(a_printed_batch(name=name, producer=LONG_PRODUCER), DAY)
    return replace(face, use_by=face.use_by if use_by else None, **changes)


def extent(line: Line) -> Box:
    """Return the room of a line from its baseline to the top of its capitals."""
    text = "Tem 00000" if line.text == "Tem" else line.text
    return Box(line.x, line.y, width_of(text, line.font, line.size), line.size * CAPITALS)


def parts_of(layout: Layout) -> list[Box]:
    boxes = [layout.matrix, layout.ean, layout.plate, layout.pin]
    lines = [*layout.lines, *([layout.number] if layout.number else [])]
    return [layout.qr, *(box for box in boxes if box), *(extent(line) for line in lines)]


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x + SLACK < other.x + other.width
        and other.x + SLACK < one.x + one.width
        and one.y + SLACK < other.y + other.height
        and other.y + SLACK < one.y + one.height
    )


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("name", NAMES, ids=len)
@pytest.mark.parametrize("modules", [25, 29, 37, 45])
def test_no_part_lies_on_another_or_beyond_the_edge(form: LabelFormat, name: str, modules: int) -> None:
    for stars in (None, 5):
        for barcodes in (False, True):
            for with_pins in {False, form.pins}:
                face = a_face(name, stars=stars, barcodes=barcodes)
                parts = parts_of(lay_out(form, face, modules, with_pins=with_pins))
                assert not [pair for pair in combinations(parts, 2) if overlap(*pair)]
                for part in parts:
                    assert part.x >= form.pad_x * mm - SLACK
                    assert part.y >= form.pad_y * mm - SLACK
                    assert part.x + part.width <= (form.width - form.pad_x) * mm + SLACK
                    assert part.y + part.height <= (form.height - form.pad_y) * mm + SLACK


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("stars", [None, 5])
@pytest.mark.parametrize("with_pins", [False, True])
def test_a_name_of_120_letters_is_whole(form: LabelFormat, stars: int | None, with_pins: bool) -> None:
    assert len(LONG_NAME) >= 118
    layout = lay_out(form, a_face(LONG_NAME, stars=stars), 41, with_pins=with_pins and form.pins)
    written = " ".join(line.text for line in layout.lines if line.font != REGULAR)
    assert written.replace("\u00a0", " ").startswith(LONG_NAME)
    assert "…" not in written
    assert bool(layout.plate) is bool(stars)


@pytest.mark.parametrize("form", ALL)
def test_a_name_that_fits_at_no_size_ends_in_an_ellipsis(form: LabelFormat) -> None:
    layout = lay_out(form, a_face(f"{LONG_NAME} " * 6), 41, with_pins=False)
    assert [line.text[-1] for line in layout.lines if line.text.endswith("…")] == ["…"]


@pytest.mark.parametrize("form", ALL)
def test_short_names_stand_large_with_their_producer(form: LabelFormat) -> None:
    face = replace(a_face("Chè Vân Sơn", stars=3, barcodes=False), producer="HTX Vân Sơn")
    layout = lay_out(form, face, 33, with_pins=False)
    texts = [line.text for line in layout.lines]
    assert layout.lines[0].size == pytest.approx(form.name_pt)
    assert "HTX Vân Sơn" in " ".join(texts)
    assert {"Lô\u00a0PT2611-02", "NSX\u00a021/11/2026", "HSD\u00a021/05/2027"} <= set(texts)
    assert layout.number is not None


@pytest.mark.parametrize("form", ALL)
def test_codes_have_their_quiet_zones(form: LabelFormat) -> None:
    layout = lay_out(form, a_face(stars=5), 33, with_pins=False)
    quiet = layout.qr.width / 33 * QUIET
    grown = Box(layout.qr.x, layout.qr.y - quiet, layout.qr.width + quiet, layout.qr.height + quiet)
    assert not [part for part in parts_of(layout)[1:] if overlap(grown, part)]
    assert min(form.pad_x, form.pad_y) * mm >= quiet * 0.7, "with its neighbour's edge that is a quiet zone"


def test_rolls_print_modules_of_whole_dots() -> None:
    form = get_format("roll-50x30")
    layout = lay_out(form, a_face(), 33, with_pins=False)
    dots = layout.qr.width / 33 / mm / 0.125
    assert dots == pytest.approx(round(dots))
    tiny = replace(form, qr=10.0)
    assert lay_out(tiny, a_face(), 45, with_pins=False).qr.width == pytest.approx(10 * mm)


def test_labels_without_numbers_dates_or_stars_leave_no_holes() -> None:
    form = get_format("a4-24")
    face = replace(a_face(stars=None, use_by=False), numbered=False)
    layout = lay_out(form, face, 33, with_pins=False)
    texts = [line.text for line in layout.lines]
    assert layout.number is None
    assert "Quét xem nguồn gốc" in texts
    assert not [text for text in texts if text.startswith(("HSD", "Tem", "TEM"))]


def test_samples_say_so() -> None:
    form = get_format("a4-24")
    numberless = replace(a_face(), sample=True, numbered=False)
    assert "TEM MẪU" in [line.text for line in lay_out(form, numberless, 33, with_pins=False).lines]


@pytest.mark.parametrize("form", ALL)
def test_sheets_hold_all_their_labels(form: LabelFormat) -> None:
    corners = [form.corner(place) for place in range(form.per_page)]
    assert len(set(corners)) == form.per_page
    for left, bottom in corners:
        assert -1e-6 <= left <= form.page[0] - form.width + 1e-6
        assert -1e-6 <= bottom <= form.page[1] - form.height + 1e-6
    assert form.is_roll is form.code.startswith("roll")
    top_left = corners[0]
    assert top_left[0] == min(x for x, _ in corners)
    assert top_left[1] == max(y for _, y in corners)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InvalidLabels) as refused:
        get_format("a5-7")
    assert refused.value.parameters == {"field": "format"}


def test_texts_break_between_words_and_within_words_longer_than_a_line() -> None:
    assert wrap("một hai ba", REGULAR, 10, 40) == ["một hai", "ba"]
    assert "".join(wrap("x" * 50, REGULAR, 10, 40)) == "x" * 50
    assert all(width_of(line, REGULAR, 10) <= 40 for line in wrap("x" * 50, REGULAR, 10, 40))
    assert wrap("xyz", REGULAR, 10, 1) == ["x", "y", "z"]
    assert shorten(["một"], 1, REGULAR, 10, 40) == ["một"]


def test_letters_that_no_font_has_become_question_marks() -> None:
    assert drawable("Bưở\u0309i 漢 ½ × ₫") == "Bưở\u0309i ? ½ × ₫"
    assert drawable("Ba\u0309nh") == "Bảnh"


def test_the_name_tells_the_pack_once() -> None:
    assert face_of(a_printed_batch(name="Chè hộp 200 g", pack="Hộp 200 g"), DAY).name == "Chè hộp 200 g"
    assert face_of(a_printed_batch(name="Chè", pack="Hộp 200 g"), DAY).name == "Chè, hộp\u00a0200\u00a0g"
    assert face_of(a_printed_batch(name="Chè", pack=None), DAY).name == "Chè"


def test_stars_are_those_of_the_batch_while_the_certificate_lives() -> None:
    batch = a_printed_batch(stars=4, certified_until=DAY)
    assert face_of(batch, DAY).stars == 4
    assert face_of(batch, DAY.replace(day=22)).stars is None
    assert batch.lot.product is not None
    batch.lot.product.granted_stars = 3
    assert face_of(batch, DAY).stars is None
    assert face_of(a_printed_batch(stars=None), DAY).stars is None


def test_material_has_no_face() -> None:
    batch = a_printed_batch()
    batch.lot.product = None
    with pytest.raises(ValueError, match="material"):
        face_of(batch, DAY)


@pytest.mark.parametrize(
    ("gtin", "barcodes", "sample"),
    [
        (GTIN, True, False),
        ("00000096385074", True, False),
        ("18931234567894", True, False),
        ("09521234567899", True, True),
        (None, False, False),
        ("02001234567893", False, False),
        ("00212345678909", False, False),
        ("00412345678903", False, False),
        ("00000020123451", False, False),
    ],
)
def test_barcodes_are_of_numbers_that_mean_the_same_everywhere(
    gtin: str | None, barcodes: bool, sample: bool
) -> None:
    face = face_of(a_printed_batch(gtin=gtin, level=LabelLevel.LOT), DAY)
    assert (face.barcodes, face.sample, face.numbered) == (barcodes, sample, False)
    assert (face.code.gtin, face.code.token is None) == (gtin, gtin is not None)
