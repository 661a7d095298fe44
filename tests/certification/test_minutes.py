"""Minutes and the end of a session: what is refused, and under what everybody put their names."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.certification.councils.closing import close_dossier
from marketplace.certification.councils.errors import (
    InvalidMinutes,
    MinutesChanged,
    MinutesSigned,
    MinutesUnsigned,
    ResultsMissing,
    SessionNotScoring,
)
from marketplace.certification.councils.minutes import (
    MOST_LETTERS,
    close_session,
    find_minutes,
    list_signers,
    sign_minutes,
    write_minutes,
)
from marketplace.certification.councils.models import CouncilSession, Position, SessionState
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from tests.certification.test_councils import do, refused
from tests.factories.councils import Chamber, a_chamber, row_of

CHAIR, DEPUTY, THIRD, FOURTH, FIFTH = range(5)


@pytest.fixture
def chamber(app: Flask) -> Chamber:
    """A council of five whose one dossier has its result."""
    made = a_chamber()
    made.score(*range(5))
    do(close_dossier, made.member_now(CHAIR), made.session, made.dossier, "")
    return made


def write(chamber: Chamber, words: str = "Biên bản phiên họp") -> None:
    do(write_minutes, chamber.member_now(CHAIR), chamber.session, words)


def sign(chamber: Chamber, *numbers: int, version: int = 1) -> None:
    for number in numbers:
        do(sign_minutes, chamber.member_now(number), chamber.session, version)


def signers(chamber: Chamber) -> set[int]:
    minutes = find_minutes(db.session(), chamber.session)
    found = set(list_signers(db.session(), minutes)) if minutes else set()
    db.session.rollback()
    return found


@pytest.mark.parametrize("words", ["", " \n ", "x" * (MOST_LETTERS + 1)])
def test_minutes_say_something_and_not_at_any_length(chamber: Chamber, words: str) -> None:
    told = refused(InvalidMinutes, write_minutes, chamber.member_now(CHAIR), chamber.session, words)
    assert told.parameters == {"field": "words", "most": MOST_LETTERS}
    assert find_minutes(db.session(), chamber.session) is None


def test_minutes_wait_for_the_last_result(app: Flask) -> None:
    chamber = a_chamber(dossiers=2)
    chamber.score(*range(5))
    do(close_dossier, chamber.member_now(CHAIR), chamber.session, chamber.dossier, "")
    chair = chamber.member_now(CHAIR)
    for deed, rest in ((write_minutes, ("Biên bản",)), (close_session, ())):
        assert refused(ResultsMissing, deed, chair, chamber.session, *rest).parameters == {"open_dossiers": 1}


def test_each_signs_once_and_what_was_read(chamber: Chamber) -> None:
    refused(MinutesChanged, sign_minutes, chamber.member_now(THIRD), chamber.session, 1)
    write(chamber)
    sign(chamber, THIRD)
    refused(MinutesSigned, sign_minutes, chamber.member_now(THIRD), chamber.session, 1)
    assert signers(chamber) == {chamber.members[THIRD]}
    write(chamber, "Biên bản đã sửa")
    assert signers(chamber) == set(), "a next version is signed anew"
    refused(MinutesChanged, sign_minutes, chamber.member_now(FOURTH), chamber.session, 1)
    sign(chamber, THIRD, version=2)
    assert signers(chamber) == {chamber.members[THIRD]}


def test_the_same_minutes_kept_again_stay_as_they_were_signed(chamber: Chamber) -> None:
    write(chamber)
    sign(chamber, THIRD)
    with unit_of_work() as session:
        words = " Biên bản phiên họp \n"
        assert write_minutes(session, chamber.member_now(CHAIR), chamber.session, words, clock.now()) is None
    minutes = find_minutes(db.session(), chamber.session)
    assert minutes is not None
    assert minutes.version == 1
    assert signers(chamber) == {chamber.members[THIRD]}
    write(chamber, "Biên bản đã sửa")
    write(chamber)
    latest = find_minutes(db.session(), chamber.session)
    assert latest is not None
    assert latest.version == 3, "only the latest version counts"


def test_nobody_signs_what_there_is_not_or_where_they_have_no_seat(chamber: Chamber) -> None:
    write(chamber)
    refused(NotFound, sign_minutes, chamber.member_now(CHAIR), 99_999, 1)
    refused(NotFound, sign_minutes, a_chamber().member_now(CHAIR), chamber.session, 1)
    assert signers(chamber) == set()


@pytest.mark.parametrize(
    ("signed", "enough"),
    [
        (None, False),
        ((), False),
        ((CHAIR, DEPUTY), False),
        ((THIRD, FOURTH, FIFTH), False),
        ((DEPUTY, THIRD, FOURTH), True),
        ((CHAIR, THIRD, FOURTH), True),
    ],
    ids=["unwritten", "nobody", "two of five", "no leader", "led by a deputy", "led by the chair"],
)
def test_a_session_ends_with_more_than_half_and_a_leader_under_its_minutes(
    chamber: Chamber, signed: tuple[int, ...] | None, enough: bool
) -> None:
    chair = chamber.member_now(CHAIR)
    if signed is not None:
        write(chamber)
        sign(chamber, *signed)
    if enough:
        do(close_session, chair, chamber.session)
        refused(SessionNotScoring, close_session, chair, chamber.session)
        refused(SessionNotScoring, write_minutes, chair, chamber.session, "Sửa sau")
    else:
        refused(MinutesUnsigned, close_session, chair, chamber.session)
    held = row_of(db.session(), CouncilSession, id=chamber.session)
    assert (held.state is SessionState.CLOSED, held.closed_at) == (enough, clock.now() if enough else None)


def test_a_secretary_counts_as_one_of_those_who_sit(app: Flask) -> None:
    positions = (Position.CHAIR, Position.MEMBER, Position.MEMBER, Position.SECRETARY)
    chamber = a_chamber(positions)
    chamber.score(0, 1, 2)
    do(close_dossier, chamber.member_now(0), chamber.session, chamber.dossier, "")
    do(write_minutes, chamber.member_now(3), chamber.session, "Biên bản")
    sign(chamber, 0, 3)
    refused(MinutesUnsigned, close_session, chamber.member_now(3), chamber.session)
    sign(chamber, 1)
    do(close_session, chamber.member_now(3), chamber.session)
    assert db.session.scalar(sa.select(CouncilSession.state)) is SessionState.CLOSED
