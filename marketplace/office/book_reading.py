"""Reading the form of a book: what is wrong with it is said field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.office.book_sheets import Field, Kind, Sheet
from marketplace.office.typed_days import read_day
from marketplace.programme.asset_models import SupportKind
from marketplace.programme.land import Named, find_named
from marketplace.text import clean, whole_number
from marketplace.web.words import gettext as _

FIRST_YEAR = 2018
"""The first year of the programme."""
MOST = 1_000_000
ORDERED = (("started_on", "ended_on"), ("filed_on", "granted_on"))


@dataclass(slots=True)
class Reading:
    """A form while it is being read: names of the land by kind, the values found, and the faults."""

    names: Mapping[Kind, Named]
    today: date
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_sheet(sheet: Sheet, typed: Mapping[str, str], names: Mapping[Kind, Named], today: date) -> Reading:
    """Read a form: values by column where there are no faults."""
    reading = Reading(names, today)
    for one in sheet.fields:
        text = typed.get(one.name, "").strip()
        if text:
            reading.values[one.column] = _value(one, text, reading)
        elif one.needed:
            reading.faults.append((one.name, _("Mời điền: %(label)s.", label=one.label)))
    if not reading.faults:
        _check_whole(sheet, reading)
    return reading


def _value(one: Field, text: str, reading: Reading) -> Any:
    if one.kind in {Kind.PRODUCERS, Kind.PRODUCTS}:
        single = Kind.PRODUCER if one.kind is Kind.PRODUCERS else Kind.PRODUCT
        lines = [line for line in text.splitlines() if line.strip()]
        return [_named(one, line, reading, single) for line in lines]
    if one.kind in reading.names:
        return _named(one, text, reading, one.kind)
    readers = {Kind.DAY: _day, Kind.NUMBER: _number, Kind.YEAR: _number, Kind.CHOICE: _choice}
    return readers.get(one.kind, _text)(one, text, reading)


def _named(one: Field, text: str, reading: Reading, kind: Kind) -> int | None:
    found = find_named(reading.names[kind], text)
    if found is None:
        words = _("“%(name)s” không có trong sổ của tỉnh, hoặc trùng tên.", name=text[:80])
        reading.faults.append((one.name, words))
    return found


def _text(one: Field, text: str, reading: Reading) -> str:
    said = clean(text)
    if len(said) > one.longest:
        reading.faults.append((one.name, _("Mời viết ngắn hơn %(most)s chữ.", most=one.longest)))
    return said


def _day(one: Field, text: str, reading: Reading) -> date | None:
    day = read_day(text)
    if day is None:
        reading.faults.append((one.name, _("Mời gõ ngày, ví dụ 20/11/2026.")))
    elif day > reading.today:
        reading.faults.append((one.name, _("Ngày này chưa tới.")))
    return day


def _number(one: Field, text: str, reading: Reading) -> int | None:
    least, most = (FIRST_YEAR, reading.today.year) if one.kind is Kind.YEAR else (0, MOST)
    number = whole_number(text, most)
    if number is None or number < least:
        words = _("Mời gõ số nguyên từ %(least)s đến %(most)s.", least=least, most=most)
        reading.faults.append((one.name, words))
    return number


def _choice(one: Field, text: str, reading: Reading) -> Any:
    assert one.choices is not None
    chosen = next((choice for choice in one.choices if choice.value == text), None)
    if chosen is None:
        reading.faults.append((one.name, _("Mời chọn một dòng.")))
    return chosen


def _check_whole(sheet: Sheet, reading: Reading) -> None:
    """Check what fields must be to one another."""
    values, names = reading.values, {one.column: one.name for one in sheet.fields}
    for first, last in ORDERED:
        if values.get(last) and values[last] < values[first]:
            reading.faults.append((names[last], _("Ngày này sớm hơn ngày bắt đầu.")))
    if values.get("local_workers", 0) > values.get("workers", MOST):
        reading.faults.append((names["local_workers"], _("Số này nhiều hơn số lao động.")))
    if values.get("kind") is SupportKind.CENTRAL_DOSSIER and "product_id" not in values:
        reading.faults.append((names["product_id"], _("Mời ghi tên sản phẩm của hồ sơ.")))
