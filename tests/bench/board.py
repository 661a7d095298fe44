"""The office's board over a large register: what a look at it costs, with statements counted.

The site runs in its real processes; an administrator looks at the country, at each province with products,
and at what lapses. Told are the same columns as for public pages, and the statements of the dearest page.
"""

import secrets

import click
import sqlalchemy as sa
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.roles import SITE, Role, SignInLevel
from marketplace.accounts.sessions import Browser, open_sign_in
from marketplace.app import create_app
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from tests.bench.load import Load, run
from tests.bench.servers import Server, free_port, running
from tests.catalogue.statements import counted_statements

BOARD = "/van-phong/bang-so-lieu"
PAGES = (BOARD, "/van-phong/gia-han")
SECONDS = 3.0
MOST_STATEMENTS = 10


def bench_board() -> None:
    """Print what the board costs on the database that the environment names."""
    app = create_app()
    with app.app_context():
        token, provinces = _sign_in(), _provinces()
        paths = [f"{page}?noi={province}" for page in PAGES for province in provinces]
        most = _most_statements(app.test_client(), token, [*PAGES, *paths])
        db.session.remove()
    hello_at, site_at = {"PORT": str(free_port()), "DEMO": "1"}, {"PORT": str(free_port()), "DEMO": "1"}
    with (
        running(["tests.bench.hello"], hello_at) as hello,
        running(["marketplace", "serve"], site_at) as site,
    ):
        for name, asked in (("board, country", [BOARD]), ("board, lapsing", paths)):
            run(site.port, asked, seconds=None, cookie=f"sid={token}")
            yardstick = _measure(hello, ["/"], "")[0].per_second
            _tell(name, *_measure(site, asked, f"sid={token}"), yardstick)
    click.echo(f"statements of the dearest of {2 + len(paths)} pages: {most} (bar: {MOST_STATEMENTS})")


def _tell(name: str, load: Load, cpu: float, yardstick: float) -> None:
    click.echo(
        f"{name:20}{load.per_second:8.0f}{load.per_second / yardstick:8.3f}{cpu:8.2f}"
        f"{load.p50:8.1f}{load.p99:8.1f}{load.requests:8}{load.failures:8}"
    )


def _measure(server: Server, paths: list[str], cookie: str) -> tuple[Load, float]:
    begun = server.cpu_seconds()
    load = run(server.port, paths, seconds=SECONDS, cookie=cookie)
    return load, 1000 * (server.cpu_seconds() - begun) / load.requests


def _sign_in() -> str:
    """Write an administrator and return the cookie of a sign-in with a second factor."""
    at = clock.now()
    with unit_of_work() as session:
        person = Person(name="Quản trị", email=f"{secrets.token_hex(8)}@example.vn", created_at=at)
        session.add(person)
        session.flush()
        session.add(
            Membership(
                person_id=person.id,
                scope_kind=SITE.kind,
                scope_id=SITE.id,
                role=Role.ADMINISTRATOR,
                granted_at=at,
            )
        )
        browser = Browser(address="127.0.0.1", device="Bench")
        return open_sign_in(session, person.id, SignInLevel.TWO_FACTOR, browser, at).token


def _provinces() -> list[int]:
    found = db.session.scalars(
        sa.select(Product.province_id).where(Product.province_id.is_not(None)).distinct()
    )
    return sorted(one for one in found if one is not None)


def _most_statements(client: FlaskClient, token: str, paths: list[str]) -> int:
    client.set_cookie("sid", token)
    most = 0
    for path in paths:
        with counted_statements() as sent:
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        most = max(most, len(sent))
    return most
