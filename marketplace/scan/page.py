"""The trace page, gathered: three statements more for a lot than for a product, whatever its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.history import Standing, standing_on
from marketplace.scan.finding import Scanned, find_scanned, list_recalls_of
from marketplace.scan.timeline import Step, steps_of
from marketplace.scan.verdict import Tone, Verdict, give_verdicts
from marketplace.scan.words import ANSWERS, Words
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import MovedCode
from marketplace.traceability.events.history import History, load_history
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.lots.queries import find_lot_however_typed, list_newest_lots
from marketplace.traceability.recalls.models import Recall, RecallScope
from marketplace.web.filters import write_date
from marketplace.web.scan_words import explain_alert
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext

SAMPLE_PREFIX = "952"
LOTS_TO_CHOOSE = 6
SUSPICIOUS = frozenset(
    {
        Verdict.FORGED,
        Verdict.VOID,
        Verdict.EDITED,
        Verdict.TOO_OFTEN,
        Verdict.NOT_ACTIVE,
        Verdict.LOT_NOT_OURS,
        Verdict.SERIAL_UNKNOWN,
        Verdict.SOLD_OUT,
    }
)
"""Answers after which reporting a fake is the one thing to do."""


@dataclass(frozen=True, slots=True)
class TracePage:
    """A code with all that its page shows on a day; `verdicts` are all that hold, the gravest first.

    `lots` are some of the product's to choose from, for a code that names none on record. `recalls` are those
    in force that touch what the code names, the office's first, then the newest; `lot_recalls` are those of
    single lots, for a code that names none of them.
    """

    scanned: Scanned
    verdicts: list[Verdict]
    standing: Standing
    history: History | None
    day: date
    lots: Sequence[Lot] = ()
    recalls: Sequence[Recall] = ()
    lot_recalls: Sequence[Recall] = ()

    @property
    def code(self) -> TraceCode:
        """Return the code that was scanned."""
        return self.scanned.code

    @property
    def product(self) -> Product:
        """Return the product that it is of."""
        return self.scanned.product

    @property
    def lot(self) -> Lot | None:
        """Return the lot that it is of, if that is on record."""
        return self.scanned.lot

    @property
    def lot_path(self) -> str:
        """Return the path of its lot, which is what chain, map and whereabouts lie under."""
        code = self.code
        named = TraceCode(gtin=code.gtin, token=code.token, lot=self.lot.code if self.lot else code.lot)
        return named.path

    @property
    def lot_choices(self) -> list[tuple[Lot, str, str]]:
        """Return the lots to choose from, each with the path of its code and the notice of its recall."""
        code = self.code
        notices = {one.lot_id: f"/thu-hoi/{one.code}" for one in self.lot_recalls}
        return [
            (
                lot,
                TraceCode(gtin=code.gtin, token=code.token, lot=lot.code).path,
                notices.get(lot.id, "/thu-hoi") if lot.recalled_at else "",
            )
            for lot in self.lots
        ]

    @property
    def verdict(self) -> Verdict:
        """Return the answer."""
        return self.verdicts[0]

    @property
    def tone(self) -> Tone:
        """Return how the page opens."""
        return self.verdict.tone

    @property
    def suspicious(self) -> bool:
        """Whether reporting a fake is the one thing to do."""
        return self.verdict in SUSPICIOUS

    @property
    def on_view(self) -> bool:
        """Whether the product has a page of its own."""
        return self.product.publication is Publication.PUBLISHED

    @property
    def can_buy(self) -> bool:
        """Whether it is to be bought again here."""
        return self.verdict.good and self.product.offered and self.on_view

    @property
    def sample_code(self) -> bool:
        """Whether the GTIN is one of GS1's examples."""
        return (self.code.gtin or "").lstrip("0").startswith(SAMPLE_PREFIX)

    @property
    def number(self) -> str:
        """Return the number of the label, as it is printed on it."""
        return f"{self.scanned.serial.number:04d}" if self.scanned.serial else ""

    @property
    def answer(self) -> Words:
        """Return heading, sentence and icon of the answer, facts not yet filled in."""
        return ANSWERS[self.verdict]

    @property
    def sentence(self) -> Markup:
        """Return the sentence under the heading."""
        return self.sentence_of(self.verdict)

    @property
    def besides(self) -> list[tuple[Words, Markup]]:
        """Return the other warnings that hold, with their sentences."""
        return [(ANSWERS[one], self.sentence_of(one)) for one in self.verdicts[1:]]

    @property
    def steps(self) -> list[Step]:
        """Return what the lot went through."""
        return steps_of(self.history.living_events) if self.history else []

    @property
    def story(self) -> str:
        """Return the story of the product on one line, nothing where nobody told one."""
        listing = self.product.listing
        told = (listing.description if listing else None) or self.product.story or ""
        return " ".join(told.split())

    @property
    def standing_then(self) -> Standing | None:
        """Return what the product was on the day of packing."""
        return standing_on(self.scanned.certificates, self.lot.made_on) if self.lot else None

    def sentence_of(self, verdict: Verdict) -> Markup:
        """Return the sentence of an answer with the facts that compare."""
        text = Markup.escape(str(ANSWERS[verdict].sentence))
        return text % self._facts if "%" in text else text

    @property
    def _facts(self) -> Mapping[str, str | Markup]:
        lot, alert = self.lot, self.scanned.alert
        return {
            "use_by": write_date(lot.use_by if lot else self.scanned.use_by_asked),
            "gone": write_date(lot.gone_at if lot else None),
            "lot": Markup("<b>%s</b>") % (lot.code if lot else ""),
            "number": Markup("<b>%s</b>") % self.number,
            "seen": self.seen,
            "alert": explain_alert(alert) if alert else "",
        }

    @property
    def seen(self) -> str:
        """Return in words how often the code was opened before."""
        serial = self.scanned.serial
        if serial is None or serial.first_seen_at is None or not serial.seen:
            return _("Chưa điện thoại nào mở mã này trước bạn.")
        return ngettext(
            "Mã đã được mở %(num)s lần, lần đầu %(day)s.",
            "Mã đã được mở %(num)s lần, lần đầu %(day)s.",
            serial.seen,
            day=write_date(serial.first_seen_at),
        )


