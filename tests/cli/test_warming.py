from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.cli.warming import warm_up
from marketplace.database import db
from tests.catalogue.statements import counted_statements
from tests.environment.application import empty_application


def test_what_a_rush_asks_is_worked_out_before(app: Flask) -> None:
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    with counted_statements() as sent:
        warm_up(app)
    compiled = {name for _, name in app.jinja_env.cache}  # type: ignore[union-attr]
    assert {"storefront/changed.html", "storefront/checkout.html", "layouts/slim.html"} <= compiled
    assert len(sent) == 4
    assert all(statement.startswith("SELECT") for statement in sent)


def test_no_connection_outlives_it(app: Flask) -> None:
    warm_up(app)
    assert isinstance(db.engine.pool, sa.pool.QueuePool)
    assert (db.engine.pool.checkedin(), db.engine.pool.checkedout()) == (0, 0)


def test_a_database_that_does_not_answer_stops_nobody(tmp_path: Path) -> None:
    with empty_application(f"sqlite:///{tmp_path}/shop.db", tmp_path) as app:
        db.drop_all()
        warm_up(app)
        with pytest.raises(sa.exc.SQLAlchemyError):
            db.session.execute(sa.text("SELECT 1 FROM cart"))
