"""Opening hours in the notation of schema.org, and whether a place is open at an instant.

`Mo-Fr 07:30-12:00,14:00-19:30; Sa 08:00-12:00`: rules apart by `;`, days as `Mo`, `Mo-Fr` or
`Mo,We`, spans apart by `,`. A span that ends at or before its beginning runs into the next day.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.clock import VIETNAM
from marketplace.errors import InvalidInput

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MINUTES_A_DAY = 24 * 60
_RULE = re.compile(r"(?P<days>[A-Z][a-z](?:[-,][A-Z][a-z])*)\s+(?P<spans>\S+)")
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")


class InvalidOpeningHours(InvalidInput):
    """Opening hours that are not in the notation of schema.org."""

    code = "invalid_opening_hours"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """From `begins` to `ends` in minutes after midnight of a weekday (0 is Monday); the end is outside."""

    weekday: int
    begins: int
    ends: int


def parse(notation: str) -> tuple[Span, ...]:
    """Return the spans of a week, in order; raises InvalidOpeningHours."""
    spans = [span for rule in notation.split(";") if rule.strip() for span in _spans_of(rule.strip())]
    if not spans:
        raise InvalidOpeningHours(field="opening_hours", notation=notation)
    return tuple(sorted(set(spans)))


def _spans_of(rule: str) -> list[Span]:
    match = _RULE.fullmatch(rule)
    if match is None:
        raise InvalidOpeningHours(field="opening_hours", notation=rule)
    times = [_times(span, rule) for span in match["spans"].split(",")]
    return [Span(day, *time) for day in _days(match["days"], rule) for time in times]


def _times(span: str, rule: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(span)
    if match is None:
        raise InvalidOpeningHours(field="opening_hours", notation=rule)
    hour, minute, end_hour, end_minute = map(int, match.groups())
    begins, ends = hour * 60 + minute, end_hour * 60 + end_minute
    if begins >= MINUTES_A_DAY or ends > MINUTES_A_DAY:
        raise InvalidOpeningHours(field="opening_hours", notation=rule)
    return begins, ends if ends > begins else ends + MINUTES_A_DAY


def _days(text: str, rule: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or any(day not in DAYS for day in ends):
            raise InvalidOpeningHours(field="opening_hours", notation=rule)
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def is_open(spans: tuple[Span, ...], at: datetime) -> bool:
    """Say whether a place with these hours is open at an instant, in Vietnam's time."""
    local = at.astimezone(VIETNAM)
    minute = local.hour * 60 + local.minute
    yesterday = (local - timedelta(days=1)).weekday()
    return any(
        (span.weekday == local.weekday() and span.begins <= minute < span.ends)
        or (span.weekday == yesterday and minute < span.ends - MINUTES_A_DAY)
        for span in spans
    )


_CLOCK = re.compile(r"(\d{1,2})\s*[hg:]\s*(\d{2})?\s*(?:phút)?\s*(?:-|–|đến)\s*(\d{1,2})\s*[hg:]\s*(\d{2})?")
_VIETNAMESE_DAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tư": 2, "4": 2, "năm": 3, "5": 3, "sáu": 4, "6": 4,
                    "bảy": 5, "7": 5, "nhật": 6}  # fmt: skip
_CLOSED = re.compile(r"nghỉ\s+(sáng|chiều|cả ngày|)\s*(?:thứ|chủ)\s+(hai|ba|tư|năm|sáu|bảy|nhật|[2-7])")
NOON = 12 * 60 + 30


def from_vietnamese(printed: str) -> str | None:
    """Return hours printed as `7h30-12h; 14h-19h30; nghỉ sáng thứ hai` in schema.org's notation.

    None for words beyond that pattern: hours are not guessed.
    """
    words = printed.casefold()
    times = [_read_clock(match) for match in _CLOCK.finditer(words)]
    closed = _CLOSED.findall(words)
    rest = _CLOSED.sub("", _CLOCK.sub("", words))
    rest = re.sub(r"hằng ngày|hàng ngày|mỗi ngày|tất cả các ngày|từ|và|mở cửa", "", rest)
    if not times or re.search(r"\w", rest) or any(b >= MINUTES_A_DAY or e > MINUTES_A_DAY for b, e in times):
        return None
    week = {day: list(times) for day in range(7)}
    for half, name in closed:
        day = _VIETNAMESE_DAYS[name]
        week[day] = [
            t for t in times if (half == "sáng" and t[0] >= NOON) or (half == "chiều" and t[0] < NOON)
        ]
    return _written(week)


def _read_clock(match: re.Match[str]) -> tuple[int, int]:
    hour, minute, end_hour, end_minute = (int(part or 0) for part in match.groups())
    return hour * 60 + minute, end_hour * 60 + end_minute


def _written(week: dict[int, list[tuple[int, int]]]) -> str:
    rules: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and week[last + 1] == week[day]:
            last += 1
        if week[day]:
            days = DAYS[day] if last == day else f"{DAYS[day]}-{DAYS[last]}"
            rules.append(f"{days} {','.join(f'{_hhmm(b)}-{_hhmm(e)}' for b, e in week[day])}")
        day = last + 1
    return "; ".join(rules)


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
