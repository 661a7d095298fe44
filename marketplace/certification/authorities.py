"""Who recognised a product: told by the source, read from the number, or what the rules then gave."""

import re
from dataclasses import dataclass
from datetime import date

from marketplace.certification.models import Authority, AuthorityBasis
from marketplace.certification.regulations import Rules, rules_possible

DISTRICTS_ENDED = date(2025, 6, 30)
_MINISTRY_NUMBER = re.compile(r"QĐ-(BNNMT|BNN)\b", re.IGNORECASE)
_MINISTRIES = {
    "BNNMT": "Bộ Nông nghiệp và Môi trường",
    "BNN": "Bộ Nông nghiệp và Phát triển nông thôn",
}
_CITIES = {
    "Hà Nội": date.min,
    "Hồ Chí Minh": date.min,
    "Hải Phòng": date.min,
    "Đà Nẵng": date.min,
    "Cần Thơ": date.min,
    "Huế": date(2025, 1, 1),
    "Đồng Nai": date(2026, 4, 30),
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """The level of an authority, its name as text, and how both are known; all None when not."""

    level: Authority | None
    name: str | None
    basis: AuthorityBasis | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What a source tells around a decision: stars, time, and the place as it prints it."""

    stars: int | None = None
    decided_on: date | None = None
    year: int | None = None
    province: str | None = None
    district: str | None = None


def issuer_of(number: str, facts: Circumstances) -> Issuer:
    """Return who issued a decision, as far as its number or the rules of its day tell."""
    if written := _MINISTRY_NUMBER.search(number):
        return Issuer(Authority.MINISTRY, _MINISTRIES[written[1].upper()], AuthorityBasis.NUMBER)
    level = level_by_rules(facts.stars, facts.decided_on, facts.year)
    if level is None:
        return Issuer(None, None, None)
    return Issuer(level, _name(level, facts), AuthorityBasis.REGULATION)


def level_by_rules(stars: int | None, day: date | None, year: int | None) -> Authority | None:
    """Return the level that gave these stars on that day or in that year; None where it is unsure.

    Districts gave 3 stars from 24 February 2023 until they ended on 30 June 2025 (Decision
    148/QĐ-TTg); before and after that the province did, and the ministry gives 5.
    """
    if stars is None:
        return None
    levels = {_level(rules, stars, day) for rules in rules_possible(day, year)}
    return levels.pop() if len(levels) == 1 else None


def _level(rules: Rules, stars: int, day: date | None) -> Authority | None:
    if rules.province_from is None or rules.ministry_from is None:
        return None
    if stars >= rules.ministry_from:
        return Authority.MINISTRY
    if stars >= rules.province_from or (day is not None and day > DISTRICTS_ENDED):
        return Authority.PROVINCE
    return Authority.DISTRICT


def _name(level: Authority, facts: Circumstances) -> str | None:
    if level is Authority.DISTRICT and facts.district:
        return f"Uỷ ban nhân dân {facts.district}"
    if level is Authority.PROVINCE and facts.province:
        return f"Uỷ ban nhân dân {_with_kind(facts.province, facts)}"
    return None


def _with_kind(province: str, facts: Circumstances) -> str:
    """Return a printed province with its kind before it, unless it is printed with one."""
    if province.casefold().startswith(("tỉnh ", "thành phố ")):
        return province
    day = facts.decided_on or date(facts.year or 1, 12, 31)
    return f"thành phố {province}" if _CITIES.get(province, date.max) <= day else f"tỉnh {province}"
