"""Lots, their zones, sites and events, for tests."""

import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.media.documents import examine
from marketplace.producers.models import Producer
from marketplace.traceability.codes.models import LabelBatch, LabelLevel, SerialCode, SerialState, VoidReason
from marketplace.traceability.events.making import LotFacts, make_lot
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.lots.inputs import InputFacts
from marketplace.traceability.lots.models import Lot, LotPaper, MeasureUnit, PaperKind
from marketplace.traceability.lots.papers import PaperFacts, add_paper
from marketplace.traceability.zones.models import MaterialZone, Site, SiteKind
from tests.factories.catalogue import a_product
from tests.factories.producers import a_producer

MADE_ON = date(2026, 11, 14)
USE_BY = date(2027, 5, 14)
STEPS = (BizStep.PACKING, BizStep.STORING, BizStep.SHIPPING, BizStep.TRANSPORTING, BizStep.RECEIVING)
_numbers = count(1)


def a_zone(session: Session, producer: Producer, name: str | None = None, **changes: Any) -> MaterialZone:
    """Write a zone of a producer, without asking where it lies."""
    facts = {"crop": "cam", "area_ha": Decimal("2.5"), "printed_province": "Hà Tĩnh", **changes}
    zone = MaterialZone(producer_id=producer.id, name=name or f"Vườn {next(_numbers)}", **facts)
    session.add(zone)
    session.flush()
    return zone


def a_site(session: Session, producer: Producer, name: str | None = None, **changes: Any) -> Site:
    """Write a workshop of a producer."""
    facts = {"kind": SiteKind.WORKSHOP, "printed_province": "Hà Tĩnh", **changes}
    site = Site(producer_id=producer.id, name=name or f"Xưởng {next(_numbers)}", **facts)
    session.add(site)
    session.flush()
    return site


def from_zone(zone: MaterialZone, quantity: int | str = 100, **changes: Any) -> InputFacts:
    """Describe kilograms of material from a zone."""
    facts = {"material": zone.crop, "uom": MeasureUnit.KILOGRAM, **changes}
    return InputFacts(zone_id=zone.id, quantity=Decimal(quantity), **facts)


def from_lot(lot: Lot, quantity: int | str = 50, **changes: Any) -> InputFacts:
    """Describe kilograms of material from another lot."""
    facts = {"material": lot.name or "hàng của lô khác", "uom": MeasureUnit.KILOGRAM, **changes}
    return InputFacts(source_lot_id=lot.id, quantity=Decimal(quantity), **facts)


def bought(seller: str = "Chợ đầu mối", quantity: int | str = 100, **changes: Any) -> InputFacts:
    """Describe kilograms of material bought in."""
    facts = {"material": "đường mía", "uom": MeasureUnit.KILOGRAM, **changes}
    return InputFacts(bought_from=seller, quantity=Decimal(quantity), **facts)


def a_lot(session: Session, product: Product | None = None, *, events: int = 1, **changes: Any) -> Lot:
    """Make a lot of 48 packs with so many events; of a product of a new producer unless one is given."""
    if product is None:
        product = a_product(session, producer=a_producer(session, f"HTX Lô {next(_numbers)}"))
    producer = session.get_one(Producer, product.producer_id)
    facts = {"made_on": MADE_ON, "use_by": USE_BY, "quantity": Decimal(48), **changes}
    lot = make_lot(session, None, producer, LotFacts(product_id=product.id, **facts), clock.now())
    for number in range(1, events):
        an_event(session, lot, STEPS[(number - 1) % len(STEPS)], hours=number)
    return lot


def a_material_lot(session: Session, producer: Producer, name: str = "Cam tươi", **changes: Any) -> Lot:
    """Make a lot of 200 kg of material."""
    facts = {"made_on": MADE_ON, "quantity": Decimal(200), "uom": MeasureUnit.KILOGRAM, **changes}
    return make_lot(session, None, producer, LotFacts(name=name, **facts), clock.now())


def an_event(
    session: Session, lot: Lot, biz_step: BizStep = BizStep.STORING, *, hours: int = 1, **changes: Any
) -> TraceEvent:
    """Record an event so many hours after the day a lot was made began."""
    happened = clock.start_of(lot.made_on) + timedelta(hours=hours)
    facts = EventFacts(biz_step=biz_step, event_time=min(happened, clock.now()), **changes)
    return record_event(session, lot.id, facts, clock.now(), None)


def serials(
    session: Session, lot: Lot, number: int = 3, state: SerialState = SerialState.ACTIVE
) -> list[SerialCode]:
    """Write labels with serial codes of their own, unsigned, without minting them."""
    used = session.scalar(sa.select(sa.func.max(SerialCode.number)).where(SerialCode.lot_id == lot.id)) or 0
    batch = LabelBatch(
        lot_id=lot.id,
        level=LabelLevel.ITEM,
        format="a4-24",
        first_number=used + 1,
        count=number,
        made_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    lot.printed_at = lot.printed_at or clock.now()
    known: dict[str, Any] = {}
    if state is SerialState.ACTIVE:
        known = {"activated_at": clock.now()}
    elif state is SerialState.VOID:
        known = {"voided_at": clock.now(), "void_reason": VoidReason.SPOILT}
    codes = [
        SerialCode(
            serial=f"S{lot.id:06d}{used + n:06d}",
            lot_id=lot.id,
            batch_id=batch.id,
            number=used + n,
            state=state,
            **known,
        )
        for n in range(1, number + 1)
    ]
    session.add_all(codes)
    session.flush()
    return codes


def a_paper(session: Session, lot: Lot, **changes: Any) -> LotPaper:
    """Put a sound laboratory report to a lot, as a PDF of its own."""
    facts = {
        "kind": PaperKind.LAB_REPORT,
        "title": "Phiếu kiểm nghiệm dư lượng",
        "issuer": "Trung tâm Kiểm nghiệm Hà Tĩnh",
        "issued_on": MADE_ON,
        "passed": True,
        **changes,
    }
    producer = session.get_one(Producer, lot.producer_id)
    file = examine(a_pdf(f"Phiếu số {next(_numbers)}"), "phieu.pdf")
    return add_paper(session, None, producer, lot, PaperFacts(**facts), file, clock.now())


def a_pdf(words: str = "Phiếu kiểm nghiệm") -> bytes:
    """Return a PDF of one page with words on it."""
    file = io.BytesIO()
    sheet = Canvas(file)
    sheet.setTitle(words)
    sheet.drawString(72, 720, "1")
    sheet.save()
    return file.getvalue()
