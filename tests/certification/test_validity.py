"""When a certificate begins and ends (R3, R4, R8), and what it is in between."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock
from marketplace.certification.models import Certificate, CertificateState, RevocationReason
from marketplace.certification.validity import first_day, last_day, last_day_shown, standing_of, state_on

DAYS = st.dates(date(2018, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        (date(2026, 8, 5), date(2029, 8, 5)),
        (date(2025, 6, 19), date(2028, 6, 19)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2024, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_certificate_lasts_36_calendar_months(issued: date, last: date) -> None:
    assert last_day(issued, None) == last


def test_a_day_beats_a_year_and_a_year_ends_on_its_last_safe_day() -> None:
    assert last_day(date(2024, 1, 2), 2020) == date(2027, 1, 2)
    assert last_day(None, 2024) == date(2026, 12, 31)
    assert last_day(None, None) is None


@given(DAYS)
def test_36_months_later_is_the_same_day_or_the_end_of_a_shorter_month(issued: date) -> None:
    last = last_day(issued, None)
    assert last is not None
    assert (last.year, last.month) == (issued.year + 3, issued.month)
    assert last.day == min(issued.day, monthrange(last.year, last.month)[1])


@given(DAYS)
def test_a_bare_year_never_outlives_a_certificate_of_that_year(issued: date) -> None:
    safe, true = last_day(None, issued.year), last_day(issued, None)
    assert safe is not None
    assert true is not None
    assert safe < true


@given(DAYS, DAYS)
def test_who_is_certified_later_is_not_out_earlier(one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert (last_day(early, None) or date.max) <= (last_day(late, None) or date.min)


@given(DAYS, st.integers(0, 1200))
def test_adding_months_moves_by_that_many_months_and_never_past_the_day(day: date, months: int) -> None:
    moved = clock.add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


def a_paper(**facts: object) -> Certificate:
    paper = Certificate(issued_on=date(2023, 11, 21), valid_until=date(2026, 11, 21), stars=4)
    for column, value in facts.items():
        setattr(paper, column, value)
    return paper


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2023, 11, 20), None),
        (date(2023, 11, 21), CertificateState.VALID),
        (date(2026, 5, 24), CertificateState.VALID),
        (date(2026, 5, 25), CertificateState.RENEWAL_WINDOW),
        (date(2026, 7, 24), CertificateState.RENEWAL_WINDOW),
        (date(2026, 7, 25), CertificateState.RENEWAL_LATE),
        (date(2026, 11, 21), CertificateState.RENEWAL_LATE),
        (date(2026, 11, 22), CertificateState.EXPIRED),
    ],
)
def test_states_of_a_plain_life(day: date, state: CertificateState | None) -> None:
    assert state_on(a_paper(), day) is state
    assert (date(2026, 11, 21) - date(2026, 5, 25)).days == 180
    assert (date(2026, 11, 21) - date(2026, 7, 24)).days == 120


@pytest.mark.parametrize(
    ("instant", "alive"),
    [
        (datetime(2026, 11, 21, 16, 59, 59, 900_000, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 17, 0, 0, 100_000, tzinfo=UTC), False),
    ],
)
def test_the_last_day_counts_until_midnight_in_vietnam(instant: datetime, alive: bool) -> None:
    with clock.stopped(instant):
        state = state_on(a_paper(), clock.today())
    assert state is not None
    assert state.alive is alive


def test_an_extension_keeps_it_alive_to_its_day() -> None:
    paper = a_paper(extended_until=date(2027, 2, 1))
    assert state_on(paper, date(2026, 11, 21)) is CertificateState.RENEWAL_LATE
    assert state_on(paper, date(2027, 2, 1)) is CertificateState.EXTENDED
    assert state_on(paper, date(2027, 2, 2)) is CertificateState.EXPIRED
    assert last_day_shown(paper) == date(2027, 2, 1)


def test_a_revocation_counts_from_its_day() -> None:
    paper = a_paper(revoked_on=date(2026, 3, 1), revocation_reason=RevocationReason.LAW_BROKEN)
    assert state_on(paper, date(2026, 2, 28)) is CertificateState.VALID
    assert state_on(paper, date(2026, 3, 1)) is CertificateState.REVOKED
    assert last_day_shown(paper) == date(2026, 2, 28)


def test_a_revocation_after_the_end_does_not_lengthen_it() -> None:
    paper = a_paper(revoked_on=date(2027, 3, 1))
    assert last_day_shown(paper) == date(2026, 11, 21)
    assert state_on(paper, date(2026, 12, 1)) is CertificateState.EXPIRED


def test_a_successor_replaces_from_its_day_unless_it_came_too_late() -> None:
    replaced = a_paper(superseded_on=date(2026, 9, 1))
    assert state_on(replaced, date(2026, 8, 31)) is CertificateState.RENEWAL_LATE
    assert state_on(replaced, date(2026, 9, 1)) is CertificateState.SUPERSEDED
    assert state_on(replaced, date(2028, 1, 1)) is CertificateState.SUPERSEDED
    run_out = a_paper(superseded_on=date(2027, 1, 1))
    assert state_on(run_out, date(2027, 1, 1)) is CertificateState.EXPIRED
    bridged = a_paper(superseded_on=date(2027, 1, 1), extended_until=date(2027, 2, 1))
    assert state_on(bridged, date(2027, 1, 1)) is CertificateState.SUPERSEDED


def test_of_a_bare_year_it_begins_on_new_years_day() -> None:
    paper = a_paper(issued_on=None, year=2024, valid_until=date(2026, 12, 31))
    assert first_day(paper) == date(2024, 1, 1)
    assert state_on(paper, date(2023, 12, 31)) is None
    assert state_on(paper, date(2026, 12, 31)) is CertificateState.RENEWAL_LATE


def test_undated_stays_undated_until_revoked() -> None:
    paper = a_paper(issued_on=None, valid_until=None)
    assert first_day(paper) is None
    assert last_day_shown(paper) is None
    assert state_on(paper, date(2026, 1, 1)) is CertificateState.UNDATED
    paper.revoked_on = date(2026, 1, 1)
    assert state_on(paper, date(2026, 1, 1)) is CertificateState.REVOKED
    assert last_day_shown(paper) is None


@pytest.mark.parametrize(
    ("paper", "stars"),
    [
        (None, None),
        (Certificate(stars=5), 5),
        (Certificate(stars=None), None),
        (Certificate(stars=5, revoked_on=date(2026, 1, 1)), None),
    ],
)
def test_nothing_dated_tells_stars_at_most_and_no_last_day(
    paper: Certificate | None, stars: int | None
) -> None:
    standing = standing_of(paper)
    assert (standing.stars, standing.until, standing.decision_checked) == (stars, None, False)


@given(issued=DAYS, shift=st.integers(-10, 1300), revoked=st.integers(1, 1300) | st.none())
def test_stars_are_shown_on_the_days_of_a_living_state_and_no_others(
    issued: date, shift: int, revoked: int | None
) -> None:
    paper = Certificate(issued_on=issued, valid_until=last_day(issued, None), stars=3)
    if revoked is not None:
        paper.revoked_on = issued + timedelta(days=revoked)
    day = issued + timedelta(days=shift)
    state, shown_until = state_on(paper, day), last_day_shown(paper)
    assert shown_until is not None
    assert (state is not None and state.alive) == (issued <= day <= shown_until)
