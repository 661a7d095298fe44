"""Every route is known, with its guard."""

import json
from pathlib import Path

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.web.guards import Guard
from tests.architecture.routes import STORED, list_routes
from tests.environment.application import make_settings


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(make_settings(f"sqlite:///{tmp_path / 'routes.db'}", tmp_path))


def test_the_stored_list_is_what_the_application_answers_to(app: Flask) -> None:
    stored = json.loads(STORED.read_text())
    assert list_routes(app) == stored, "python -m tests.architecture.routes, then read the difference"


def test_every_route_has_a_guard(app: Flask) -> None:
    assert [row["rule"] for row in list_routes(app) if row["guard"] not in set(Guard)] == []


def test_what_writes_is_never_kept_by_caches(app: Flask) -> None:
    written = [row for row in list_routes(app) if row["writes"]]
    assert written
    assert [row["rule"] for row in written if row["guard"] == Guard.PUBLIC] == []
