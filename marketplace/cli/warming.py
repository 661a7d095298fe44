"""Warming up: what a process would work out at its first requests is worked out once, before it forks.

A rush on cold processes has every thread compile the same templates and statements at the same moment.
"""

from contextlib import suppress

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from marketplace import clock
from marketplace.database import db
from marketplace.ordering.queries import find_commune, find_group_by_submission, find_sold_out, quote_by_token
from marketplace.ordering.sale import SaleTerms

IN_A_RUSH = ("layouts/", "components/", "storefront/")
"""Templates of the pages that many ask for at the same moment."""
NOBODY = "0" * 32


def warm_up(app: Flask) -> None:
    """Compile the public pages, and ask once what every buyer in a rush asks; no connection is kept."""
    for name in app.jinja_env.list_templates():
        if name.startswith(IN_A_RUSH):
            app.jinja_env.get_template(name)
    with app.app_context():
        with suppress(SQLAlchemyError):
            _ask()
        db.session.remove()
        db.engine.dispose()


def _ask() -> None:
    session, terms = db.session(), SaleTerms(day=clock.today(), sell_lapsed=False)
    find_sold_out(NOBODY, NOBODY, "0:1:1|0:1")
    quote_by_token(NOBODY, terms, None)
    find_commune(session, 0)
    find_group_by_submission(session, NOBODY)
