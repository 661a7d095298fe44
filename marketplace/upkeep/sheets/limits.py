"""How much of a file is read, and what makes a cell unacceptable whatever it means."""

import re

MAX_BYTES = 16_000_000
MAX_UNPACKED = 120_000_000
MAX_ENTRIES = 200
MAX_RATIO = 100
SMALL_UNPACKED = 5_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL = 4_000
MAX_FINDINGS = 20_000

CPU_SECONDS = 9
MEMORY_BYTES = 190_000_000
WALL_SECONDS = 30
TOO_HEAVY = "Tệp quá nặng để đọc trong giới hạn bộ nhớ và thời gian."

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_FORMULA = re.compile(r"=|[+\-@][^|!(]*[|!(]")


def fault_of(text: str) -> str | None:
    """Return why a cell cannot be taken, or None: too long, control signs, reversed writing, formulas."""
    if len(text) > MAX_CELL:
        return f"ô dài {len(text):,} ký tự, nhiều nhất là {MAX_CELL:,}".replace(",", ".")
    if (stray := _stray_sign(text)) is not None:
        return stray
    if text in _EXCEL_ERRORS:
        return f"ô báo lỗi {text}"
    if _FORMULA.match(text.lstrip()):
        return "ô là công thức; chỉ nhận giá trị"
    return None


def _stray_sign(text: str) -> str | None:
    if "\x00" in text:
        return "ô chứa byte rỗng (NUL)"
    if found := _CONTROL.search(text):
        return f"ô chứa ký tự điều khiển U+{ord(found[0]):04X}"
    if found := _DIRECTION.search(text):
        return f"ô chứa ký tự đảo chiều chữ U+{ord(found[0]):04X}"
    return None


def without_invisible(text: str) -> str:
    """Return the text without signs that nobody sees (zero-width spaces, soft hyphens)."""
    return _INVISIBLE.sub("", text)
