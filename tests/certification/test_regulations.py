"""Which rules ruled when, and who gave which stars under them."""

from datetime import date
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.certification.authorities import Circumstances, issuer_of, level_by_rules
from marketplace.certification.models import Authority, AuthorityBasis, Regulation
from marketplace.certification.regulations import (
    load_regulations,
    regulation_in_force,
    regulation_of_issue,
    rules_possible,
    shipped_rules,
)
from marketplace.database import db, unit_of_work

D = Authority.DISTRICT
P = Authority.PROVINCE
M = Authority.MINISTRY


def test_regulations_are_loaded_once_with_what_they_amend(app: Flask) -> None:
    for _ in range(2):
        with unit_of_work() as session:
            load_regulations(session)
    rows = list(db.session.scalars(sa.select(Regulation).order_by(Regulation.effective_from)))
    assert [row.code for row in rows] == [
        "490/2018",
        "1048/2019",
        "781/2020",
        "148/2023",
        "1489/2025",
        "26/2026",
    ]
    codes = {row.id: row.code for row in rows}
    amended = {row.code: codes[row.amends_id] for row in rows if row.amends_id}
    assert amended == {"781/2020": "1048/2019", "1489/2025": "148/2023"}
    assert {row.code: row.validity_months for row in rows if row.validity_months != 36} == {"490/2018": None}


def test_versions_follow_each_other_without_a_gap() -> None:
    versions = shipped_rules()
    for earlier, later in pairwise(versions):
        assert earlier.effective_to is not None
        assert (later.effective_from - earlier.effective_to).days == 1
    assert versions[-1].effective_to is None
    points = [(rules.points_a, rules.points_b, rules.points_c) for rules in versions]
    assert points == [(None, None, None), *[(35, 25, 40)] * 2, *[(40, 25, 35)] * 3]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2018, 5, 6), None),
        (date(2018, 5, 7), "490/2018"),
        (date(2019, 8, 21), "1048/2019"),
        (date(2020, 6, 8), "781/2020"),
        (date(2023, 2, 23), "781/2020"),
        (date(2023, 2, 24), "148/2023"),
        (date(2025, 7, 6), "1489/2025"),
        (date(2026, 5, 21), "1489/2025"),
        (date(2026, 5, 22), "26/2026"),
    ],
)
def test_what_is_in_force_on_a_day(day: date, code: str | None) -> None:
    rules = regulation_in_force(day)
    assert (rules.code if rules else None) == code


@pytest.mark.parametrize(
    ("day", "applied_on", "reassessment", "code"),
    [
        (date(2026, 7, 21), date(2026, 5, 21), False, "1489/2025"),
        (date(2026, 7, 22), date(2026, 5, 21), False, "26/2026"),
        (date(2026, 6, 21), date(2026, 5, 21), True, "1489/2025"),
        (date(2026, 6, 22), date(2026, 5, 21), True, "26/2026"),
        (date(2026, 6, 1), date(2026, 5, 22), False, "26/2026"),
        (date(2023, 3, 1), date(2023, 2, 1), False, "148/2023"),
    ],
)
def test_files_handed_in_before_are_decided_by_the_older_rules_for_a_while(
    day: date, applied_on: date, reassessment: bool, code: str
) -> None:
    rules = regulation_in_force(day, applied_on, reassessment)
    assert rules is not None
    assert rules.code == code


@pytest.mark.parametrize(
    ("issued_on", "year", "code"),
    [
        (date(2021, 8, 5), None, "781/2020"),
        (date(2026, 6, 1), None, None),
        (date(2026, 7, 22), None, "26/2026"),
        (None, 2019, None),
        (None, 2020, "1048/2019"),
        (None, 2022, "781/2020"),
        (None, 2023, None),
        (None, 2025, "148/2023"),
        (None, 2026, None),
        (None, None, None),
        (None, 2015, None),
    ],
)
def test_a_certificate_keeps_its_rules_where_they_are_sure(
    issued_on: date | None, year: int | None, code: str | None
) -> None:
    assert regulation_of_issue(issued_on, year) == code


