"""What tests of upkeep may ask for."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from marketplace.catalogue.classification import load_groups_and_sets
from marketplace.certification.regulations import load_regulations
from marketplace.database import unit_of_work
from marketplace.places.models import Level
from tests.factories.places import make_commune, make_district, make_province, make_unit, succeed


@pytest.fixture
def register(app: Flask) -> Flask:
    """An application with groups, regulations and a handful of places."""
    with unit_of_work() as session:
        load_groups_and_sets(session)
        load_regulations(session)
        ha_tinh = make_province(session)
        make_province(session, "Nghệ An")
        huong_khe = make_district(session, "Hương Khê", ha_tinh)
        make_district(session, "Hương Sơn", ha_tinh)
        today = make_commune(session, "Hương Đô", ha_tinh, key="commune-today")
        former = make_unit(
            session,
            "Hương Đô",
            "xã",
            Level.COMMUNE,
            parent_id=huong_khe.id,
            valid_to=date(2025, 6, 30),
        )
        succeed(session, former, today)
        succeed(session, huong_khe, today)
    return app


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A path for a CSV file."""
    return tmp_path / "sheet.csv"
