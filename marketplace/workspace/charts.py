"""Where the marks of charts stand, in units of their drawing; templates only write them down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.certification.renewal import Renewal
from marketplace.web.words import gettext as _

RADAR_WIDTH = 340
BARS_WIDTH, BARS_HEIGHT = 340, 120
_MARGIN = 14
_BEFORE_WINDOW = timedelta(days=60)
_NARROWEST = 6.0


@dataclass(frozen=True, slots=True)
class RadarDrawing:
    """A certificate as a line of 340 units: the window for the file, the end, and the pin of today.

    `pin_left` says that the words of the pin stand to its left, where there is room.
    """

    opens: float
    window: float
    ends: float
    today: float
    pin_left: bool


def draw_radar(renewal: Renewal) -> RadarDrawing:
    """Return where the marks of a certificate stand, days running evenly from left to right."""
    first = min(renewal.day, renewal.opens - _BEFORE_WINDOW)
    last = max(renewal.day, renewal.until)
    unit = (RADAR_WIDTH - 2 * _MARGIN) / (last - first).days

    def at(day: date) -> float:
        return round(_MARGIN + (day - first).days * unit, 1)

    today = at(renewal.day)
    window = max(at(renewal.closes) - at(renewal.opens), _NARROWEST)
    return RadarDrawing(
        at(renewal.opens), round(window, 1), at(renewal.until), today, today > RADAR_WIDTH / 2
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, standing on its lower edge; `value` is what it stands for."""

    x: float
    y: float
    width: float
    height: float
    value: int


def draw_bars(values: Sequence[int]) -> list[Bar]:
    """Return upright bars side by side, the highest as high as the chart; a value of 0 has no height."""
    step = BARS_WIDTH / max(len(values), 1)
    highest = max(values, default=0) or 1
    heights = [round(value / highest * BARS_HEIGHT, 1) for value in values]
    return [
        Bar(
            round(place * step + step * 0.12, 1),
            round(BARS_HEIGHT - height, 1),
            round(step * 0.76, 1),
            height,
            v,
        )
        for place, (v, height) in enumerate(zip(values, heights, strict=True))
    ]


def write_short(amount: int) -> str:
    """Return an amount of đồng as it fits above a bar: in thousands, millions or thousands of millions."""
    units = ((10**9, _("%(number)s tỷ")), (10**6, _("%(number)s tr")), (10**3, _("%(number)s ng")))
    for unit, words in units:
        if amount >= unit:
            number = f"{amount / unit:.1f}".removesuffix(".0") if amount < 100 * unit else str(amount // unit)
            return words % {"number": number.replace(".", ",")}
    return str(amount)
