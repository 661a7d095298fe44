"""Views and leading words: counted in memory, written in batches, let go in time."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from marketplace import clock
from marketplace.catalogue import tallies
from marketplace.catalogue.figures import (
    by_month,
    by_product,
    by_province,
    list_led,
    list_views,
    months_until,
)
from marketplace.catalogue.models import Product
from marketplace.catalogue.tallies import (
    LeadingWords,
    ProductView,
    ViewTallies,
    forget_old_tallies,
    words_to_keep,
)
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from tests.conftest import NOON
from tests.factories.catalogue import a_product
from tests.factories.producers import a_producer
from tests.storefront.shelves import a_province

LATER = NOON + timedelta(seconds=30)
TODAY = date(2026, 11, 21)


@pytest.fixture
def orange(app: Flask) -> int:
    """A product to look at, and two provinces to look from."""
    with unit_of_work() as session:
        a_province(session, "Hà Nội", "ha-noi", "01")
        a_province(session, "Quảng Bình", "quang-binh", "p44", ended=True)
        return a_product(session, producer=a_producer(session)).id


def rows_of(model: type[ProductView] | type[LeadingWords]) -> list[tuple[object, ...]]:
    db.session.rollback()
    columns = list(db.metadata.tables[model.__tablename__].columns)
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(*columns)).all()]


def owner_of(product_id: int) -> int:
    found = db.session.get_one(Product, product_id).producer_id
    assert found is not None
    return found


def province_id() -> int:
    return db.session.scalars(sa.select(AdminUnit.id).where(AdminUnit.slug == "ha-noi")).one()


def test_views_are_written_half_a_minute_after_the_first(orange: int) -> None:
    counted = ViewTallies()
    assert not counted.is_due(NOON)
    assert not counted.write_when_due(LATER)
    counted.note("cam-khe-may", NOON)
    counted.note("cam-khe-may", NOON + timedelta(seconds=29))
    assert not counted.write_when_due(NOON + timedelta(seconds=29))
    assert rows_of(ProductView) == []
    assert counted.write_when_due(LATER)
    assert rows_of(ProductView) == [(orange, TODAY, 0, 2)]
    assert not counted.is_due(LATER + timedelta(hours=1))


def test_batches_add_up_by_product_day_and_province(orange: int) -> None:
    for place in ("", "ha-noi", "ha-noi", "quang-binh", "nowhere"):
        counted = ViewTallies()
        counted.note("cam-khe-may", NOON, place)
        counted.note("cam-khe-may", NOON + timedelta(hours=12), place)
        counted.note("nobody-knows", NOON, place)
        assert counted.write_when_due(NOON + timedelta(hours=12))
    tomorrow = TODAY + timedelta(days=1)
    ha_noi = province_id()
    assert rows_of(ProductView) == [
        (orange, TODAY, 0, 3),
        (orange, TODAY, ha_noi, 2),
        (orange, tomorrow, 0, 3),
        (orange, tomorrow, ha_noi, 2),
    ]


def test_words_are_kept_folded_by_month(orange: int) -> None:
    counted = ViewTallies()
    for words in ("Cam Khe Mây", "cam  khe may", "CAM KHE MAY", "gọi 0912 345 678", ""):
        counted.note("cam-khe-may", NOON, words=words)
    assert counted.write_when_due(LATER)
    assert rows_of(LeadingWords) == [(orange, date(2026, 11, 1), "cam khe may", 3)]
    assert rows_of(ProductView) == [(orange, TODAY, 0, 5)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bưởi Phúc Trạch", "buoi phuc trach"),
        ("rượu 45 độ 500ml", "ruou 45 do 500ml"),
        ("an@example.vn", ""),
        ("0912345678", ""),
        ("091 234 56 78", ""),
        ("https://x.vn", ""),
        ("www.x.vn", ""),
        ("a" * 100, "a" * 60),
    ],
)
def test_what_could_name_somebody_is_not_kept(typed: str, kept: str) -> None:
    assert words_to_keep(typed) == kept


def test_memory_is_bounded(orange: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MOST_VIEWS", 1)
    monkeypatch.setattr(tallies, "MOST_WORDS", 1)
    counted = ViewTallies()
    for words in ("cam", "quýt", "cam"):
        counted.note("cam-khe-may", NOON, words=words)
    counted.note("another", NOON)
    assert counted.write_when_due(LATER)
    assert rows_of(LeadingWords) == [(orange, date(2026, 11, 1), "cam", 2)]
    assert rows_of(ProductView) == [(orange, TODAY, 0, 3)]


def test_nothing_is_lost_while_the_database_is_away(orange: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("", {}, RuntimeError("locked"))

    counted = ViewTallies()
    counted.note("cam-khe-may", NOON, words="cam")
    with monkeypatch.context() as away:
        away.setattr(tallies, "_write", fail)
        assert not counted.write_when_due(LATER)
    counted.note("cam-khe-may", LATER)
    assert not counted.is_due(LATER + timedelta(seconds=29))
    assert counted.write_when_due(LATER + timedelta(seconds=30))
    assert rows_of(ProductView) == [(orange, TODAY, 0, 2)]
    assert rows_of(LeadingWords) == [(orange, date(2026, 11, 1), "cam", 1)]


def test_old_figures_and_rare_words_are_let_go(orange: int) -> None:
    kept, gone = date(2024, 10, 1), date(2024, 9, 30)
    with unit_of_work() as session:
        for day in (kept, gone):
            session.add(ProductView(product_id=orange, day=day, province_id=0, views=1))
            words = {"month": day.replace(day=1), "words": "cam", "times": 3}
            session.add(LeadingWords(product_id=orange, **words))
        for month in (date(2026, 9, 1), date(2026, 8, 1)):
            session.add(LeadingWords(product_id=orange, month=month, words="hiếm", times=2))
    forget_old_tallies()
    assert rows_of(ProductView) == [(orange, kept, 0, 1)]
    assert rows_of(LeadingWords) == [(orange, kept, "cam", 3), (orange, date(2026, 9, 1), "hiếm", 2)]


def noted(slug: str, at: datetime, number: int = 1, **lead: str) -> None:
    counted = ViewTallies()
    for _ in range(number):
        counted.note(slug, at, **lead)
    assert counted.write_when_due(at + timedelta(hours=1))


def test_figures_are_of_the_producer_alone_and_add_up(orange: int) -> None:
    with unit_of_work() as session:
        a_product(session, "Mật ong", producer=a_producer(session, "HTX Khác"))
    own = owner_of(orange)
    noted("cam-khe-may", NOON, 2, province="ha-noi", words="cam")
    noted("cam-khe-may", NOON - timedelta(days=30), 3, words="Cam")
    noted("cam-khe-may", NOON - timedelta(days=400), 9, words="lâu rồi")
    noted("mat-ong", NOON, 5, words="mật ong")
    months = months_until(clock.today(), 12)
    rows = list_views(own, months[0])
    assert by_month(rows, months)[-2:] == [(date(2026, 10, 1), 3), (date(2026, 11, 1), 2)]
    assert len(months) == 12
    assert by_product(rows) == [(orange, "Cam Khe Mây", 5)]
    assert by_province(rows) == [("Hà Nội", 2), (None, 3)]
    [led] = list_led(own, months[0])
    assert (led.words, led.times, led.product) == ("cam", 5, "Cam Khe Mây")


def test_words_used_twice_are_not_shown(orange: int) -> None:
    noted("cam-khe-may", NOON, 2, words="chuyện riêng")
    [row] = rows_of(LeadingWords)
    assert row[-1] == 2
    assert list_led(owner_of(orange), date(2026, 11, 1)) == []
