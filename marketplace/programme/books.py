"""The books of a plan: facts written down by its office, each with its source, and struck out again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.errors import NotFound
from marketplace.programme.asset_models import (
    CapacitySupport,
    CraftVillage,
    CraftVillageProduct,
    FlagshipProduct,
    IPRight,
    ProducerYearStat,
    VillageRelation,
)
from marketplace.programme.errors import AlreadyRecorded
from marketplace.programme.fact_models import (
    ChannelPresence,
    Recorded,
    TradeEvent,
    TradeEventParticipant,
    TrainingAttendance,
    TrainingSession,
)
from marketplace.programme.models import Programme
from marketplace.sales_points.actions import tell_level
from marketplace.sales_points.models import PointLevel, SalesPoint

MOST_LISTED = 200
"""Entries of a book that its page lists."""


class Book(StrEnum):
    """The books by the name that addresses call them."""

    TRAININGS = "tap-huan"
    EVENTS = "xuc-tien"
    CHANNELS = "kenh-ban"
    VILLAGES = "lang-nghe"
    RIGHTS = "so-huu-tri-tue"
    STATISTICS = "so-lieu-nam"
    SUPPORT = "ho-tro"
    FLAGSHIPS = "chu-luc"


FACTS: dict[Book, type[Any]] = {
    Book.TRAININGS: TrainingSession,
    Book.EVENTS: TradeEvent,
    Book.CHANNELS: ChannelPresence,
    Book.VILLAGES: CraftVillage,
    Book.RIGHTS: IPRight,
    Book.STATISTICS: ProducerYearStat,
    Book.SUPPORT: CapacitySupport,
    Book.FLAGSHIPS: FlagshipProduct,
}
_CHILDREN: dict[type[Any], Sequence[Any]] = {
    TrainingSession: (TrainingAttendance.session_id,),
    TradeEvent: (TradeEventParticipant.event_id,),
    CraftVillage: (CraftVillageProduct.village_id,),
}
_ONCE: dict[type[Any], Sequence[str]] = {
    ProducerYearStat: ("producer_id", "year"),
    CraftVillage: ("unit_id", "name"),
    FlagshipProduct: ("product_id",),
}
_SHOWN: dict[Book, Sequence[ORMOption]] = {
    Book.CHANNELS: (joinedload(ChannelPresence.producer),),
    Book.VILLAGES: (joinedload(CraftVillage.district),),
    Book.RIGHTS: (joinedload(IPRight.producer),),
    Book.STATISTICS: (joinedload(ProducerYearStat.producer),),
    Book.SUPPORT: (joinedload(CapacitySupport.producer), joinedload(CapacitySupport.product)),
    Book.FLAGSHIPS: (joinedload(FlagshipProduct.product),),
}


def list_facts(session: Session, programme: Programme, book: Book) -> Sequence[Any]:
    """Return what stands in a book of a plan's province, the newest entries, last one first."""
    fact = FACTS[book]
    wanted = sa.select(fact).where(fact.unit_id == programme.unit_id).options(*_SHOWN.get(book, ()))
    return session.scalars(wanted.order_by(fact.id.desc()).limit(MOST_LISTED)).all()


def count_facts(session: Session, programme: Programme) -> dict[Book, int]:
    """Return how many facts stand in each book, in one statement."""
    asked = [
        sa.select(sa.literal(book.value, sa.Text), sa.func.count())
        .select_from(fact)
        .where(fact.unit_id == programme.unit_id)
        for book, fact in FACTS.items()
    ]
    return {Book(name): number for name, number in session.execute(sa.union_all(*asked))}


def write_down(
    session: Session, actor: Actor, programme: Programme, fact: Recorded, office_id: int, at: datetime
) -> None:
    """Put a fact into the book of a plan's province. Raises AlreadyRecorded."""
    fact.unit_id, fact.recorded_by, fact.recorded_at = programme.unit_id, actor.person_id, at
    session.execute(sa.select(Programme.id).where(Programme.id == programme.id).with_for_update())
    names = _ONCE.get(type(fact), ())
    same = sa.select(type(fact).id).where(*(getattr(type(fact), one) == getattr(fact, one) for one in names))
    if names and session.scalar(same):
        raise AlreadyRecorded
    session.add(fact)
    session.flush()
    _note(session, actor, "record", fact, office_id, at)


def note_attendance(session: Session, training: TrainingSession, producer_ids: Iterable[int]) -> None:
    """Write down which producers sent people to a training."""
    session.add_all(TrainingAttendance(session_id=training.id, producer_id=one) for one in producer_ids)
    session.flush()


def note_participants(session: Session, event: TradeEvent, producer_ids: Iterable[int]) -> None:
    """Write down which producers took part in an event."""
    session.add_all(TradeEventParticipant(event_id=event.id, producer_id=one) for one in producer_ids)
    session.flush()


def tie_products(
    session: Session, village: CraftVillage, product_ids: Iterable[int], relation: VillageRelation
) -> None:
    """Write down which products are made in a craft village, or of its material; the first word stands."""
    tied = sa.select(CraftVillageProduct.product_id).where(CraftVillageProduct.village_id == village.id)
    known = set(session.scalars(tied))
    for one in dict.fromkeys(product_ids):
        if one not in known:
            session.add(CraftVillageProduct(village_id=village.id, product_id=one, relation=relation))
    session.flush()


def strike_out(
    session: Session,
    actor: Actor,
    programme: Programme,
    book: Book,
    fact_id: int,
    office_id: int,
    at: datetime,
) -> None:
    """Take a fact out of a book of a plan's province, with what hangs on it. Raises NotFound."""
    fact = session.get(FACTS[book], fact_id)
    if fact is None or fact.unit_id != programme.unit_id:
        raise NotFound(fact=fact_id)
    for column in _CHILDREN.get(type(fact), ()):
        session.execute(sa.delete(column.class_).where(column == fact.id))
    session.delete(fact)
    session.flush()
    _note(session, actor, "strike_out", fact, office_id, at)


def place_point(
    session: Session,
    actor: Actor,
    point: SalesPoint,
    level: PointLevel,
    opened_on: date,
    office_id: int,
    at: datetime,
) -> None:
    """Say which level runs a sales point, and since when it is open; raises NoDistrictThen."""
    tell_level(session, point, level, opened_on)
    org = Scope(ScopeKind.ADMIN_UNIT, office_id)
    journal.record(session, actor, "sales_point:place", "sales_point", point.id, org, at=at)


def _note(session: Session, actor: Actor, verb: str, fact: Recorded, office_id: int, at: datetime) -> None:
    table = str(sa.inspect(type(fact)).local_table.name)
    org = Scope(ScopeKind.ADMIN_UNIT, office_id)
    journal.record(session, actor, f"{table}:{verb}", table, fact.id, org, at=at)
