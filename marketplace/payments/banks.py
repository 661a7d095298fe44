"""The banks that money is sent between, by code and by BIN (mã BIN do NAPAS công bố)."""

import csv
from dataclasses import dataclass
from functools import cache

from marketplace.settings import BANKS


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank: its short code, its BIN of six digits, and how people call it."""

    code: str
    bin: str
    short_name: str
    name: str


@cache
def list_banks() -> tuple[Bank, ...]:
    """Return the banks of today by their short names."""
    with BANKS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["former"] == "0"]
    banks = [Bank(row["code"], row["bin"], row["short_name"], row["name"]) for row in rows]
    return tuple(sorted(banks, key=lambda bank: bank.short_name.casefold()))


def find_bank(text: str) -> Bank | None:
    """Return the bank of a code or a BIN, or None."""
    sought = text.strip().upper()
    return next((bank for bank in list_banks() if sought in {bank.code, bank.bin}), None)
