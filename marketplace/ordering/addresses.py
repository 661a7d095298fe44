"""Where buyers with an account have things sent; guests type theirs, and nothing is kept of it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from marketplace.accounts.people import hold_person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.database import Base, UtcDateTime
from marketplace.errors import NotFound
from marketplace.ordering.errors import InvalidCommune, TooManyAddresses
from marketplace.ordering.queries import find_commune
from marketplace.places.models import AdminUnit

MOST_ADDRESSES = 20


class SavedAddress(Base):
    """Somebody who receives, and where; the one used or written last comes first."""

    __tablename__ = "saved_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    phone: Mapped[str] = mapped_column(sa.String(15))
    commune_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"))
    address: Mapped[str] = mapped_column(sa.String(200))
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)

    commune: Mapped[AdminUnit] = relationship(lazy="raise")

    @property
    def place(self) -> str:
        """Return commune and province as addresses write them."""
        parts = (self.commune, self.commune.parent)
        return ", ".join(unit.full_name for unit in parts if unit is not None)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who receives and where, checked: a phone number as `read_phone` returned it, a commune's number."""

    name: str
    phone: str
    commune_id: int
    address: str


def keep_address(session: Session, actor: Actor, receiver: Receiver, at: datetime) -> SavedAddress:
    """Keep an address; the same one twice is kept once and counts as used now.

    Raises InvalidCommune for what is no commune of today, and TooManyAddresses past 20.
    """
    if find_commune(session, receiver.commune_id) is None:
        raise InvalidCommune(field="xa")
    hold_person(session, actor)
    own = list_addresses(session, actor.person_id)
    known = next((one for one in own if receiver_of(one) == receiver), None)
    if known is not None:
        known.used_at = at
        return known
    if len(own) >= MOST_ADDRESSES:
        raise TooManyAddresses(most=MOST_ADDRESSES)
    kept = SavedAddress(
        person_id=actor.person_id,
        name=receiver.name,
        phone=receiver.phone,
        commune_id=receiver.commune_id,
        address=receiver.address,
        used_at=at,
    )
    session.add(kept)
    return kept


def receiver_of(kept: SavedAddress) -> Receiver:
    """Return who receives at an address, and where."""
    return Receiver(kept.name, kept.phone, kept.commune_id, kept.address)


def let_go_of_address(session: Session, actor: Actor, address_id: int) -> None:
    """Delete an address of one's own; raises NotFound for any other."""
    own = sa.delete(SavedAddress).where(
        SavedAddress.id == address_id, SavedAddress.person_id == actor.person_id
    )
    if session.execute(own.returning(SavedAddress.id)).first() is None:
        raise NotFound(address=address_id)


def list_addresses(session: Session, person_id: int) -> Sequence[SavedAddress]:
    """Return the addresses of a person with their communes and provinces, the one used last first."""
    own = sa.select(SavedAddress).where(SavedAddress.person_id == person_id)
    whole = joinedload(SavedAddress.commune).joinedload(AdminUnit.parent)
    return session.scalars(own.options(whole).order_by(SavedAddress.used_at.desc(), SavedAddress.id)).all()


def export_addresses(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return the addresses of a person."""
    return rows_of(session, SavedAddress, SavedAddress.person_id == subject.person_id, "person_id")


def erase_addresses(session: Session, subject: Subject, at: datetime) -> None:
    """Delete the addresses of a person."""
    session.execute(sa.delete(SavedAddress).where(SavedAddress.person_id == subject.person_id))


exporters["saved_addresses"] = export_addresses
erasers["saved_addresses"] = erase_addresses
