"""Opening hours in words, and whether a place is open at an instant."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from marketplace.sales_points.opening_hours import DAYS, InvalidOpeningHours, is_open, parse

NAMES = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
DAY = re.compile("|".join(DAYS))


@dataclass(frozen=True, slots=True)
class Hours:
    """What a page says of a place's hours: `state` is open, closed, or nothing where no source tells."""

    state: str = ""
    words: str = ""


def hours_of(notation: str | None, at: datetime, language: str) -> Hours:
    """Return the hours of a place at an instant; what cannot be read counts as not told."""
    if not notation:
        return Hours()
    try:
        spans = parse(notation)
    except InvalidOpeningHours:
        return Hours()
    return Hours("open" if is_open(spans, at) else "closed", _write(notation, language))


def _write(notation: str, language: str) -> str:
    """Write `Mo-Su 07:30-21:00` as `hằng ngày 07:30–21:00`, other days by their short names."""
    names = dict(zip(DAYS, NAMES[language], strict=True))
    words = notation.replace("Mo-Su", _("hằng ngày"))
    return DAY.sub(lambda day: names[day.group()], words).replace("-", "–").replace(",", ", ")
