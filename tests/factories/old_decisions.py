"""Sheets of decisions of years gone by, and the products that they name, for tests."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.places.models import AdminUnit
from marketplace.producers.actions import register_producer
from marketplace.producers.models import Producer
from marketplace.upkeep.decision_sheets.rows import COLUMNS
from marketplace.upkeep.sheets import Row
from tests.factories.catalogue import a_product
from tests.factories.places import make_province

REAL = Path(__file__).parent.parent / "upkeep" / "data" / "decisions.csv"
A_ROW = {
    "name": "Kẹo cu đơ",
    "producer": "HTX Cam Khe Mây",
    "province": "Hà Tĩnh",
    "stars": "4",
    "decision_no": "3021/QĐ-UBND",
    "decision_date": "18/11/2024",
}


def real_rows() -> list[Row]:
    """Return rows that were published."""
    with REAL.open(encoding="utf-8") as file:
        return [Row(number, dict(cells)) for number, cells in enumerate(csv.DictReader(file), start=2)]


def old(number: int = 2, /, **changes: str) -> Row:
    """Return a row of a sheet of decisions."""
    return Row(number, {**A_ROW, **changes})


def sheet_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS.known, restval="")
    writer.writeheader()
    writer.writerows({**A_ROW, **row} for row in rows)
    return text.getvalue().encode()


def products_of(session: Session, rows: Iterable[Row]) -> dict[str, Product]:
    """Register what rows name, in provinces of today, and return the products by name."""
    units: dict[str, AdminUnit] = {}
    producers: dict[str, Producer] = {}
    found = {}
    for row in rows:
        name, maker = row["province"], row["producer"]
        if name not in units:
            units[name] = make_province(session, name)
        place = {
            "province_id": units[name].id,
            "printed_province": name,
            "printed_district": row["district"] or None,
        }
        if maker not in producers:
            producers[maker] = register_producer(session, maker, location=place)
        found[row["name"]] = a_product(session, row["name"], producer=producers[maker], location=place)
    return found
