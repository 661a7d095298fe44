"""Changes of what a certificate fixes: asked for by the producer, confirmed or declined by an officer.

Each is a row; who may ask and who may answer is the door's to say, by fetching the product or the
request through the actor's scopes.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from marketplace.accounts import journal
from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.answer_times import DAYS_FOR_CHANGES, answer_due
from marketplace.catalogue.certified_facts import ChangeField, facts_of, give, read_change
from marketplace.catalogue.errors import (
    ChangeOutdated,
    ChangeRequestOpen,
    IllegalTransition,
    InvalidChange,
    NotFixedYet,
)
from marketplace.catalogue.listing_words import LONGEST_NOTE, tidied
from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime, db

Changes: TypeAlias = dict[str, dict[str, str | None]]


class RequestState(StrEnum):
    """Where a change request stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ChangeRequest(Base):
    """A change of facts that a certificate fixes (đề nghị thay đổi), waiting for an officer.

    `changes` holds the value of each field as it is and as it should be; the producer and the set are
    named by their slugs. Of a product one request is open at a time. `decided_by` is the id of a
    person, who may since have been erased.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        sa.Index(
            "uq_change_request_open",
            "product_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(None, "state", "answer_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    changes: Mapped[Changes] = mapped_column(sa.JSON)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(sa.Text)

    product: Mapped[Product] = relationship(lazy="raise")


def open_change_request(
    session: Session,
    product: Product,
    changes: Mapping[ChangeField, str | None],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> ChangeRequest:
    """Ask for changes of what the certificate fixes; the office answers within five working days.

    A set and a producer are named by their slugs. Fields that are as they were are left out. Raises
    NotFixedYet for a product never certified, InvalidChange for a value that cannot be or when nothing
    is left, InvalidWords for words too long, and ChangeRequestOpen while another waits.
    """
    if not product.ever_certified or product.producer_id is None:
        raise NotFixedYet(product_id=product.id)
    present = facts_of(session, product)
    wanted = {field: read_change(session, field, value) for field, value in changes.items()}
    told = {f.value: {"old": present[f], "new": new} for f, new in wanted.items() if new != present[f]}
    if not told:
        raise InvalidChange(field="changes")
    request = ChangeRequest(
        product_id=product.id,
        producer_id=product.producer_id,
        changes=told,
        reason=tidied("reason", reason, LONGEST_NOTE),
        state=RequestState.OPEN,
        opened_at=at,
        answer_due_at=answer_due(at, DAYS_FOR_CHANGES),
    )
    _add(session, request)
    _note(session, request, "open", actor, at)
    return request


def _add(session: Session, request: ChangeRequest) -> None:
    session.execute(sa.select(Product.id).where(Product.id == request.product_id).with_for_update())
    waits = sa.select(ChangeRequest.id).where(
        ChangeRequest.product_id == request.product_id, ChangeRequest.state == RequestState.OPEN
    )
    if session.scalar(waits) is not None:
        raise ChangeRequestOpen(product_id=request.product_id)
    session.add(request)
    session.flush()


def withdraw_change_request(session: Session, request: ChangeRequest, *, actor: Actor, at: datetime) -> None:
    """Take a request back; raises IllegalTransition when it was answered."""
    _close(session, request, RequestState.WITHDRAWN, actor, at)


def confirm_change_request(
    session: Session, request: ChangeRequest, *, actor: Actor, at: datetime, words: str = ""
) -> None:
    """Carry a request out: the product, its pages and the search follow at once.

    Raises IllegalTransition when it was answered, ChangeOutdated when the product is no longer as it
    was, ConflictOfDuty for a member of the producer, InvalidChange when a producer or set is gone.
    """
    _refuse_own(actor, request)
    _close(session, request, RequestState.CONFIRMED, actor, at)
    product = session.get_one(Product, request.product_id)
    present = facts_of(session, product)
    for name, change in request.changes.items():
        if present[ChangeField(name)] != change["old"]:
            raise ChangeOutdated(field=name)
    request.decided_by = actor.person_id
    request.words = tidied("words", words, LONGEST_NOTE)
    give(session, product, {ChangeField(name): change["new"] for name, change in request.changes.items()})


def decline_change_request(
    session: Session, request: ChangeRequest, words: str, *, actor: Actor, at: datetime
) -> None:
    """Turn a request down in words that say why; the product stays as it is.

    Raises InvalidWords for none, IllegalTransition when it was answered, and ConflictOfDuty.
    """
    said = tidied("words", words, LONGEST_NOTE, required=True)
    _refuse_own(actor, request)
    _close(session, request, RequestState.DECLINED, actor, at)
    request.decided_by, request.words = actor.person_id, said
    session.flush()


def _refuse_own(actor: Actor, request: ChangeRequest) -> None:
    if request.producer_id in actor.scope_ids(ScopeKind.PRODUCER):
        raise ConflictOfDuty


def _close(session: Session, request: ChangeRequest, state: RequestState, actor: Actor, at: datetime) -> None:
    session.refresh(request, with_for_update=True)
    if request.state is not RequestState.OPEN:
        raise IllegalTransition(deed=state.value, state=request.state.value)
    request.state, request.decided_at = state, at
    session.flush()
    _note(session, request, state.value, actor, at)


def _note(session: Session, request: ChangeRequest, verb: str, actor: Actor, at: datetime) -> None:
    org = Scope(ScopeKind.PRODUCER, request.producer_id)
    data = {"product_id": request.product_id, "field_codes": sorted(request.changes)}
    journal.record(
        session, actor, f"change_request:{verb}", "change_request", request.id, org, at=at, data=data
    )


def find_open_request(product_id: int) -> ChangeRequest | None:
    """Return the request of a product that waits for its answer, or None."""
    wanted = sa.select(ChangeRequest).where(
        ChangeRequest.product_id == product_id, ChangeRequest.state == RequestState.OPEN
    )
    return db.session.scalar(wanted)
