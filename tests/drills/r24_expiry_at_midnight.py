"""R24: at midnight in Vietnam stars and use-by dates end everywhere at once, kept pages included."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from unittest.mock import patch

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.web import kept_pages
from tests.conftest import NOON
from tests.drills import Outcome, Run, drill
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.lots import a_lot
from tests.factories.producers import a_producer
from tests.factories.scans import Packs, some_packs

LAST_DAY = date(2026, 11, 30)
ISSUED = date(2023, 11, 30)
MIDNIGHT = clock.start_of(LAST_DAY + timedelta(days=1))
BEFORE = (timedelta(hours=-6), timedelta(seconds=-1), timedelta(milliseconds=-1))
AFTER = (timedelta(0), timedelta(milliseconds=1), timedelta(seconds=1), timedelta(hours=6))


@drill(
    "R24",
    bar="0 pages with stars or a good lot after the last day ends, 0 without them before; caches included",
    databases=("sqlite", "postgresql"),
    control_on=("sqlite",),
)
def what_ends_ends_at_midnight(run: Run) -> Outcome:
    """Open pages around midnight, kept and confirmed by ETag, as one process does that serves through it."""
    wrong: list[str] = []
    asked = 0
    with run.application() as app, _guard(run):
        client = app.test_client()
        with clock.stopped(NOON), unit_of_work() as session:
            packs = _packs(session)
            slug = packs.product.slug
        paths = _paths(packs, slug)
        known: dict[str, str] = {}
        for moment in _moments(run):
            ended = moment >= MIDNIGHT
            for path in paths:
                asked += 1
                with clock.stopped(moment):
                    db.session.rollback()
                    wrong += _look(client, path, ended, known, moment)
    return Outcome({"asked": asked, "wrong": len(wrong), "first": wrong[:5]}, ok=asked > 0 and not wrong)


def _packs(session: Session) -> Packs:
    product = a_product(session, producer=a_producer(session))
    a_certificate(session, product, 4, issued_on=ISSUED)
    a_variant(session, product)
    a_lot(session, product, code="SONG-01", use_by=LAST_DAY + timedelta(days=400))
    return some_packs(session, product, use_by=LAST_DAY)


def _paths(packs: Packs, slug: str) -> tuple[str, ...]:
    return (
        packs.lot_path,
        packs.path(),
        packs.code.product_code.path,
        f"{packs.code.product_code.path}/10/SONG-01",
        f"/en{packs.lot_path}",
        f"/san-pham/{slug}",
        "/san-pham",
    )


def _moments(run: Run) -> Iterator[datetime]:
    """Yield instants in their order, each twice: the second time pages are kept already."""
    steps = [*BEFORE, *AFTER]
    steps += [timedelta(seconds=run.random.uniform(-3600, 3600)) for _ in range(run.count(2, 200))]
    for step in sorted(steps):
        yield MIDNIGHT + step
        yield MIDNIGHT + step


def _look(
    client: FlaskClient, path: str, ended: bool, known: dict[str, str], moment: datetime
) -> Iterator[str]:
    """Open a page, and ask once more whether the copy that a browser has is still good."""
    if path in known:
        confirmed = client.get(path, headers={"If-None-Match": known[path]})
        if confirmed.status_code == 304 and known.get(f"{path} ended", "") != str(ended):
            yield f"{path} at {moment}: an old copy was confirmed"
    answer = client.get(path)
    known[path] = answer.headers.get("ETag", "")
    known[f"{path} ended"] = str(ended)
    soup = BeautifulSoup(answer.text, "html.parser")
    shown = bool(soup.select("main .plate")) or (
        "/10/" in path and "warn" not in _classes(soup) and "stop" not in _classes(soup)
    )
    if shown is ended:
        yield f"{path} at {moment}: {'still' if ended else 'no longer'} good"


def _classes(soup: BeautifulSoup) -> list[str]:
    verdict = soup.select_one(".verdict")
    return list(verdict["class"]) if verdict is not None else []


def _guard(run: Run) -> AbstractContextManager[object]:
    """The control keeps pages under the register version alone, whatever the day."""
    if run.guarded:
        return nullcontext()

    class Timeless:
        """A clock whose day never ends, as seen by the pages that are kept."""

        now = staticmethod(clock.now)

        @staticmethod
        def local_date(instant: datetime) -> date:
            """Return the day on which all began."""
            return clock.local_date(NOON)

    return patch.object(kept_pages, "clock", Timeless)
