"""Lots of the stage: made as producers make them, so that their chains are whole and their pages answer."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.producers.models import Producer
from marketplace.traceability.codes.gln import read_gln
from marketplace.traceability.codes.models import LabelLevel, VoidReason
from marketplace.traceability.codes.serial_states import activate, void
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.models import BizStep, ErrorReason
from marketplace.traceability.events.recording import EventFacts
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.lots.models import Lot, Portal
from marketplace.traceability.lots.references import ReferenceFacts, add_reference
from marketplace.traceability.zones.chain import note_zone
from marketplace.upkeep.samples.example_numbers import example_gln
from tests.factories import lots

if TYPE_CHECKING:
    from tests.drills.stage import Tenant


def write_lots(session: Session, tenant: "Tenant", product: Product, variant_id: int) -> None:
    """Write lots of a product with zone, site, source lot, events, a correction, papers and a reference."""
    word = tenant.public
    producer = session.get_one(Producer, product.producer_id)
    where = {"commune_id": producer.commune_id, "province_id": producer.province_id}
    zone = lots.a_zone(session, producer, f"Vườn {word}", **where)
    note_zone(session, zone, clock.now(), tenant.people.get("owner"))
    site = lots.a_site(session, producer, f"Xưởng {word}", gln=read_gln(example_gln(tenant.number)), **where)
    facts = {"site_id": site.id, "variant_id": variant_id}
    lot = lots.a_lot(session, product, events=3, inputs=(lots.from_zone(zone),), **facts)
    source = lots.a_material_lot(session, producer, f"Cam tươi {word}", inputs=(lots.from_zone(zone),))
    mixed = lots.a_lot(session, product, inputs=(lots.from_lot(source),), **facts)
    lots.a_paper(session, mixed, title=f"Phiếu nháp {word}")
    paper = lots.a_paper(session, lot, title=f"Phiếu {word}")
    wrong = lots.an_event(session, lot, BizStep.INSPECTING, paper_id=paper.id, words=f"Ghi nhầm {word}")
    instead = EventFacts(biz_step=BizStep.INSPECTING, event_time=clock.now(), site_id=site.id)
    by = tenant.people.get("staff")
    declare_wrong(session, lot.id, wrong.event_id, ErrorReason.INCORRECT_DATA, clock.now(), by, instead)
    portal = ReferenceFacts(portal=Portal.OTHER, reference=f"{word}-1", url=f"https://{word}.example.vn/1")
    add_reference(session, None, producer, product.id, lot, portal, clock.now())
    _print_labels(session, lot)
    tenant.rows["lot"] = [(lot.id,)]
    tenant.slugs["lot"] = lot.code


def _print_labels(session: Session, lot: Lot) -> None:
    """Print three labels: one stays as printed, one is put to use, one is void."""
    order = LabelOrder(format="a4-24", level=LabelLevel.ITEM, count=3)
    make_labels(session, None, lot, order, clock.now())
    activate(session, lot.id, 2, 2, clock.now())
    void(session, lot.id, 3, 3, VoidReason.LOST, clock.now())