def test_nothing_known_leaves_no_rules_possible() -> None:
    assert rules_possible(None, None) == ()


@pytest.mark.parametrize(
    ("stars", "day", "year", "level"),
    [
        (3, date(2023, 2, 23), None, P),
        (3, date(2023, 2, 24), None, D),
        (3, date(2025, 6, 30), None, D),
        (3, date(2025, 7, 1), None, P),
        (3, date(2025, 7, 6), None, P),
        (3, date(2026, 6, 1), None, P),
        (4, date(2024, 1, 1), None, P),
        (5, date(2024, 1, 1), None, M),
        (3, date(2019, 1, 1), None, None),
        (3, None, 2024, D),
        (3, None, 2023, None),
        (3, None, 2025, None),
        (4, None, 2025, P),
        (3, None, 2026, P),
        (3, None, 2021, P),
        (None, date(2024, 1, 1), None, None),
        (3, None, None, None),
    ],
)
def test_who_gave_which_stars(
    stars: int | None, day: date | None, year: int | None, level: Authority | None
) -> None:
    assert level_by_rules(stars, day, year) is level


@pytest.mark.parametrize(
    ("number", "facts", "level", "name", "basis"),
    [
        (
            "2361/QĐ-BNNMT",
            Circumstances(stars=5, decided_on=date(2025, 6, 26), province="Thái Nguyên"),
            M,
            "Bộ Nông nghiệp và Môi trường",
            AuthorityBasis.NUMBER,
        ),
        (
            "100/QĐ-BNN-VPĐP",
            Circumstances(),
            M,
            "Bộ Nông nghiệp và Phát triển nông thôn",
            AuthorityBasis.NUMBER,
        ),
        (
            "2919/QĐ-UBND",
            Circumstances(stars=4, year=2020, province="Thừa Thiên Huế"),
            P,
            "Uỷ ban nhân dân tỉnh Thừa Thiên Huế",
            AuthorityBasis.REGULATION,
        ),
        (
            "3787/QĐ-UBND",
            Circumstances(stars=3, year=2022, province="Cần Thơ"),
            P,
            "Uỷ ban nhân dân thành phố Cần Thơ",
            AuthorityBasis.REGULATION,
        ),
        (
            "1/QĐ-UBND",
            Circumstances(stars=3, year=2026, province="tỉnh Hà Tĩnh"),
            P,
            "Uỷ ban nhân dân tỉnh Hà Tĩnh",
            AuthorityBasis.REGULATION,
        ),
        (
            "2/QĐ-UBND",
            Circumstances(stars=3, decided_on=date(2026, 4, 29), province="Đồng Nai"),
            P,
            "Uỷ ban nhân dân tỉnh Đồng Nai",
            AuthorityBasis.REGULATION,
        ),
        (
            "3/QĐ-UBND",
            Circumstances(stars=3, year=2024, province="Hà Tĩnh", district="huyện Cẩm Xuyên"),
            D,
            "Uỷ ban nhân dân huyện Cẩm Xuyên",
            AuthorityBasis.REGULATION,
        ),
        (
            "4/QĐ-UBND",
            Circumstances(stars=3, year=2024, province="Hà Tĩnh"),
            D,
            None,
            AuthorityBasis.REGULATION,
        ),
        ("5/QĐ-UBND", Circumstances(stars=3, year=2024), D, None, AuthorityBasis.REGULATION),
        ("38/QĐ-UBND", Circumstances(province="Quảng Bình"), None, None, None),
    ],
)
def test_who_issued_a_decision_is_said_only_where_something_tells(
    number: str, facts: Circumstances, level: Authority | None, name: str | None, basis: AuthorityBasis | None
) -> None:
    issuer = issuer_of(number, facts)
    assert (issuer.level, issuer.name, issuer.basis) == (level, name, basis)
