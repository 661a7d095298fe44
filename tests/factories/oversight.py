"""Inspections and orders of authorities for tests."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.oversight.inspection_facts import FindingFacts, InspectionFacts
from marketplace.certification.oversight.inspections import record_inspection
from marketplace.certification.oversight.models import (
    AuthorityOrder,
    FindingTopic,
    Inspection,
    InspectionKind,
)
from marketplace.certification.oversight.order_facts import OrderFacts
from marketplace.certification.oversight.takedown import name_product, record_order
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member, an_actor

INSPECTED = date(2026, 11, 18)
ANSWER_BY = date(2026, 12, 5)
WORDS = "Biên bản 08/BB-SNNMT: kho gọn, sổ ghi đủ, nhãn còn thiếu ngày."
LABEL = FindingFacts(FindingTopic.INFORMATION, "Nhãn lô 12 thiếu hạn dùng.")
MARK = FindingFacts(FindingTopic.MARK_USE, "Bảng hiệu còn in 5 sao.")
NUMBER, AUTHORITY = "12/QLTT-NV", "Chi cục Quản lý thị trường Hà Tĩnh"
DEMAND = "Gỡ vì nghi dùng nhãn của người khác, chờ kết luận."


def an_officer(session: Session, unit_id: int, role: Role = Role.PROVINCE_OFFICER) -> Actor:
    """Write an officer of a unit and return them as an actor."""
    office = Scope(ScopeKind.ADMIN_UNIT, unit_id)
    return an_actor(a_member(session, office, role), (office, role))


def inspection_facts(*findings: FindingFacts, **changes: Any) -> InspectionFacts:
    """Return the facts of an inspection; the day to answer by is named where something was found."""
    facts = {
        "kind": InspectionKind.PERIODIC,
        "inspected_on": INSPECTED,
        "inspectors": "Sở Nông nghiệp và Môi trường",
        "words": WORDS,
        "answer_by": ANSWER_BY if findings else None,
        **changes,
    }
    return InspectionFacts(findings=findings, **facts)


def an_inspection(
    session: Session,
    actor: Actor,
    producer: Producer,
    *findings: FindingFacts,
    product: Product | None = None,
    **changes: Any,
) -> Inspection:
    """Record an inspection of a producer."""
    facts = inspection_facts(*findings, **changes)
    return record_inspection(session, actor, producer, product, facts, clock.now())


def an_order(
    session: Session,
    actor: Actor,
    unit_id: int,
    *product_ids: int,
    number: str = NUMBER,
    received_at: datetime | None = None,
) -> AuthorityOrder:
    """Record an order that came in an hour ago, with products on it."""
    at = clock.now()
    facts = OrderFacts(number, AUTHORITY, DEMAND, received_at or at - timedelta(hours=1))
    order = record_order(session, actor, unit_id, facts, at)
    for product_id in product_ids:
        name_product(session, actor, order.id, product_id, at)
    return order
