"""Inspections of producers in an officer's units: those open, those late, and one with all that it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.oversight.models import Finding, Inspection
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer

OPEN_SHOWN, CLOSED_SHOWN = 200, 50

_UNMENDED = sa.and_(Finding.inspection_id == Inspection.id, Finding.mended_on.is_(None))


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is inspected, and of which product where it is not of all."""

    producer: Producer
    product: Product | None

    @property
    def path(self) -> str:
        """Return the end of the address of the form for it."""
        return f"san-pham/{self.product.id}" if self.product else f"chu-the/{self.producer.id}"


def list_inspections(work: Session, reach: Reach, *, closed: bool) -> Sequence[Inspection]:
    """Return the inspections of the units, the open ones due first on top, the closed ones newest first."""
    if closed:
        order = (Inspection.inspected_on.desc(), Inspection.id.desc())
        wanted = _in_reach(reach).where(Inspection.closed_on.is_not(None)).order_by(*order)
    else:
        wanted = _in_reach(reach).where(Inspection.closed_on.is_(None))
        wanted = wanted.order_by(Inspection.answer_by, Inspection.id)
    shown = wanted.options(*_shown()).limit(CLOSED_SHOWN if closed else OPEN_SHOWN)
    return work.execute(shown).scalars().all()


def late_inspections(reach: Reach, day: date) -> sa.Select[Any]:
    """Return the open inspections whose findings were to be mended before a day and are not."""
    unmended = sa.exists().where(_UNMENDED)
    return _in_reach(reach).where(Inspection.closed_on.is_(None), Inspection.answer_by < day, unmended)


def list_late_inspections(work: Session, reach: Reach, day: date, most: int) -> Sequence[Inspection]:
    """Return the late inspections with their producers, those due first on top."""
    wanted = late_inspections(reach, day).order_by(Inspection.answer_by, Inspection.id).limit(most)
    return work.execute(wanted.options(joinedload(Inspection.producer))).scalars().all()


def inspection_in_reach(work: Session, actor: Actor, inspection_id: int) -> Inspection:
    """Return an inspection of the actor's units with all that its page shows; raises NotFound."""
    wanted = _in_reach(Reach.of(actor)).where(Inspection.id == inspection_id)
    shown = wanted.options(*_shown()).execution_options(populate_existing=True)
    inspection: Inspection | None = work.execute(shown).scalar_one_or_none()
    if inspection is None:
        raise NotFound
    return inspection


def last_phone(work: Session, actor: Actor) -> str:
    """Return the phone of the office that the actor gave last, "" for none yet."""
    given = sa.select(Inspection.phone).where(
        Inspection.recorded_by == actor.person_id, Inspection.phone.is_not(None)
    )
    return work.scalar(given.order_by(Inspection.id.desc()).limit(1)) or ""


def producer_subject(work: Session, actor: Actor, producer_id: int) -> Subject:
    """Return a producer of the actor's units to be inspected; raises NotFound."""
    wanted = sa.select(Producer).where(Producer.id == producer_id, Reach.of(actor).producers())
    producer = work.execute(wanted).scalar_one_or_none()
    if producer is None:
        raise NotFound
    return Subject(producer, None)


def product_subject(work: Session, actor: Actor, product_id: int) -> Subject:
    """Return a product of the actor's units, whose producer lies there too, to be inspected.

    Raises NotFound.
    """
    reach = Reach.of(actor)
    wanted = (
        sa.select(Product)
        .join(Product.producer)
        .where(Product.id == product_id, reach.products(), reach.producers())
        .options(joinedload(Product.producer))
    )
    product = work.execute(wanted).scalar_one_or_none()
    if product is None or product.producer is None:
        raise NotFound
    return Subject(product.producer, product)


def name_unit(work: Session, unit_id: int) -> str:
    """Return the name of the unit that inspected."""
    return work.get_one(AdminUnit, unit_id).full_name


def _in_reach(reach: Reach) -> sa.Select[Any]:
    return sa.select(Inspection).join(Inspection.producer).where(reach.producers())


def _shown() -> tuple[ORMOption, ...]:
    return (
        joinedload(Inspection.producer),
        joinedload(Inspection.product),
        selectinload(Inspection.findings),
    )
