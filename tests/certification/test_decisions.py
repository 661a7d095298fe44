"""Decisions are found again by number, place and year."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.certification.actions import record_decision
from marketplace.certification.authorities import Circumstances, Issuer
from marketplace.certification.models import Authority, AuthorityBasis, Decision
from marketplace.certification.regulations import load_regulations
from marketplace.database import db, unit_of_work
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision

HUE: dict[str, Any] = {"province": "Thừa Thiên Huế", "stars": 3, "decided_on": None, "year": 2020}


@pytest.mark.parametrize("number", ["2919/QĐ-UBND", "1850/QĐ-UBND-HC", "2361/QĐ-BNNMT", "3211"])
def test_numbers_are_kept_as_printed(app: Flask, number: str) -> None:
    with unit_of_work() as session:
        decision = a_decision(session, number)
        again = a_decision(session, f"  {number} ")
    assert (decision.id, decision.number) == (again.id, number)


def test_a_number_of_another_place_or_year_is_another_decision(app: Flask) -> None:
    with unit_of_work() as session:
        for facts in (HUE, HUE, {**HUE, "province": "Hà Tĩnh"}, {**HUE, "year": 2021}, {**HUE, "year": None}):
            a_decision(session, **facts)
    codes = set(db.session.scalars(sa.select(Decision.code)))
    assert codes == {
        "2919-qd-ubnd-tinh-thua-thien-hue-2020",
        "2919-qd-ubnd-tinh-ha-tinh-2020",
        "2919-qd-ubnd-tinh-thua-thien-hue-2021",
        "2919-qd-ubnd-thua-thien-hue",
    }


def test_a_day_learnt_later_is_added(app: Flask) -> None:
    with unit_of_work() as session:
        load_regulations(session)
        first = a_decision(session, **{**HUE, "year": 2020})
        assert first.decided_on is None
        again = a_decision(session, **{**HUE, "decided_on": date(2020, 11, 3)})
        later = a_decision(session, **{**HUE, "decided_on": date(2020, 12, 24)})
        codes = {row.id: code for code, row in load_regulations(session).items()}
    assert first.id == again.id == later.id
    assert first.decided_on == date(2020, 11, 3)
    assert codes[first.regulation_id or 0] == "781/2020"


def test_an_issuer_that_the_source_names_is_believed(app: Flask) -> None:
    named = Issuer(Authority.DISTRICT, "Uỷ ban nhân dân huyện Đắk Song", AuthorityBasis.SOURCE)
    with unit_of_work() as session:
        facts = Circumstances(stars=3, decided_on=date(2025, 6, 16), province="Đắk Nông")
        decision = record_decision(session, "1887/QĐ-UBND", facts, named, "https://example.vn")
    assert decision.authority_name == "Uỷ ban nhân dân huyện Đắk Song"
    assert decision.authority_basis is AuthorityBasis.SOURCE
    assert decision.code == "1887-qd-ubnd-huyen-dak-song-2025"
    assert decision.source_url == "https://example.vn"


def test_what_nothing_tells_is_left_open(app: Flask) -> None:
    with unit_of_work() as session:
        decision = record_decision(session, "38/QĐ-UBND", Circumstances(province="Quảng Bình"))
        bare = record_decision(session, "39/QĐ-UBND", Circumstances())
    assert (decision.authority, decision.authority_name, decision.year) == (None, None, None)
    assert (decision.printed_place, decision.regulation_id) == ("Quảng Bình", None)
    assert bare.code == "39-qd-ubnd"


def test_a_certificate_keeps_the_rules_of_its_day(app: Flask) -> None:
    with unit_of_work() as session:
        regulations = load_regulations(session)
        product = a_product(session)
        sure = a_certificate(session, product, 4, issued_on=date(2021, 8, 5))
        unsure = a_certificate(session, product, 4, issued_on=date(2026, 6, 1))
    assert sure.regulation_id == regulations["781/2020"].id
    assert unsure.regulation_id is None