def gather(
    session: Session, code: TraceCode, at: datetime, use_by_asked: date | None = None
) -> TracePage | None:
    """Gather what the page of a code shows at an instant; None for a product that nobody knows.

    Raises MovedCode for a lot in other letters, capital or small, than those it is printed in.
    """
    day = clock.local_date(at)
    scanned = find_scanned(session, code, day, use_by_asked)
    if scanned is None:
        return None
    _lead_to_lot(session, scanned)
    recalls = list_recalls_of(session, scanned)
    told = [one for one in recalls if scanned.lot is not None or one.scope is not RecallScope.LOT]
    return TracePage(
        scanned=scanned,
        verdicts=give_verdicts(scanned.findings(day)),
        standing=standing_on(scanned.certificates, day),
        history=load_history(session, scanned.lot.id) if scanned.lot else None,
        day=day,
        lots=_lots_to_choose(session, scanned),
        recalls=told,
        lot_recalls=[one for one in recalls if one not in told],
    )


def _lead_to_lot(session: Session, scanned: Scanned) -> None:
    asked = scanned.code.lot
    if asked is None or scanned.lot is not None or not scanned.keeps_lots:
        return
    lot = find_lot_however_typed(session, scanned.product.id, asked)
    if lot is not None:
        raise MovedCode(path=replace(scanned.code, lot=lot.code).path)


def _lots_to_choose(session: Session, scanned: Scanned) -> Sequence[Lot]:
    if scanned.lot is not None or not scanned.keeps_lots:
        return ()
    return list_newest_lots(session, scanned.product.id, LOTS_TO_CHOOSE)
