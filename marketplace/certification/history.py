"""A product's recognitions in their order, and what it was on any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.certification.models import Certificate, CertificateState
from marketplace.certification.validity import first_day, last_day_shown, state_on

ONE_DAY = timedelta(days=1)


class Turn(StrEnum):
    """What can happen to a product's recognition."""

    RECOGNISED = "recognised"
    AGAIN = "again"
    RAISED = "raised"
    LOWERED = "lowered"
    LAPSED = "lapsed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Event:
    """A turn in a product's history; `on` is None where only the certificate's year is known, or nothing.

    `before` is the certificate that stood before, `gap` the days without a living one that follow.
    """

    turn: Turn
    certificate: Certificate
    on: date | None
    before: Certificate | None = None
    gap: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a product was on a day: its deciding certificate, its state, and the stars it showed.

    `sure` is false in the year of a certificate whose day of issue no source tells.
    """

    certificate: Certificate | None
    state: CertificateState | None
    sure: bool = True

    @property
    def stars(self) -> int | None:
        """Return the stars shown that day."""
        alive = self.certificate is not None and self.state is not None and self.state.alive
        return self.certificate.stars if self.certificate is not None and alive else None


def in_order(certificates: Sequence[Certificate]) -> list[Certificate]:
    """Return the dated certificates, oldest first."""
    dated = [(begins, one.id, one) for one in certificates if (begins := first_day(one)) is not None]
    return [one for *_, one in sorted(dated, key=lambda row: row[:2])]


def standing_on(certificates: Sequence[Certificate], day: date) -> Standing:
    """Return what a product was on a day: the latest recognition begun by then decides.

    A certificate without any date decides only where there is no dated one, and as undated.
    """
    dated = in_order(certificates)
    begun = [one for one in dated if (first_day(one) or date.max) <= day]
    if begun:
        latest = begun[-1]
        return Standing(
            latest, state_on(latest, day), sure=latest.issued_on is not None or latest.year != day.year
        )
    if not dated and certificates:
        latest = max(certificates, key=lambda one: one.id)
        return Standing(latest, state_on(latest, day))
    return Standing(None, None)


def history_of(certificates: Sequence[Certificate], day: date) -> list[Event]:
    """Return what had happened to a product by a day, newest first; undated recognitions come last."""
    dated = in_order(certificates)
    events: list[Event] = []
    for before, one, after in zip([None, *dated], dated, [*dated[1:], None], strict=False):
        events.append(Event(_turn(before, one), one, one.issued_on, before))
        events.extend(_endings(one, after, day))
    undated = [Event(Turn.RECOGNISED, one, None) for one in certificates if one not in dated]
    return [*reversed(events), *undated]


def _turn(before: Certificate | None, one: Certificate) -> Turn:
    if before is None:
        return Turn.RECOGNISED
    if before.stars is None or one.stars is None or before.stars == one.stars:
        return Turn.AGAIN
    return Turn.RAISED if one.stars > before.stars else Turn.LOWERED


def _endings(one: Certificate, after: Certificate | None, day: date) -> list[Event]:
    """Return how a certificate ended before its successor came, if it did."""
    until = first_day(after) if after else None
    if one.revoked_on is not None:
        return [Event(Turn.REVOKED, one, one.revoked_on)] if one.revoked_on <= day else []
    end = last_day_shown(one)
    if end is None or end >= day or (until is not None and until <= end + ONE_DAY):
        return []
    return [Event(Turn.LAPSED, one, end + ONE_DAY, gap=(until - end - ONE_DAY).days if until else None)]
