"""Which answer is given, and that the gravest one is given first."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from marketplace.catalogue.models import Publication
from marketplace.certification.history import Standing
from marketplace.certification.models import CertificateState
from marketplace.scan.verdict import Findings, SerialStanding, Tone, Verdict, give_verdicts

DAY = date(2026, 11, 21)
GOOD = Findings(
    publication=Publication.PUBLISHED,
    standing=Standing(None, CertificateState.VALID),
    day=DAY,
)
OF_LOT = replace(GOOD, lot_asked=True, lot_known=True, keeps_lots=True, use_by=DAY)
OF_PACK = replace(OF_LOT, serial=SerialStanding.ACTIVE)
WORRIES = {
    Verdict.RECALLED: {"recalled": True},
    Verdict.FORGED: {"serial": SerialStanding.OF_ANOTHER},
    Verdict.PAST_USE: {"use_by": DAY - timedelta(days=1)},
    Verdict.EDITED: {"use_by_asked": DAY + timedelta(days=365)},
    Verdict.TOO_OFTEN: {"scanned_too_often": True},
    Verdict.SUSPENDED: {"publication": Publication.SUSPENDED},
    Verdict.LAPSED: {"standing": Standing(None, CertificateState.EXPIRED)},
    Verdict.SOLD_OUT: {"sold_out": True},
}


def test_no_lesser_answer_hides_one_that_opens_in_red() -> None:
    tones = [Tone.STOP, Tone.WARN, Tone.GOOD]
    assert [one.tone for one in Verdict] == sorted((one.tone for one in Verdict), key=tones.index)


def test_good_news_says_no_more_than_the_code_shows() -> None:
    assert give_verdicts(GOOD) == [Verdict.GOOD]
    assert give_verdicts(OF_LOT) == [Verdict.LOT_GOOD]
    assert give_verdicts(OF_PACK) == [Verdict.SERIAL_GOOD]


@pytest.mark.parametrize("worry", WORRIES)
def test_each_worry_is_told(worry: Verdict) -> None:
    found = replace(OF_PACK, **WORRIES[worry])  # type: ignore[arg-type]
    assert give_verdicts(found)[0] is worry
    assert not give_verdicts(found)[0].good


@pytest.mark.parametrize(("graver", "other"), list(combinations(WORRIES, 2)))
def test_of_two_worries_the_graver_is_the_answer_and_the_other_is_told_too(
    graver: Verdict, other: Verdict
) -> None:
    found = replace(OF_PACK, **WORRIES[graver], **WORRIES[other])  # type: ignore[arg-type]
    assert give_verdicts(found) == [graver, other]


@pytest.mark.parametrize(
    ("serial", "verdict"),
    [
        (SerialStanding.PRINTED, Verdict.NOT_ACTIVE),
        (SerialStanding.VOID, Verdict.VOID),
        (SerialStanding.OF_ANOTHER, Verdict.FORGED),
        (SerialStanding.UNSIGNED, Verdict.FORGED),
        (SerialStanding.SIGNED, Verdict.SERIAL_UNKNOWN),
    ],
)
def test_a_serial_is_judged(serial: SerialStanding, verdict: Verdict) -> None:
    assert give_verdicts(replace(OF_LOT, serial=serial)) == [verdict]


def test_a_makers_own_serial_proves_nothing_where_no_lots_are_kept() -> None:
    own = replace(GOOD, serial=SerialStanding.UNSIGNED)
    assert give_verdicts(own) == [Verdict.LOT_UNKNOWN]
    assert give_verdicts(replace(own, keeps_lots=True)) == [Verdict.FORGED]


def test_a_lot_nobody_knows_is_stranger_where_lots_are_kept() -> None:
    asked = replace(GOOD, lot_asked=True)
    assert give_verdicts(asked) == [Verdict.LOT_UNKNOWN]
    assert give_verdicts(replace(asked, keeps_lots=True)) == [Verdict.LOT_NOT_OURS]


def test_the_last_day_of_use_counts() -> None:
    assert give_verdicts(OF_LOT) == [Verdict.LOT_GOOD]
    assert give_verdicts(replace(OF_LOT, day=DAY + timedelta(days=1))) == [Verdict.PAST_USE]


def test_a_last_day_in_the_code_is_fine_where_it_is_that_of_the_lot() -> None:
    assert give_verdicts(replace(OF_LOT, use_by_asked=DAY)) == [Verdict.LOT_GOOD]
    assert give_verdicts(replace(OF_LOT, use_by=None, use_by_asked=DAY)) == [Verdict.EDITED]


def test_a_code_that_says_itself_that_goods_are_too_old_is_believed() -> None:
    old = DAY - timedelta(days=1)
    assert give_verdicts(replace(GOOD, use_by_asked=DAY)) == [Verdict.GOOD]
    assert give_verdicts(replace(GOOD, use_by_asked=old)) == [Verdict.PAST_USE]
    unknown = replace(GOOD, lot_asked=True, keeps_lots=True, use_by_asked=old)
    assert give_verdicts(unknown) == [Verdict.PAST_USE, Verdict.LOT_NOT_OURS]
    assert give_verdicts(replace(OF_LOT, use_by_asked=old)) == [Verdict.EDITED]


def test_colours_tell_what_must_not_be_eaten_or_trusted() -> None:
    stops = {one for one in Verdict if one.tone is Tone.STOP}
    assert stops == {Verdict.RECALLED, Verdict.FORGED, Verdict.VOID, Verdict.PAST_USE}
    assert {one for one in Verdict if one.good} == {Verdict.SERIAL_GOOD, Verdict.LOT_GOOD, Verdict.GOOD}
