"""One row of a products file, read."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from marketplace import text
from marketplace.producers.matching import spelled_out
from marketplace.upkeep.importing.cells import (
    Speaker,
    read_address,
    read_amount,
    read_day,
    read_stars,
    read_text,
    read_year,
)
from marketplace.upkeep.sheets import Columns, Row

PROPOSAL_COLUMNS = ("status", "score", "points", "proposed_stars")
COLUMNS = Columns(
    known=(
        "id", "name", "producer", "producer_type", "commune", "district", "province", "province_2025",
        "group", "group_inferred", "stars", "year", "decision_no", "decision_date", "price_vnd",
        "source_url", *PROPOSAL_COLUMNS,
    ),
    required=("name", "province"),
)  # fmt: skip
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductRow:
    """What a row says of a product and of one recognition of it."""

    number: int
    external_id: str
    name: str
    producer: str | None
    producer_type: str | None
    group: str | None
    group_inferred: str | None
    stars: int | None
    year: int | None
    decision_no: str | None
    decided_on: date | None
    price: int | None
    source_url: str | None

    @property
    def recognition(self) -> tuple[object, ...]:
        """Return what tells one recognition of a product from another."""
        return self.stars, self.year, self.decision_no, self.decided_on


def name_key(name: str) -> str:
    """Return what equal product names share: case, tone placement, signs and spaces put aside."""
    return _SIGNS.sub(" ", text.canonical(name).casefold()).strip()


def read_product(row: Row, today: date, say: Speaker) -> ProductRow | None:
    """Return what a row says; None for a row that is no recognition, or has no name.

    A row with a score or a status is a proposal, whatever stars it hopes for. A decision's day
    beats a stated year.
    """
    if any(row[column] for column in PROPOSAL_COLUMNS):
        say.doubt(_first_filled(row), "mới là đề nghị hoặc điểm chấm, chưa công nhận; bỏ qua dòng này")
        return None
    name = read_text(row["name"], "name", 200, say)
    if name is None:
        if not row["name"]:
            say.error("name", "thiếu tên sản phẩm")
        return None
    decided_on = read_day(row["decision_date"], "decision_date", today, say)
    return ProductRow(
        number=row.number,
        external_id=_external_id(row, say),
        name=name,
        producer=read_text(row["producer"], "producer", 200, say),
        producer_type=read_text(row["producer_type"], "producer_type", 80, say),
        group=row["group"] or None,
        group_inferred=row["group_inferred"] or None,
        stars=read_stars(row["stars"], say),
        year=_year(row, decided_on, today, say),
        decision_no=read_text(row["decision_no"], "decision_no", 60, say),
        decided_on=decided_on,
        price=read_amount(row["price_vnd"], "price_vnd", say),
        source_url=read_address(row["source_url"], "source_url", say),
    )


def _first_filled(row: Row) -> str:
    return next(column for column in PROPOSAL_COLUMNS if row[column])


def _year(row: Row, decided_on: date | None, today: date, say: Speaker) -> int | None:
    stated = read_year(row["year"], today, say)
    if decided_on is None:
        return stated
    if stated is not None and stated != decided_on.year:
        say.doubt("year", f"ghi năm {stated}, quyết định ngày {decided_on:%d/%m/%Y}; theo ngày quyết định")
    return decided_on.year


def _external_id(row: Row, say: Speaker) -> str:
    """Return the row's id; a row without one gets an id made of what it says, the same every time."""
    given = read_text(row["id"], "id", 70, say)
    if given:
        return given
    facts = (name_key(row["name"]), spelled_out(row["producer"]), *(row[c] for c in ("commune", "district")))
    facts += (row["province"], row["stars"], row["year"], row["decision_no"], row["decision_date"])
    digest = hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:12]
    say.doubt("id", f"thiếu mã; lấy mã tạm theo nội dung: noi-dung-{digest}")
    return f"noi-dung-{digest}"
