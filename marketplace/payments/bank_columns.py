"""What the columns of a bank's statement are called, in the spellings of banks in Vietnam."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from marketplace.text import fold


class Column(StrEnum):
    """What is read of a statement.

    `CREDIT` holds money that came in alone; `AMOUNT` money in and out, told apart by `SIGN` or by its own.
    """

    DATE = "date"
    CREDIT = "credit"
    MESSAGE = "message"
    REFERENCE = "reference"
    AMOUNT = "amount"
    SIGN = "sign"


SPELLINGS: Mapping[Column, Sequence[str]] = {
    Column.DATE: (
        "ngay giao dich", "ngay gd", "ngay gio giao dich", "ngay gio gd", "thoi gian giao dich",
        "transaction date", "txn date", "tnx date", "trans date", "ngay thuc hien", "ngay hach toan",
        "posting date", "ngay hieu luc", "value date", "effective date", "ngay ct", "ngay chung tu",
        "thoi gian", "ngay gio", "date time", "ngay", "date",
    ),
    Column.CREDIT: (
        "so tien ghi co", "phat sinh co", "ps co", "so ps co", "ghi co", "credit amount", "credit",
        "so tien co", "tien vao", "so tien vao", "so tien nhan", "co",
    ),
    Column.AMOUNT: ("so tien giao dich", "so tien gd", "transaction amount", "so tien", "amount"),
    Column.MESSAGE: (
        "noi dung giao dich", "noi dung chuyen khoan", "noi dung thanh toan", "noi dung chi tiet",
        "noi dung", "dien giai giao dich", "dien giai", "mo ta giao dich", "mo ta", "chi tiet giao dich",
        "transaction details", "transaction detail", "transactions in detail", "details", "description",
        "remarks", "remark", "narrative", "chi tiet",
    ),
    Column.REFERENCE: (
        "so tham chieu", "ma tham chieu", "reference number", "reference no", "reference", "ref no", "ref",
        "ma giao dich", "ma gd", "so giao dich", "so gd", "so but toan", "transaction id", "transaction no",
        "transaction number", "trans id", "so chung tu", "so ct", "doc no",
    ),
    Column.SIGN: ("thay doi", "no co", "ghi no ghi co", "debit credit", "d c", "dc", "dau"),
}  # fmt: skip
"""The spellings of each column without diacritics, the one that says most first."""

NEEDED = (Column.DATE, Column.CREDIT, Column.MESSAGE, Column.REFERENCE)
"""The columns of a heading; `AMOUNT` stands in for `CREDIT`."""
_BESIDE = re.compile(r"[/\n(|;]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_UNIT = re.compile(r" ?\b(vnd|dong)$")


def find_columns(cells: Sequence[str]) -> dict[Column, int]:
    """Return which cells of a heading stand for what; of several that would do, the plainest spoken."""
    names = [_spellings_of(cell) for cell in cells]
    found: dict[Column, int] = {}
    for column, spellings in SPELLINGS.items():
        for spelling in spellings:
            place = next((at for at, own in enumerate(names) if spelling in own), None)
            if place is not None and place not in found.values():
                found[column] = place
                break
    return found


def list_missing(columns: Mapping[Column, int]) -> list[Column]:
    """Return which columns a heading would still need."""
    has = {*columns, Column.CREDIT} if Column.AMOUNT in columns else set(columns)
    return [column for column in NEEDED if column not in has]


def _spellings_of(cell: str) -> set[str]:
    """Return what a heading cell says: as a whole and, where two languages stand in it, each of them.

    "Nợ/Có" is neither "Nợ" nor "Có".
    """
    whole = _plain(cell)
    if whole in SPELLINGS[Column.SIGN]:
        return {whole}
    return {_plain(part) for part in (cell, *_BESIDE.split(cell))} - {""}


def _plain(words: str) -> str:
    return _UNIT.sub("", _NOT_WORD.sub(" ", fold(words)).strip())
