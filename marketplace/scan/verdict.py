"""What a scan proves: one answer, in words that claim no more than is known.

A copied code opens the same page, so no answer ever says that goods are genuine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.catalogue.models import Publication
from marketplace.certification.history import Standing
from marketplace.certification.models import CertificateState
from marketplace.traceability.codes.models import SerialState


class Tone(StrEnum):
    """How a page opens: in green, in brown, or in red for what must not be eaten or trusted."""

    GOOD = "good"
    WARN = "warn"
    STOP = "stop"


class Verdict(StrEnum):
    """The answers there are, the gravest first: four that open in red lead, three good ones end the list."""

    RECALLED = "recalled"
    FORGED = "forged"
    VOID = "void"
    PAST_USE = "past_use"
    EDITED = "edited"
    TOO_OFTEN = "too_often"
    NOT_ACTIVE = "not_active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    LAPSED = "lapsed"
    UNDATED = "undated"
    UNCERTIFIED = "uncertified"
    LOT_NOT_OURS = "lot_not_ours"
    LOT_UNKNOWN = "lot_unknown"
    SERIAL_UNKNOWN = "serial_unknown"
    SOLD_OUT = "sold_out"
    SERIAL_GOOD = "serial_good"
    LOT_GOOD = "lot_good"
    GOOD = "good"

    @property
    def tone(self) -> Tone:
        """How the page opens."""
        if self in GOOD_NEWS:
            return Tone.GOOD
        return Tone.STOP if self in STOPS else Tone.WARN

    @property
    def good(self) -> bool:
        """Whether the page opens in green."""
        return self in GOOD_NEWS


GOOD_NEWS = frozenset({Verdict.SERIAL_GOOD, Verdict.LOT_GOOD, Verdict.GOOD})
STOPS = frozenset({Verdict.RECALLED, Verdict.FORGED, Verdict.VOID, Verdict.PAST_USE})


class SerialStanding(StrEnum):
    """What is known of a serial: its state when it is of this lot, else why it is not."""

    PRINTED = SerialState.PRINTED.value
    ACTIVE = SerialState.ACTIVE.value
    VOID = SerialState.VOID.value
    OF_ANOTHER = "of_another"
    SIGNED = "signed"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that an answer rests on.

    `lot_asked` and `use_by_asked` are what the code says, `lot_known` and `use_by` what is on record: where
    nothing is, the code is taken at its word that goods are too old. `keeps_lots` is whether any lot of the
    product is. `serial` is None for a code without one.
    """

    publication: Publication
    standing: Standing
    day: date
    lot_asked: bool = False
    lot_known: bool = False
    keeps_lots: bool = False
    use_by: date | None = None
    use_by_asked: date | None = None
    serial: SerialStanding | None = None
    recalled: bool = False
    scanned_too_often: bool = False
    sold_out: bool = False


def give_verdicts(found: Findings) -> list[Verdict]:
    """Return every answer that holds, the gravest first; there is always one."""
    held = {*_of_lot(found), *_of_serial(found), *_of_product(found)}
    return [one for one in Verdict if one in held] or [_good(found)]


def _of_lot(found: Findings) -> Iterator[Verdict]:
    if found.recalled:
        yield Verdict.RECALLED
    if found.lot_known:
        if found.use_by is not None and found.use_by < found.day:
            yield Verdict.PAST_USE
        if found.use_by_asked is not None and found.use_by_asked != found.use_by:
            yield Verdict.EDITED
        if found.sold_out:
            yield Verdict.SOLD_OUT
        return
    if found.use_by_asked is not None and found.use_by_asked < found.day:
        yield Verdict.PAST_USE
    if found.lot_asked:
        yield Verdict.LOT_NOT_OURS if found.keeps_lots else Verdict.LOT_UNKNOWN


def _of_serial(found: Findings) -> Iterator[Verdict]:
    """A product that keeps no lots here may carry serials of its maker's own, which prove nothing."""
    serial = found.serial
    if serial is SerialStanding.OF_ANOTHER:
        yield Verdict.FORGED
    elif serial is SerialStanding.UNSIGNED:
        yield Verdict.FORGED if found.keeps_lots else Verdict.LOT_UNKNOWN
    elif serial is SerialStanding.SIGNED:
        yield Verdict.SERIAL_UNKNOWN
    elif serial is SerialStanding.VOID:
        yield Verdict.VOID
    elif serial is SerialStanding.PRINTED:
        yield Verdict.NOT_ACTIVE
    if found.scanned_too_often:
        yield Verdict.TOO_OFTEN


def _of_product(found: Findings) -> Iterator[Verdict]:
    if found.publication is Publication.SUSPENDED:
        yield Verdict.SUSPENDED
    if found.publication is Publication.WITHDRAWN:
        yield Verdict.WITHDRAWN
    state = found.standing.state
    if state is None:
        yield Verdict.UNCERTIFIED
    elif not state.alive:
        yield OF_CERTIFICATE.get(state, Verdict.LAPSED)


OF_CERTIFICATE = {
    CertificateState.REVOKED: Verdict.REVOKED,
    CertificateState.UNDATED: Verdict.UNDATED,
}


def _good(found: Findings) -> Verdict:
    if found.serial is not None:
        return Verdict.SERIAL_GOOD
    return Verdict.LOT_GOOD if found.lot_known else Verdict.GOOD
