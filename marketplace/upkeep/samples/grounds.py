"""Where sample lots come from: a zone, a workshop and a warehouse of each producer, made up and marked."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.producers.models import Producer, QualityKind
from marketplace.traceability.zones.models import MaterialZone, Site, SiteKind
from marketplace.traceability.zones.placing import Place
from marketplace.traceability.zones.sites import SiteFacts, add_site
from marketplace.traceability.zones.zones import ZoneFacts, add_zone
from marketplace.upkeep.samples.drawing import lot as draw
from marketplace.upkeep.samples.example_numbers import example_gln

ADDRESS = "Thôn mẫu (địa chỉ mẫu)"


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a sample producer grows, works and stores."""

    zone: MaterialZone
    workshop: Site
    warehouse: Site


def lay_ground(session: Session, producer: Producer, product: Product, at: datetime) -> Grounds:
    """Record a zone, a workshop and a warehouse in the commune of a product."""
    assert product.commune_id is not None
    place = Place(commune_id=product.commune_id, address=ADDRESS)
    year = clock.local_date(at).year
    zone = ZoneFacts(
        name="Vùng nguyên liệu mẫu",
        crop=f"Nguyên liệu làm {product.name}"[:120],
        place=place,
        growing_area_code=f"VN-MAU-{product.id:04d}",
        area_ha=Decimal(10 + draw(product.slug, "area", 90)) / 10,
        standard=QualityKind.VIETGAP,
        certificate_number=f"VietGAP-MAU-{product.id:04d}",
        certificate_issuer="Tổ chức chứng nhận mẫu",
        valid_from=date(year - 1, 3, 1),
        valid_until=date(year + 1, 12, 31),
        sample=True,
    )
    workshop = SiteFacts(
        name="Xưởng mẫu", kind=SiteKind.WORKSHOP, place=place, gln=example_gln(product.id), sample=True
    )
    warehouse = SiteFacts(name="Kho mẫu", kind=SiteKind.WAREHOUSE, place=place, sample=True)
    return Grounds(
        add_zone(session, None, producer, zone, at),
        add_site(session, None, producer, workshop, at),
        add_site(session, None, producer, warehouse, at),
    )
