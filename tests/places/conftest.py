from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.app import create_app
from marketplace.database import db, unit_of_work
from marketplace.places.facts import Shipped
from marketplace.places.gazetteer import Gazetteer, Unit
from marketplace.places.loading import load_units
from marketplace.places.models import AdminUnit
from marketplace.places.shipped import read_shipped
from tests.conftest import make_settings


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    """The units as shipped, read once."""
    return read_shipped()


@pytest.fixture(scope="session")
def few(shipped: Shipped) -> Shipped:
    """Two provinces of the shipped units, quick to load again and again."""
    roots = {"province-42", "province-46", "former-province-46"}
    units = {key: unit for key, unit in shipped.units.items() if _root(shipped, key) in roots}
    return Shipped(units, {key: later for key, later in shipped.successors.items() if key in units})


def _root(shipped: Shipped, key: str) -> str:
    while parent := shipped.units[key].parent:
        key = parent
    return key


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shipped: Shipped
) -> Iterator[Flask]:
    """An application whose database holds all units, loaded once for the tests of a module."""
    folder = tmp_path_factory.mktemp("places")
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder / 'test.db'}" if on_sqlite else request.getfixturevalue("postgres_url")
    app = create_app(make_settings(url, folder))
    with app.app_context():
        db.drop_all()
        db.create_all()
        with unit_of_work() as session:
            load_units(session, shipped)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def id_of(loaded: Flask) -> Callable[[str], int]:
    """The id of a unit by its key."""

    def find(key: str) -> int:
        return db.session.execute(sa.select(AdminUnit.id).where(AdminUnit.key == key)).scalar_one()

    return find


@pytest.fixture(scope="session")
def gazetteer(shipped: Shipped) -> Gazetteer:
    """The gazetteer of the shipped units, without a database."""
    ids = {key: number for number, key in enumerate(shipped.units, start=1)}
    units = [
        Unit(
            ids[key],
            fact.level,
            fact.kind,
            fact.name,
            ids[fact.parent] if fact.parent else None,
            fact.valid_from,
            fact.valid_to,
            fact.ended,
            fact.lat,
            fact.lon,
        )
        for key, fact in shipped.units.items()
    ]
    pairs = [(ids[former], ids[unit]) for former, later in shipped.successors.items() for unit in later]
    return Gazetteer(units, pairs)
