"""The way to renewal: stages by the day, notices, rounds, and what the market has of the file."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.radar import look_at
from marketplace.certification.renewal import Stage, next_round, notice_due, renewal_of
from marketplace.certification.renewal_file import OWN_PAPERS, Paper, pieces_here
from marketplace.database import unit_of_work
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

ENDS = date(2027, 4, 25)
TODAY = date(2026, 11, 21)


def a_paper(**changes: Any) -> Certificate:
    facts = {"issued_on": date(2024, 4, 25), "year": 2024, "valid_until": ENDS, "stars": 4, **changes}
    return Certificate(**facts)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 4, 24), Stage.FAR),
        (date(2026, 4, 25), Stage.NEAR),
        (ENDS - timedelta(days=181), Stage.NEAR),
        (ENDS - timedelta(days=180), Stage.OPEN),
        (ENDS - timedelta(days=120), Stage.OPEN),
        (ENDS - timedelta(days=119), Stage.MISSED),
        (ENDS, Stage.MISSED),
        (ENDS + timedelta(days=1), Stage.LAPSED),
    ],
)
def test_the_stage_follows_the_day(day: date, stage: Stage) -> None:
    renewal = renewal_of(a_paper(), day)
    assert renewal is not None
    assert renewal.stage is stage
    assert renewal.stage.pressing is (stage in {Stage.OPEN, Stage.MISSED})


def test_a_renewal_tells_its_days() -> None:
    renewal = renewal_of(a_paper(), TODAY)
    assert renewal is not None
    assert (renewal.begins, renewal.opens, renewal.closes) == (
        date(2024, 4, 25),
        date(2026, 10, 27),
        date(2026, 12, 26),
    )
    assert (renewal.days_to_open, renewal.days_to_close, renewal.days_to_end) == (-25, 35, 155)
    assert (renewal.notice, renewal.sure) == (6, True)


def test_an_extension_counts_until_its_last_day() -> None:
    extended = a_paper(extended_until=ENDS + timedelta(days=90))
    renewal = renewal_of(extended, ENDS + timedelta(days=10))
    assert renewal is not None
    assert (renewal.stage, renewal.stage.pressing, renewal.days_to_end) == (Stage.EXTENDED, True, 80)
    lapsed = renewal_of(extended, ENDS + timedelta(days=91))
    assert lapsed is not None
    assert (lapsed.stage, lapsed.days_to_end, lapsed.notice) == (Stage.LAPSED, -1, None)


def test_what_is_replaced_unbegun_or_undated_is_not_on_its_way() -> None:
    assert renewal_of(a_paper(superseded_on=date(2026, 1, 1)), TODAY) is None
    assert renewal_of(a_paper(), date(2024, 4, 24)) is None
    assert renewal_of(a_paper(issued_on=None, year=None, valid_until=None), TODAY) is None


def test_a_revoked_one_says_so() -> None:
    paper = a_paper(revoked_on=TODAY, revocation_reason=RevocationReason.OTHER)
    renewal = renewal_of(paper, TODAY)
    assert renewal is not None
    assert (renewal.stage, renewal.notice) == (Stage.REVOKED, None)


def test_a_year_alone_is_not_sure() -> None:
    renewal = renewal_of(a_paper(issued_on=None, valid_until=date(2026, 12, 31)), TODAY)
    assert renewal is not None
    assert not renewal.sure


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        (date(2026, 4, 24), None),
        (date(2026, 4, 25), 12),
        (date(2026, 10, 24), 12),
        (date(2026, 10, 25), 6),
        (date(2026, 12, 25), 4),
        (ENDS, 4),
        (ENDS + timedelta(days=1), None),
    ],
)
def test_notices_come_twelve_six_and_four_months_before(day: date, notice: int | None) -> None:
    assert notice_due(ENDS, day) == notice


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 4, 29), (date(2027, 4, 30), date(2027, 6, 30))),
        (date(2027, 4, 30), (date(2027, 10, 30), date(2027, 12, 30))),
        (TODAY, (date(2027, 4, 30), date(2027, 6, 30))),
    ],
)
def test_the_next_round_is_the_one_still_open(day: date, expected: tuple[date, date]) -> None:
    assert next_round(day) == expected


def here(product: Product, producer: Producer, certificate: Certificate, *quality: date) -> set[Paper]:
    return {piece.paper for piece in pieces_here(product, producer, certificate, quality) if piece.here}


def test_pieces_are_here_when_the_market_has_them() -> None:
    bare = Product(publication=Publication.DRAFT, offered=False)
    assert here(bare, Producer(name="HTX"), a_paper()) == set()
    full = Product(publication=Publication.PUBLISHED, offered=True, story="Chuyện cây cam")
    producer = Producer(name="HTX", printed_address="Thôn 5", phone="0912000000")
    every = {Paper.RECOGNITION, Paper.PRODUCER, Paper.STORY, Paper.TRACE, Paper.STALL, Paper.QUALITY}
    assert here(full, producer, a_paper(decision_id=1), ENDS) == every
    assert not every & set(OWN_PAPERS)
    shown = Product(publication=Publication.SUSPENDED, offered=True)
    assert here(shown, Producer(name="HTX", phone="0912000000"), a_paper()) == {Paper.TRACE}


@pytest.mark.parametrize(("quality", "until"), [([TODAY, ENDS], ENDS), ([ENDS, TODAY], ENDS), ([], None)])
def test_the_longest_quality_certificate_counts(quality: list[date], until: date | None) -> None:
    product = Product(publication=Publication.PUBLISHED, offered=True)
    [piece] = [one for one in pieces_here(product, Producer(), a_paper(), quality) if one.paper == "quality"]
    assert (piece.here, piece.until) == (bool(quality), until)


def test_the_radar_shows_the_deciding_certificates_the_most_pressing_first(app: Flask) -> None:
    with unit_of_work() as session:
        producer, rival = a_producer(session), a_producer(session, "HTX Khác")
        issued = {
            "Xa": date(2026, 8, 5),
            "Gần": date(2024, 9, 1),
            "Đang nộp": date(2024, 4, 25),
            "Muộn": date(2024, 3, 10),
            "Vừa hết": date(2023, 11, 1),
            "Hết lâu": date(2022, 1, 1),
            "Không rõ": None,
        }
        for name, day in issued.items():
            product = a_product(session, name, producer=producer)
            a_certificate(session, product, issued_on=day)
        a_certificate(session, a_product(session, "Của người", producer=rival))
        renewed = a_product(session, "Đã đổi", producer=producer)
        a_certificate(session, renewed, issued_on=date(2023, 1, 5))
        a_certificate(session, renewed, issued_on=date(2026, 1, 5))
        a_product(session, "Chưa bao giờ", producer=producer)
    lines = look_at(producer.id, TODAY).lines
    assert [line.product.name for line in lines] == [
        "Đang nộp",
        "Muộn",
        "Gần",
        "Vừa hết",
        "Hết lâu",
        "Đã đổi",
        "Xa",
        "Không rõ",
    ]
    assert lines[-1].renewal is None
    assert not lines[-1].pressing
    assert [line.product.name for line in look_at(producer.id, TODAY).pressing] == ["Đang nộp", "Muộn"]


def test_a_product_whose_recognition_has_not_begun_has_no_line(app: Flask) -> None:
    with unit_of_work() as session:
        producer = a_producer(session)
        a_certificate(session, a_product(session, producer=producer))
    assert look_at(producer.id, date(2025, 8, 4)).lines == []
