"""What the operator decides about money for sellers: read at the start, and told to the domain."""

from pathlib import Path

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.database import db
from marketplace.errors import SettingsError
from marketplace.payments.terms import PayTerms, pay_terms
from tests.conftest import make_settings


def test_the_domain_knows_the_settings(app: Flask) -> None:
    assert pay_terms(db.session()) == PayTerms(withheld_rate=150, payout_every_days=7, payout_minimum=200_000)


def test_each_application_has_terms_of_its_own(app: Flask, tmp_path: Path) -> None:
    told = {"WITHHELD_TAX_RATE": "2,25", "PAYOUT_EVERY_DAYS": "14", "PAYOUT_MINIMUM": "1"}
    other = create_app(make_settings(f"sqlite:///{tmp_path / 'other.db'}", tmp_path, **told))
    with other.app_context():
        assert pay_terms(db.session()) == PayTerms(withheld_rate=225, payout_every_days=14, payout_minimum=1)
        db.session.remove()
        db.engine.dispose()
    assert pay_terms(db.session()).withheld_rate == 150


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("WITHHELD_TAX_RATE", "-1"),
        ("WITHHELD_TAX_RATE", "101"),
        ("WITHHELD_TAX_RATE", "a lot"),
        ("PAYOUT_EVERY_DAYS", "0"),
        ("PAYOUT_EVERY_DAYS", "91"),
        ("PAYOUT_EVERY_DAYS", "weekly"),
        ("PAYOUT_MINIMUM", "0"),
        ("PAYOUT_MINIMUM", "1000000001"),
        ("PAYOUT_MINIMUM", "200.000"),
    ],
)
def test_what_cannot_be_meant_stops_the_start(tmp_path: Path, name: str, typed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make_settings("sqlite:////nowhere/shop.db", tmp_path, **{name: typed})
    assert [problem.split(":")[0] for problem in caught.value.problems] == [name]
