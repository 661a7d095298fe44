"""A small register with an index, for tests of searching."""

from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.producers.matching import name_key
from marketplace.producers.models import Producer
from marketplace.text import slugify
from tests.factories.catalogue import a_product
from tests.factories.places import make_commune, make_province

NAMES = (
    "Kẹo lạc Sửu Hà",
    "Kẹo đậu phộng Tân Mỹ",
    "Dừa sáp Hòa Tân",
    "Mứt dứa Đồng Dao",
    "Dưa lưới An Xuân",
    "Đũa móc Thuận Ái",
    "Nước mắm Lạch Kèn",
    "Sen sấy Wasabi",
)


def a_producer_named(session: Session, name: str) -> Producer:
    """Add a producer; its key is the name without diacritics."""
    producer = Producer(name=name, name_key=name_key(name), slug=slugify(name))
    session.add(producer)
    session.flush()
    return producer


def a_small_register(session: Session) -> dict[str, Product]:
    """Register eight products of one cooperative in a commune of Hà Tĩnh, by name."""
    province = make_province(session)
    commune = make_commune(session, "Cẩm Vịnh", province)
    producer = a_producer_named(session, "HTX Nông nghiệp Trúc Phượng")
    location = {"origin_id": commune.id, "commune_id": commune.id, "province_id": province.id}
    return {name: a_product(session, name, producer=producer, location=location) for name in NAMES}
