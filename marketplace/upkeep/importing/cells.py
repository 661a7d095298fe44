"""What the text of a cell means: stars, years, days, amounts; what is not understood is said."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from marketplace import text
from marketplace.upkeep.sheets import Finding, Row, Severity

FIRST_YEAR = 2018
EXCEL_EPOCH = date(1899, 12, 30)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(?:ngày )?(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})")
_IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_STARS = re.compile(r"(?:hạng )?(\d+(?:[.,]0+)?) ?(?:sao|\*|★)?")
_YEAR = re.compile(r"(?:năm )?(\d{4})(?:[.,]0+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+(?:,0+)?")
_LOST_LETTER = re.compile(r"[^\W\d_]\?+[^\W\d_]")
_CURRENCY = re.compile(r"\s*(?:vnđ|vnd|đồng|đ|₫)$")

Say = Callable[[Severity, str, str], None]


class Speaker:
    """Collects findings about one row."""

    def __init__(self, row: int, findings: list[Finding]) -> None:
        self.row = row
        self.findings = findings

    def error(self, column: str, message: str) -> None:
        """Note what must be mended before anything of the file is applied."""
        self.findings.append(Finding(Severity.ERROR, self.row, column, message))

    @classmethod
    def silent(cls, row: int) -> "Speaker":
        """Return a speaker nobody hears, for reading again what was reported when it was examined."""
        return cls(row, [])

    def doubt(self, column: str, message: str) -> None:
        """Note what was applied although a person should look at it."""
        self.findings.append(Finding(Severity.DOUBT, self.row, column, message))


def doubt_lost_letters(row: Row, say: Speaker) -> None:
    """Note cells where `?` stands within a word: an export that had no such letter (`M?t ong`)."""
    for column, cell in row.cells.items():
        if _LOST_LETTER.search(cell) and not cell.startswith(("http://", "https://")):
            say.doubt(column, f"«{cell[:40]}» có dấu ? giữa chữ: có thể đã mất dấu khi xuất tệp")


def read_stars(cell: str, say: Speaker) -> int | None:
    """Return 3, 4 or 5; one and two stars get no certificate (Decision 26/2026/QĐ-TTg, article 4)."""
    if not cell:
        return None
    if 3 <= len(cell) <= 5 and set(cell) <= {"*", "★"}:
        return len(cell)
    found = _STARS.fullmatch(cell.casefold())
    stars = int(float(found[1].replace(",", "."))) if found else None
    if stars not in {3, 4, 5}:
        say.error("stars", f"«{cell[:40]}» không phải hạng 3, 4 hay 5 sao")
        return None
    return stars


def read_year(cell: str, today: date, say: Speaker) -> int | None:
    """Return a year of recognition; the future is an error, years before the programme a doubt."""
    if not cell:
        return None
    found = _YEAR.fullmatch(cell.casefold())
    if not found:
        say.error("year", f"«{cell[:40]}» không phải một năm")
        return None
    year = int(found[1])
    if year > today.year:
        say.error("year", f"năm {year} chưa tới")
        return None
    if year < FIRST_YEAR:
        say.doubt("year", f"năm {year} trước khi có Chương trình OCOP ({FIRST_YEAR})")
    return year


def read_day(cell: str, column: str, today: date, say: Speaker) -> date | None:
    """Return a day written as ISO, as dd/mm/yyyy, in words or as an Excel serial number.

    A day that is impossible, or has a two-digit year, is a doubt and counts as unknown. One whose
    month could come first is read day first, as Vietnamese write, and is a doubt too. One in the
    future is an error.
    """
    if not cell:
        return None
    parts = _day_parts(cell)
    day = _date_of(*parts) if parts else None
    if day is None:
        say.doubt(column, f"«{cell[:40]}» không phải một ngày có thật; coi như không rõ ngày")
        return None
    if _could_be_month_first(cell, day):
        say.doubt(column, f"«{cell}» được đọc là ngày {day.day} tháng {day.month}")
    if day > today:
        say.error(column, f"ngày {day:%d/%m/%Y} chưa tới")
        return None
    if day.year < FIRST_YEAR:
        say.doubt(column, f"ngày {day:%d/%m/%Y} trước khi có Chương trình OCOP ({FIRST_YEAR})")
    return day


def _day_parts(cell: str) -> tuple[int, int, int] | None:
    if cell.isdigit() and 20_000 <= int(cell) <= 80_000:
        day = EXCEL_EPOCH + timedelta(days=int(cell))
        return day.year, day.month, day.day
    if found := _ISO.fullmatch(cell):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(cell.casefold()) or _IN_WORDS.fullmatch(cell.casefold()):
        return int(found[3]), int(found[2]), int(found[1])
    return None


def _could_be_month_first(cell: str, day: date) -> bool:
    return cell[0].isdigit() and bool(_DAY_FIRST.fullmatch(cell)) and day.day <= 12 and day.day != day.month


def _date_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_amount(cell: str, column: str, say: Speaker) -> int | None:
    """Return an amount in whole đồng; `1.000.000` is a million, as Vietnamese write it."""
    if not cell:
        return None
    plain = _CURRENCY.sub("", text.clean(cell).casefold())
    if _GROUPED.fullmatch(plain):
        plain = re.sub(
            r"[.,\s]", "", re.sub(r",0+$", "", plain) if plain.count(",") == 1 and "." in plain else plain
        )
    if not plain.isascii() or not plain.isdigit() or not 0 < int(plain) <= 10**10:
        say.error(column, f"«{cell[:40]}» không phải số tiền đồng")
        return None
    return int(plain)


def read_degrees(cell: str, column: str, say: Speaker) -> float | None:
    """Return a latitude or longitude within Vietnam's frame; one outside it is a doubt and left out."""
    if not cell:
        return None
    low, high = (7.0, 24.0) if column.endswith("lat") else (101.0, 118.0)
    try:
        degrees = float(cell.replace(",", "."))
    except ValueError:
        degrees = 0.0
    if not low <= degrees <= high:
        say.doubt(column, f"«{cell[:40]}» không phải toạ độ ở Việt Nam; bỏ qua")
        return None
    return degrees


def read_text(cell: str, column: str, longest: int, say: Speaker) -> str | None:
    """Return a text that fits its place in the register, None when empty; a longer one is an error."""
    if len(cell) > longest:
        say.error(column, f"dài {len(cell)} ký tự, nhiều nhất là {longest}")
        return None
    return cell or None


def read_address(cell: str, column: str, say: Speaker) -> str | None:
    """Return an http or https address; anything else is a doubt and left out."""
    if not cell:
        return None
    if not cell.startswith(("http://", "https://")) or len(cell) > 400 or " " in cell:
        say.doubt(column, "không phải địa chỉ web; bỏ qua")
        return None
    return cell
