"""Putting a form that was read into its book."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.office.plan_desk import PlanDesk
from marketplace.programme.asset_models import CraftVillage, VillageRelation
from marketplace.programme.books import (
    FACTS,
    Book,
    note_attendance,
    note_participants,
    tie_products,
    write_down,
)
from marketplace.programme.fact_models import TradeEvent, TrainingSession

LISTS = ("producers", "made", "material")
"""What a form names that stands in tables of its own."""


def enter(
    session: Session, actor: Actor, desk: PlanDesk, book: Book, values: dict[str, Any], at: datetime
) -> None:
    """Write a fact with what hangs on it. Raises AlreadyRecorded."""
    columns = {name: value for name, value in values.items() if name not in LISTS}
    fact = FACTS[book](**columns)
    write_down(session, actor, desk.programme, fact, desk.office_id, at)
    producers = list(dict.fromkeys(values.get("producers", ())))
    if isinstance(fact, TrainingSession):
        note_attendance(session, fact, producers)
    elif isinstance(fact, TradeEvent):
        note_participants(session, fact, producers)
    elif isinstance(fact, CraftVillage):
        tie_products(session, fact, values.get("made", ()), VillageRelation.MADE_IN)
        tie_products(session, fact, values.get("material", ()), VillageRelation.MATERIAL_FROM)
