"""The command that merges two producers: it tells, asks, and refuses what the office would be refused."""

import pytest
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import FormerProducer, Producer
from tests.factories.accounts import an_owner
from tests.factories.deeds import deeds
from tests.factories.producers import a_producer
from tests.signin.browsing import letters

SLUGS = ("htx-mot", "htx-hai")


@pytest.fixture
def two(app: Flask) -> None:
    """Two producers, the second with an owner."""
    with unit_of_work() as session:
        for name in ("HTX Một", "HTX Hai"):
            last = a_producer(session, name, phone=None)
        an_owner(session, last.id)


def merge(app: Flask, *words: str, answer: str = "") -> tuple[int, str]:
    db.session.rollback()
    ended = app.test_cli_runner().invoke(args=["producers", "merge", *words], input=answer)
    if isinstance(ended.exception, NotFound):
        raise ended.exception
    return ended.exit_code, ended.output


@pytest.mark.usefixtures("two")
def test_it_tells_asks_and_merges(app: Flask) -> None:
    code, told = merge(app, *SLUGS, "--dry-run")
    assert (code, "membership: 0 + 1" in told, "giữ: HTX Một (htx-mot)" in told) == (0, True, True)
    assert merge(app, *SLUGS, answer="n\n")[0] == 1
    assert db.session.query(Producer).count() == 2
    db.session.rollback()
    code, told = merge(app, *SLUGS, answer="y\n")
    assert (code, "/chu-the/htx-hai nay dẫn về /chu-the/htx-mot" in told) == (0, True)
    assert [one.slug for one in db.session.query(FormerProducer)] == ["htx-hai"]
    assert deeds("producer:merge")[0].actor_id is None
    assert [one.subject for one in letters(app)] == ["Hai trang của HTX Một đã gộp làm một"]


@pytest.mark.usefixtures("two")
def test_what_stands_against_it_ends_it(app: Flask) -> None:
    with unit_of_work() as session:
        for number, producer in enumerate(session.query(Producer)):
            producer.tax_code = f"300012345{number}"
    code, told = merge(app, *SLUGS, "--yes")
    assert (code, "vướng: tax_code 3000123450 · 3000123451" in told) == (1, True)
    assert db.session.query(Producer).count() == 2


@pytest.mark.usefixtures("two")
def test_nobody_of_the_slug_is_told(app: Flask) -> None:
    with pytest.raises(NotFound):
        merge(app, "htx-mot", "htx-ba", "--yes")
    with pytest.raises(NotFound):
        merge(app, "htx-mot", "htx-mot", "--yes")
    assert merge(app, *SLUGS, "--yes")[0] == 0


@pytest.mark.usefixtures("two")
def test_an_address_of_before_names_nobody_to_merge(app: Flask) -> None:
    with unit_of_work() as session:
        a_producer(session, "HTX Ba", phone=None)
    assert merge(app, *SLUGS, "--yes")[0] == 0
    for pair in (("htx-ba", "htx-hai"), ("htx-hai", "htx-ba")):
        code, told = merge(app, *pair, "--yes")
        assert (code, "htx-hai đã gộp vào htx-mot" in told) == (1, True)
    assert {one.slug for one in db.session.query(Producer)} == {"htx-mot", "htx-ba"}
