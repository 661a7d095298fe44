"""Sample lots of a dozen products: zones, sites, events and labels to try the trace pages with."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.catalogue.models import Product, ProductSet, Variant, certified
from marketplace.certification.history import standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.media.documents import examine
from marketplace.ordering.lots import shelve
from marketplace.producers.models import Producer
from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.codes.serial_states import activate_batch
from marketplace.traceability.events.making import LotFacts, make_lot
from marketplace.traceability.events.models import BizStep, Disposition
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.lots.inputs import InputFacts
from marketplace.traceability.lots.models import Lot, MeasureUnit, PaperKind
from marketplace.traceability.lots.papers import PaperFacts, add_paper
from marketplace.traceability.recalls.new_lots import is_new_lot_recalled
from marketplace.upkeep.samples.drawing import lot as draw
from marketplace.upkeep.samples.grounds import Grounds, lay_ground
from marketplace.upkeep.samples.lot_stories import FOOD_SETS, days_of_use, story_of
from marketplace.upkeep.samples.paper import sample_pdf

PRODUCTS = 12
LAPSED_AMONG_THEM = 3
PAST_USE = 5
"""Days since the last day of use of one lot, so that this can be seen too."""
LABELS = 24
LABEL_FORMAT = "a4-24"
SHOP = "Điểm giới thiệu sản phẩm (mẫu)"


def make_sample_lots(session: Session, at: datetime) -> int:
    """Make lots for a dozen products that are sold, most of them certified; return how many lots.

    Where there are sample lots already, nothing is made.
    """
    if session.scalar(sa.select(sa.exists().where(Lot.sample))):
        return 0
    today = clock.local_date(at)
    lots: list[Lot] = []
    for place, product in enumerate(_choose(session, today)):
        producer = session.get_one(Producer, product.producer_id)
        own = lay_ground(session, producer, product, at)
        ages = [4 + draw(product.slug, "lot", 6)]
        if place == 0:
            ages.insert(0, PAST_USE + days_of_use(_set_of(product)))
        for age in ages:
            lots.append(_make(session, producer, product, own, today - timedelta(days=age), at))
        order = LabelOrder(format=LABEL_FORMAT, level=LabelLevel.ITEM, count=LABELS)
        if place % 2:
            activate_batch(session, make_labels(session, None, lots[-1], order, at).batch, at)
        else:
            _examine(session, producer, lots[-1], at)
    return len(lots)


def _choose(session: Session, today: date) -> list[Product]:
    """Return a dozen products to eat whose commune is known, of as many producers, the same each time."""
    sold = sa.exists().where(Variant.product_id == Product.id, Variant.active)
    wanted = (
        sa.select(Product, certified(today))
        .join(Product.set)
        .where(
            sold,
            Product.fictitious.is_(False),
            Product.commune_id.is_not(None),
            Product.producer_id.is_not(None),
            ProductSet.number.in_(FOOD_SETS),
        )
        .options(joinedload(Product.set), joinedload(Product.variants))
    )
    drawn = sorted(session.execute(wanted).unique(), key=lambda row: draw(row[0].slug, "trace", 10**9))
    one_each = list({product.producer_id: (product, living) for product, living in drawn}.values())
    living = [product for product, alive in one_each if alive]
    lapsed = [product for product, alive in one_each if not alive]
    return [*living[: PRODUCTS - LAPSED_AMONG_THEM], *lapsed][:PRODUCTS]


def _make(
    session: Session, producer: Producer, product: Product, own: Grounds, day: date, at: datetime
) -> Lot:
    quantity = Decimal(24 + 12 * draw(product.slug, "packs", 4))
    used = InputFacts(
        material=own.zone.crop,
        zone_id=own.zone.id,
        harvested_on=day - timedelta(days=1),
        quantity=quantity * 2,
        uom=MeasureUnit.KILOGRAM,
    )
    facts = LotFacts(
        product_id=product.id,
        variant_id=next(one.id for one in product.variants if one.active),
        made_on=day,
        use_by=day + timedelta(days=days_of_use(_set_of(product))),
        quantity=quantity,
        certificate_code=_certificate_of(product, day),
        site_id=own.workshop.id,
        inputs=(used,),
        sample=True,
        recalled=is_new_lot_recalled(session, producer.id, product.id),
    )
    made = make_lot(session, None, producer, facts, at)
    _tell(session, made, own, _set_of(product), at)
    if not made.is_past_use(clock.local_date(at)):
        shelve(session, made, at, add_to_stock=False)
    return made


def _examine(session: Session, producer: Producer, made: Lot, at: datetime) -> None:
    """Put a laboratory's report to a lot, with the event of the day it was written."""
    facts = PaperFacts(
        kind=PaperKind.LAB_REPORT,
        title="Phiếu kiểm nghiệm mẫu",
        issuer="Phòng kiểm nghiệm mẫu",
        issued_on=made.made_on,
        number=f"MAU-{made.id:04d}",
        passed=True,
        words="Số liệu mẫu, không có giá trị",
    )
    paper = add_paper(
        session, None, producer, made, facts, examine(sample_pdf(made.code), "phieu-mau.pdf"), at
    )
    told = EventFacts(
        biz_step=BizStep.INSPECTING,
        disposition=Disposition.CONFORMANT,
        event_time=clock.start_of(made.made_on) + timedelta(hours=15),
        words="Có phiếu kiểm nghiệm (mẫu)",
        place_words="Phòng kiểm nghiệm mẫu",
        paper_id=paper.id,
    )
    record_event(session, made.id, told, at, None)


def _set_of(product: Product) -> int:
    return product.set.number if product.set else 0


def _tell(session: Session, made: Lot, own: Grounds, set_number: int, at: datetime) -> None:
    """Record what a lot went through, as far as the time has come."""
    places: dict[str, dict[str, Any]] = {
        "zone": {"zone_id": own.zone.id},
        "workshop": {"site_id": own.workshop.id},
        "warehouse": {"site_id": own.warehouse.id},
        "shop": {"place_words": SHOP},
    }
    for chapter in story_of(set_number):
        happened = clock.start_of(made.made_on) + timedelta(hours=chapter.hours)
        if happened > at:
            break
        facts = EventFacts(
            biz_step=chapter.step,
            disposition=chapter.leads_to,
            event_time=happened,
            words=chapter.words,
            **places[chapter.place],
        )
        record_event(session, made.id, facts, at, None)


def _certificate_of(product: Product, day: date) -> str | None:
    """Return the code of the certificate that a product had on a day."""
    standing = standing_on(list_certificates_of(product.id), day)
    if standing.certificate is None or standing.state is None or not standing.state.alive:
        return None
    return standing.certificate.code
