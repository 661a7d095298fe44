"""Two provinces with their officers, and a producer whose things wait for an answer, for tests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.identity import read_identity
from marketplace.accounts.models import Person
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import open_change_request
from marketplace.catalogue.listings import submit_listing
from marketplace.catalogue.models import Product
from marketplace.catalogue.report_models import ReportKind
from marketplace.catalogue.reports import Told, open_report
from marketplace.producers.models import Producer
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.listings import a_listing, the_owner
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer


@dataclass
class Desk:
    """People by what they are, and rows by their ids; `elsewhere` is another province."""

    province: int
    commune: int
    elsewhere: int
    officer: Person
    second: Person
    commune_officer: Person
    stranger: Person
    administrator: Person
    owner: Person
    producer: int
    waiting: int
    change: int
    report: int
    about_producer: int
    other_product: int
    uncertified: int


def a_desk(session: Session) -> Desk:
    """Write a province whose desk has one listing, one change request and two reports to answer."""
    province, elsewhere = make_province(session), make_province(session, "Quảng Trị")
    commune = make_commune(session, "Hương Đô", province)
    other_commune = make_commune(session, "Hải Lăng", elsewhere)
    place: dict[str, Any] = {"province_id": province.id, "commune_id": commune.id}
    producer = a_producer(session, **place)
    waiting, changing, plain = (
        _certified(session, name, producer) for name in ("Cam Khe Mây", "Bưởi Phúc Trạch", "Mật ong rừng")
    )
    uncertified = a_product(session, "Kẹo cu đơ", producer=producer, location=place)
    listing = a_listing(session, waiting)
    submit_listing(session, listing, actor=the_owner(producer), at=clock.now())
    return Desk(
        province=province.id,
        commune=commune.id,
        elsewhere=elsewhere.id,
        officer=_officer(session, province.id, Role.PROVINCE_OFFICER),
        second=_officer(session, province.id, Role.PROVINCE_OFFICER),
        commune_officer=_officer(session, commune.id, Role.COMMUNE_OFFICER),
        stranger=_officer(
            session,
            other_commune.id,
            Role.COMMUNE_OFFICER,
            _officer(session, elsewhere.id, Role.PROVINCE_OFFICER),
        ),
        administrator=accounts.a_member(session, SITE, Role.ADMINISTRATOR),
        owner=accounts.an_owner(session, producer.id),
        producer=producer.id,
        waiting=waiting.id,
        change=a_change(session, changing, producer),
        report=a_report(session, plain),
        about_producer=a_report(session, producer, ReportKind.WRONG),
        other_product=plain.id,
        uncertified=uncertified.id,
    )


def _certified(session: Session, name: str, producer: Producer) -> Product:
    place = {"province_id": producer.province_id, "commune_id": producer.commune_id}
    product = a_product(session, name, producer=producer, location=place)
    a_certificate(session, product, 4)
    return product


def _officer(session: Session, unit: int, role: Role, person: Person | None = None) -> Person:
    return accounts.a_member(session, Scope(ScopeKind.ADMIN_UNIT, unit), role, person)


def a_change(session: Session, product: Product, producer: Producer) -> int:
    """Ask for another name and other ingredients, and return the id of the request."""
    wanted = {ChangeField.NAME: f"{product.name} loại một", ChangeField.INGREDIENTS: "Bưởi tươi 100 %"}
    owner, at = the_owner(producer), clock.now()
    return open_change_request(session, product, wanted, reason="In lại nhãn", actor=owner, at=at).id


def a_report(
    session: Session,
    about: Product | Producer,
    kind: ReportKind = ReportKind.FAKE,
    contact: str | None = "0987654321",
) -> int:
    """Report something, and return the id of the report."""
    identity = read_identity(contact) if contact else None
    told = Told(kind=kind, words="Tem trên gói này mờ và mã không mở được.", contact=identity)
    return open_report(session, about, told, clock.now()).id
