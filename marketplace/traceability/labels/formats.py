"""The sheets and rolls that labels are printed on; lengths are millimetres, sizes of letters points."""

from dataclasses import dataclass

from marketplace.traceability.labels.errors import InvalidLabels

A4 = (210.0, 297.0)
DOT_203 = 0.125
"""The dot of the usual thermal printer, 203 to the inch."""


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """How labels lie on a page, and how large the parts of one are.

    `gap` is between columns; rows touch. What is printed keeps away from the edges by `pad_x` and
    `pad_y`, which is also the quiet zone of the QR code. `qr` is its side at most, `matrix` that of the
    DataMatrix (0: none). `dot` is the printer's dot that modules are whole multiples of, if known.
    """

    code: str
    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    gap: float
    pad_x: float
    pad_y: float
    qr: float
    name_pt: float
    fact_pt: float
    matrix: float = 0
    ean: bool = False
    pins: bool = True
    dot: float | None = None

    @property
    def per_page(self) -> int:
        """Return how many labels a page holds."""
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        """Whether it is a roll: each label is a page."""
        return self.per_page == 1

    def corner(self, place: int) -> tuple[float, float]:
        """Return the lower left corner of a place on its page, counted from 0 row by row from the top."""
        row, column = divmod(place, self.columns)
        page_width, page_height = self.page
        left = (page_width - self.columns * self.width - (self.columns - 1) * self.gap) / 2
        top = (page_height - self.rows * self.height) / 2
        return left + column * (self.width + self.gap), page_height - top - (row + 1) * self.height


_FORMATS = (
    LabelFormat("a4-24", A4, 3, 8, 63.5, 33.9, 2.5, 2.2, 2.2, 21.5, 9, 6.5, matrix=10.5, ean=True),
    LabelFormat("a4-24-70x37", A4, 3, 8, 70.0, 37.0, 0, 5.0, 4.2, 20.5, 9, 6.5, matrix=10.5, ean=True),
    LabelFormat("a4-40", A4, 4, 10, 45.7, 25.4, 2.54, 1.8, 1.8, 15.0, 7, 5.5, matrix=9.2),
    LabelFormat("a4-40-52x30", A4, 4, 10, 52.5, 29.7, 0, 5.0, 4.5, 14.5, 7, 5.5, matrix=9.5),
    LabelFormat("a4-65", A4, 5, 13, 38.1, 21.2, 2.54, 1.6, 1.5, 13.5, 6, 4.7, pins=False),
    LabelFormat(
        "roll-50x30", (50, 30), 1, 1, 50, 30, 0, 1.75, 1.75, 18.5, 7.5, 5.5, matrix=9.75, dot=DOT_203
    ),
    LabelFormat("roll-40x30", (40, 30), 1, 1, 40, 30, 0, 1.75, 1.75, 17, 7, 5.5, matrix=10, dot=DOT_203),
)
"""Sheets by the sizes that several makes share: 63.5 × 33.9 (as Avery L7159), 70 × 37 (3474),
45.7 × 25.4 (L7654), 52.5 × 29.7 (3651) and 38.1 × 21.2 mm (L7651). On sheets without margins what is
printed keeps away from the edges that printers cannot reach."""
FORMATS = {one.code: one for one in _FORMATS}
"""All formats by code, in the order in which they are offered."""


def get_format(code: str) -> LabelFormat:
    """Return a format by its code; raises InvalidLabels."""
    try:
        return FORMATS[code]
    except KeyError as error:
        raise InvalidLabels(field="format") from error
