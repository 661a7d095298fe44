"""One row of a sheet of decisions: a product that a decision recognised, as the paper prints it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.certification.authorities import level_by_rules
from marketplace.certification.decisions.paper_checks import read_number
from marketplace.certification.errors import InvalidDecisionNumber
from marketplace.certification.models import Authority
from marketplace.text import canonical
from marketplace.upkeep.decision_sheets.points import check_points
from marketplace.upkeep.importing.cells import Speaker, read_day, read_stars, read_text
from marketplace.upkeep.sheets import Columns, Row, Severity

COLUMNS = Columns(
    known=(
        "id", "name", "producer", "commune", "district", "province", "province_2025", "stars",
        "decision_no", "decision_date", "authority", "points", "points_a", "points_b", "points_c",
    ),
    required=("decision_no", "decision_date", "name", "province", "stars"),
)  # fmt: skip
_LEVELS = (
    (re.compile(r"\bbộ\b"), Authority.MINISTRY),
    (re.compile(r"\b(?:huyện|quận|thị xã)\b"), Authority.DISTRICT),
    (re.compile(r"\btỉnh\b"), Authority.PROVINCE),
)
_LEVEL_WORDS = {Authority.MINISTRY: "Bộ", Authority.PROVINCE: "cấp tỉnh", Authority.DISTRICT: "cấp huyện"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a row says of a decision and of the product that it recognises."""

    row: Row
    external_id: str
    name: str
    producer: str | None
    stars: int
    number: str
    decided_on: date
    points: Decimal | None


def read_told(row: Row, today: date, say: Speaker) -> Told | None:
    """Return what a row says; None when something in it is in error, which is then said."""
    before = len(say.findings)
    name = read_text(row["name"], "name", 200, say)
    if not row["name"]:
        say.error("name", "thiếu tên sản phẩm")
    stars = read_stars(row["stars"], say)
    if not row["stars"]:
        say.error("stars", "thiếu hạng sao")
    day = read_day(row["decision_date"], "decision_date", today, say)
    number = _number(row["decision_no"], say)
    points = check_points(row, stars, day, say) if day else None
    if day is None:
        say.error("decision_date", "thiếu ngày ký quyết định")
    if any(found.severity is Severity.ERROR for found in say.findings[before:]):
        return None
    if name is None or stars is None or day is None or number is None:
        return None
    _compare_authority(row["authority"], stars, day, say)
    return Told(
        row=row,
        external_id=row["id"],
        name=name,
        producer=read_text(row["producer"], "producer", 200, say),
        stars=stars,
        number=number,
        decided_on=day,
        points=points,
    )


def _number(cell: str, say: Speaker) -> str | None:
    try:
        return read_number(cell)
    except InvalidDecisionNumber:
        say.error("decision_no", f"«{cell[:40]}» không phải số quyết định đầy đủ, ví dụ 2919/QĐ-UBND")
        return None


def _compare_authority(printed: str, stars: int, day: date, say: Speaker) -> None:
    """Doubt an authority of another level than the rules of the day give; nothing of it is kept."""
    by_rules = level_by_rules(stars, day, None)
    written = canonical(printed).casefold()
    stated = next((level for words, level in _LEVELS if words.search(written)), None)
    if stated is not None and by_rules is not None and stated is not by_rules:
        say.doubt(
            "authority",
            f"ghi «{printed[:60]}», nhưng theo quy định ngày đó {stars} sao do {_LEVEL_WORDS[by_rules]} "
            "công nhận",
        )
