"""What a row of a producer's sheet wishes for, read cell by cell; an empty cell wishes for nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marketplace import text
from marketplace.catalogue.listing_words import LONGEST_NOTE, LONGEST_SHELF_LIFE_DAYS, LONGEST_TEXT
from marketplace.ordering.stock_keeping import MOST_ON_HAND
from marketplace.upkeep.importing.cells import Speaker, read_amount, read_text
from marketplace.upkeep.sheets import Row
from marketplace.upkeep.shop_sheets.columns import (
    CERTIFIED,
    ERASE,
    NO,
    REASONS,
    UNIT_SPELLINGS,
    VAT_RATES,
    YES,
    Column,
)

LONGEST_NAME = 120
MOST_GRAMS = 1_000_000
MOST_CONTENT = 1_000_000
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(?:[.\s]\d{3}){1,2}")
_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_DECIMAL = re.compile(r"\d{1,7}(?:[.,]\d{1,3})?")
_MISREAD = object()

Reader = Callable[[str, Column, Speaker], Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """A row: which product and pack it speaks of, and the values wished for; None empties a field."""

    row: int
    product: str
    sku: str
    values: Mapping[Column, Any] = field(default_factory=dict)


def read_wish(row: Row, say: Speaker) -> Wish:
    """Read a row; what is not understood is said and not wished for."""
    cells = {column: row[column.value.casefold()] for column in Column}
    values = {
        column: value
        for column, cell in cells.items()
        if cell and column in READERS and (value := READERS[column](cell, column, say)) is not _MISREAD
    }
    return Wish(row.number, cells[Column.PRODUCT], cells[Column.SKU], values)


def _words(longest: int) -> Reader:
    def read(cell: str, column: Column, say: Speaker) -> Any:
        return read_text(cell, column, longest, say) or _MISREAD

    return read


def _clearable(reader: Reader) -> Reader:
    def read(cell: str, column: Column, say: Speaker) -> Any:
        return None if text.clean(cell).casefold() == ERASE else reader(cell, column, say)

    return read


def _count(least: int, most: int, what: str) -> Reader:
    def read(cell: str, column: Column, say: Speaker) -> Any:
        number = int(re.sub(r"[.\s]", "", cell)) if cell.isascii() and _WHOLE.fullmatch(cell) else -1
        if least <= number <= most:
            return number
        say.error(column, f"«{cell[:40]}» không phải {what} từ {least} đến {most}")
        return _MISREAD

    return read


def _price(cell: str, column: Column, say: Speaker) -> Any:
    return read_amount(cell, column, say) or _MISREAD


def _vat(cell: str, column: Column, say: Speaker) -> Any:
    plain = cell.removesuffix("%").strip()
    if plain in {str(rate) for rate in VAT_RATES}:
        return int(plain)
    say.error(column, f"«{cell[:40]}» không phải thuế suất 0, 5, 8 hoặc 10")
    return _MISREAD


def _content(cell: str, column: Column, say: Speaker) -> Any:
    if _THOUSANDS_OR_DECIMALS.fullmatch(cell):
        say.error(
            column, f"«{cell}» có thể là {cell.replace('.', '')} hay {cell.replace('.', ',')}: hãy viết rõ"
        )
        return _MISREAD
    amount = Decimal(cell.replace(",", ".")) if cell.isascii() and _DECIMAL.fullmatch(cell) else Decimal(0)
    if 0 < amount <= MOST_CONTENT:
        return amount
    say.error(column, f"«{cell[:40]}» không phải một lượng lớn hơn 0, nhiều nhất ba số lẻ")
    return _MISREAD


def _one_of(choices: Mapping[str, Any]) -> Reader:
    def read(cell: str, column: Column, say: Speaker) -> Any:
        if cell.casefold() in choices:
            return choices[cell.casefold()]
        say.error(column, f"«{cell[:40]}» không phải {' hay '.join(choices)}")
        return _MISREAD

    return read


def _names(cell: str, column: Column, say: Speaker) -> Any:
    names = tuple(name for part in re.split(r"[;\n]", cell) if (name := text.clean(part)))
    if len({name.casefold() for name in names}) < len(names):
        say.error(column, "một ảnh được nêu hai lần")
        return _MISREAD
    return names or _MISREAD


READERS: dict[Column, Reader] = {
    **dict.fromkeys(CERTIFIED, lambda cell, column, say: cell),
    Column.DESCRIPTION: _clearable(_words(LONGEST_TEXT)),
    Column.USAGE: _clearable(_words(LONGEST_NOTE)),
    Column.STORAGE: _clearable(_words(LONGEST_NOTE)),
    Column.SHELF_LIFE: _clearable(_count(1, LONGEST_SHELF_LIFE_DAYS, "số ngày")),
    Column.PICTURES: _clearable(_names),
    Column.PACK: _words(LONGEST_NAME),
    Column.ON_SALE: _one_of({YES: True, NO: False}),
    Column.PRICE: _price,
    Column.VAT: _vat,
    Column.CONTENT: _content,
    Column.UNIT: _one_of(UNIT_SPELLINGS),
    Column.WEIGHT: _count(1, MOST_GRAMS, "số gam"),
    Column.STOCK: _count(0, MOST_ON_HAND, "số đếm"),
    Column.REASON: _one_of(REASONS),
}
