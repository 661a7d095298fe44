"""What home and empty lists ask of the catalogue: producers, the season, what each condition costs."""

from datetime import date

from flask import Flask

from marketplace.catalogue.filters import Filters, State
from marketplace.catalogue.in_season import list_in_season
from marketplace.catalogue.loosening import count_loosened
from marketplace.catalogue.makers import list_makers
from marketplace.database import unit_of_work
from tests.catalogue.statements import counted_statements
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)


def test_producers_with_the_most_living_stars_come_first_with_their_best_product(app: Flask) -> None:
    with unit_of_work() as session:
        many, starred = a_producer(session, "HTX Nhiều"), a_producer(session, "HTX Sao")
        for number in range(3):
            a_product(session, f"Cam {number}", producer=many)
        lesser = a_product(session, "Bưởi", producer=starred)
        best = a_product(session, "Quýt", producer=starred)
        a_certificate(session, lesser, stars=3)
        a_certificate(session, best, stars=4)
        a_product(session, "Vô danh")
    with counted_statements() as sent:
        makers = list_makers(None, day=TODAY)
    assert len(sent) == 1
    assert [(one.producer.name, one.products, one.starred, one.best.name) for one in makers] == [
        ("HTX Sao", 2, 2, "Quýt"),
        ("HTX Nhiều", 3, 0, "Cam 0"),
    ]


def test_seasons_run_over_the_turn_of_the_year(app: Flask) -> None:
    with unit_of_work() as session:
        a_product(session, "Cam", season_from=10, season_to=1)
        a_product(session, "Xoài", season_from=3, season_to=6)
        a_product(session, "Mắm")

    def names(month: int) -> list[str]:
        return [product.name for product in list_in_season(month, day=TODAY)]

    assert [names(month) for month in (1, 2, 3, 6, 9, 10, 12)] == [
        ["Cam"], [], ["Xoài"], ["Xoài"], [], ["Cam"], ["Cam"],
    ]  # fmt: skip


def test_each_condition_is_told_with_what_it_keeps_out(app: Flask) -> None:
    with unit_of_work() as session:
        alive = a_product(session, "Cam")
        a_certificate(session, alive, stars=4)
        lapsed = a_product(session, "Bưởi")
        a_certificate(session, lapsed, stars=3, issued_on=date(2020, 1, 1))
        ids = (alive.id, lapsed.id)
    wanted = Filters(stars=(5,), state=State.ALIVE, product_ids=ids[:1], origin_ids=(999,))
    counts = count_loosened(wanted, day=TODAY)
    assert counts == {"stars": 0, "state": 0, "words": 0, "origin": 0}
    assert count_loosened(Filters(stars=(5,), state=State.ALIVE), day=TODAY) == {"stars": 1, "state": 0}
    assert count_loosened(Filters(stars=(4,), product_ids=ids[1:]), day=TODAY) == {"stars": 1, "words": 1}
    assert count_loosened(Filters(), day=TODAY) == {}
