"""Renewing in time (đánh giá, phân hạng lại): when the file is handed in, and how much time is left.

Decision 26/2026/QĐ-TTg: a certificate lives 36 months (article 4.3); the file to be evaluated again is
handed in not earlier than 180 and not later than 120 days before it runs out (article 7.6); who was late
may be given up to 180 days more while the file is open (article 12.3); the province evaluates in two rounds
a year (article 7). All days are calendar days in Vietnam, each counted until its 24:00.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.certification.models import Certificate, CertificateState
from marketplace.certification.validity import RENEWAL_CLOSES, RENEWAL_OPENS, first_day, state_on
from marketplace.clock import add_months

NOTICES = (4, 6, 12)
"""How many months before the end producers are told, the most pressing first."""
ROUNDS = (((4, 30), (6, 30)), ((10, 30), (12, 30)))
"""The province's rounds: files proposed before the first day are decided before the second."""
MINISTRY_ROUNDS = (((1, 30), (3, 30)), ((7, 30), (9, 30)))
"""The ministry's rounds, likewise, for files of 90 points and more that provinces send."""

Rounds = tuple[tuple[tuple[int, int], tuple[int, int]], ...]


class Stage(StrEnum):
    """How far a certificate is on its way to renewal, the calmest first."""

    FAR = "far"
    NEAR = "near"
    OPEN = "open"
    MISSED = "missed"
    EXTENDED = "extended"
    LAPSED = "lapsed"
    REVOKED = "revoked"

    @property
    def pressing(self) -> bool:
        """Whether the producer has something to do now, stars not yet lost."""
        return self in {Stage.OPEN, Stage.MISSED, Stage.EXTENDED}


@dataclass(frozen=True, slots=True)
class Renewal:
    """A certificate's way to renewal, seen on a day.

    `opens` and `closes` are the first and the last day for the file, `ends` the last day of validity,
    `until` the last day with an extension counted. `notice` is how many months before the end the latest
    notice was due: 12, 6, 4 or None. `sure` is false where only the year of issue is known.
    """

    stage: Stage
    day: date
    begins: date
    opens: date
    closes: date
    ends: date
    until: date
    notice: int | None
    sure: bool

    @property
    def days_to_open(self) -> int:
        """Return how many days there are before the file may be handed in; negative once it may."""
        return (self.opens - self.day).days

    @property
    def days_to_close(self) -> int:
        """Return how many days are left for the file; negative once it is too late."""
        return (self.closes - self.day).days

    @property
    def days_to_end(self) -> int:
        """Return how many days the stars last after this one; negative once they are gone."""
        return (self.until - self.day).days


_STAGES = {
    CertificateState.RENEWAL_WINDOW: Stage.OPEN,
    CertificateState.RENEWAL_LATE: Stage.MISSED,
    CertificateState.EXTENDED: Stage.EXTENDED,
    CertificateState.EXPIRED: Stage.LAPSED,
    CertificateState.REVOKED: Stage.REVOKED,
}


def renewal_of(certificate: Certificate, day: date) -> Renewal | None:
    """Return a certificate's way to renewal on a day.

    None for one that has been replaced or has not begun, and where nothing tells when it ends.
    """
    state, begins, ends = state_on(certificate, day), first_day(certificate), certificate.valid_until
    if state is None or state is CertificateState.SUPERSEDED or begins is None or ends is None:
        return None
    calm = Stage.FAR if day < add_months(ends, -max(NOTICES)) else Stage.NEAR
    return Renewal(
        stage=_STAGES.get(state, calm),
        day=day,
        begins=begins,
        opens=ends - RENEWAL_OPENS,
        closes=ends - RENEWAL_CLOSES,
        ends=ends,
        until=certificate.extended_until or ends,
        notice=None if state is CertificateState.REVOKED else notice_due(ends, day),
        sure=certificate.issued_on is not None,
    )


def notice_due(ends: date, day: date) -> int | None:
    """Return the most pressing notice due by a day, in months before the end, or None."""
    if day > ends:
        return None
    return next((months for months in NOTICES if day >= add_months(ends, -months)), None)


def next_round(day: date, rounds: Rounds = ROUNDS) -> tuple[date, date]:
    """Return the next round: the day before which files are proposed, and that of the decision.

    Decision 26/2026/QĐ-TTg, article 7: two rounds a year, a province's before 30 June and 30 December, the
    ministry's before 30 September and 30 March.
    """
    deadlines = [
        (date(year, *last), date(year, *decided))
        for year in (day.year, day.year + 1)
        for last, decided in rounds
    ]
    return next(one for one in deadlines if day < one[0])
