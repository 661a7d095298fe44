"""What a product was on a day, and how its recognitions followed each other."""

from datetime import date

from marketplace.certification.history import Turn, history_of, standing_on
from marketplace.certification.models import Certificate, CertificateState, RevocationReason
from marketplace.certification.validity import last_day

TODAY = date(2026, 11, 21)


def certificate(
    number: int, stars: int | None, issued_on: date | None = None, year: int | None = None, **facts: object
) -> Certificate:
    year = issued_on.year if issued_on else year
    until = last_day(issued_on, year)
    return Certificate(id=number, stars=stars, issued_on=issued_on, year=year, valid_until=until, **facts)


FIRST = certificate(1, 3, date(2019, 11, 22))
RAISED = certificate(2, 4, date(2021, 12, 3))
AGAIN = certificate(3, 4, date(2024, 12, 15))
FIRST.superseded_by_id, FIRST.superseded_on = 2, date(2021, 12, 3)
RAISED.superseded_by_id, RAISED.superseded_on = 3, date(2024, 12, 15)
ALL = [AGAIN, FIRST, RAISED]


def test_the_latest_recognition_begun_by_then_decides() -> None:
    assert standing_on(ALL, date(2019, 11, 21)).certificate is None
    assert standing_on(ALL, date(2019, 11, 22)).stars == 3
    assert standing_on(ALL, date(2021, 12, 2)).stars == 3
    assert standing_on(ALL, date(2021, 12, 3)).stars == 4
    assert standing_on(ALL, TODAY).certificate is AGAIN


def test_the_last_day_counts_and_the_gap_has_no_stars() -> None:
    assert standing_on(ALL, date(2024, 12, 3)).stars == 4
    gap = standing_on(ALL, date(2024, 12, 4))
    assert (gap.stars, gap.state) == (None, CertificateState.EXPIRED)


def test_tells_turns_newest_first_with_the_gap() -> None:
    events = history_of(ALL, TODAY)
    assert [event.turn for event in events] == [Turn.AGAIN, Turn.LAPSED, Turn.RAISED, Turn.RECOGNISED]
    assert events[1].on == date(2024, 12, 4)
    assert events[1].gap == 11


def test_a_certificate_that_ran_out_for_good_has_no_gap_to_count() -> None:
    old = certificate(1, 3, date(2020, 1, 31))
    assert [(event.turn, event.gap) for event in history_of([old], TODAY)] == [
        (Turn.LAPSED, None),
        (Turn.RECOGNISED, None),
    ]


def test_a_lower_rank_is_told_and_an_unknown_one_is_not_compared() -> None:
    lower = certificate(4, 3, date(2025, 1, 1))
    unknown = certificate(5, None, date(2026, 1, 1))
    assert [event.turn for event in history_of([AGAIN, lower, unknown], TODAY)] == [
        Turn.AGAIN,
        Turn.LOWERED,
        Turn.RECOGNISED,
    ]


def test_a_revocation_ends_the_stars_on_its_day() -> None:
    revoked = certificate(
        1, 4, date(2025, 3, 1), revoked_on=date(2026, 2, 1), revocation_reason=RevocationReason.MARK_MISUSED
    )
    assert standing_on([revoked], date(2026, 1, 31)).stars == 4
    assert standing_on([revoked], date(2026, 2, 1)).stars is None
    assert [event.turn for event in history_of([revoked], TODAY)] == [Turn.REVOKED, Turn.RECOGNISED]
    assert [event.turn for event in history_of([revoked], date(2026, 1, 1))] == [Turn.RECOGNISED]


def test_within_the_year_of_an_undated_issue_nothing_is_sure() -> None:
    yearly = certificate(1, 3, year=2023)
    assert not standing_on([yearly], date(2023, 6, 1)).sure
    assert standing_on([yearly], date(2024, 1, 1)).sure
    assert standing_on([yearly], date(2025, 12, 31)).stars == 3
    assert standing_on([yearly], date(2026, 1, 1)).stars is None


def test_a_certificate_without_date_decides_only_alone_and_shows_no_stars() -> None:
    undated = certificate(9, 4)
    alone = standing_on([undated], TODAY)
    assert (alone.state, alone.stars) == (CertificateState.UNDATED, None)
    assert standing_on([undated, AGAIN], TODAY).certificate is AGAIN
    assert standing_on([undated, AGAIN], date(2020, 1, 1)).certificate is None
    assert history_of([undated, AGAIN], TODAY)[-1].certificate is undated
