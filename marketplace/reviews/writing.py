"""Writing a review: of what was delivered, one for each line of an order, by who holds its secret link."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.memberships import list_members
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Variant
from marketplace.errors import NotFound
from marketplace.media.pictures import Encoded, keep, owner_of
from marketplace.media.unused import erase_when_unused
from marketplace.ordering.models import Fulfillment, FulfillmentLine, Order, OrderGroup, OrderLine
from marketplace.ordering.order_number import read_number
from marketplace.ordering.secret import opens
from marketplace.reviews.errors import NotDelivered, OwnGoods, ReviewFixed, TooManyPhotographs, VoiceHidden
from marketplace.reviews.models import Review, ReviewPicture, Shown

CHANGED_WITHIN = timedelta(days=30)
MOST_PICTURES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a buyer says, as read from the form; `dropped` are keys of photographs to be taken away."""

    rating: int
    author: str
    words: str
    photographs: Sequence[Encoded] = ()
    dropped: Collection[str] = ()


def claim_review(group_id: int, at: datetime) -> None:
    """Take one of the times that the buyer of an order may send a review; a unit of work of its own.

    Raises TooManyAttempts.
    """
    claim([(Rule.REVIEW, str(group_id))], at)


def get_line(session: Session, group_id: int, order_line_id: int) -> OrderLine:
    """Return a line of an order group, with its order and group; raises NotFound for a line of another."""
    line = _find_line(session, OrderLine.id == order_line_id, OrderGroup.id == group_id)
    if line is None:
        raise NotFound
    return line


def open_line(session: Session, number: str, secret: str, order_line_id: int) -> OrderLine:
    """Return a line of the order that a secret link opens, with its order and group.

    Raises NotFound alike for a wrong number, a wrong secret and a line of another order.
    """
    numbered = OrderGroup.number == (read_number(number) or "")
    line = _find_line(session, OrderLine.id == order_line_id, numbered)
    if line is None or not opens(secret, line.order.group.token_hash):
        raise NotFound
    return line


def find_review(session: Session, order_line_id: int) -> Review | None:
    """Return the review of an order line with its photographs, hidden or not, or None."""
    shown = selectinload(Review.pictures).joinedload(ReviewPicture.picture)
    wanted = sa.select(Review).where(Review.order_line_id == order_line_id).options(shown)
    return session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()


def require_delivered(session: Session, line: OrderLine) -> None:
    """Go on only when units of the line were delivered to somebody who does not work for the seller.

    Raises NotDelivered and OwnGoods.
    """
    delivered = (
        sa.select(FulfillmentLine.order_line_id)
        .join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
        .where(FulfillmentLine.order_line_id == line.id, Fulfillment.delivered_at.is_not(None))
        .limit(1)
    )
    if session.execute(delivered).first() is None:
        raise NotDelivered
    buyer = line.order.group.person_id
    if buyer is not None and buyer in _people_of(session, line.order.producer_id):
        raise OwnGoods


def write_review(session: Session, group_id: int, order_line_id: int, told: Told, at: datetime) -> Review:
    """Write what a buyer says of a line of theirs, or change what they said, within 30 days.

    Raises NotFound, NotDelivered, OwnGoods, ReviewFixed, VoiceHidden and TooManyPhotographs.
    """
    session.execute(sa.select(OrderGroup.id).where(OrderGroup.id == group_id).with_for_update())
    line = get_line(session, group_id, order_line_id)
    require_delivered(session, line)
    review = find_review(session, line.id)
    if review is None:
        review = _begin(session, line, told, at)
    else:
        require_changeable(review, at)
    review.rating, review.author, review.words = told.rating, told.author, told.words
    review.decided_at, review.decided_by = None, None
    _change_pictures(session, review, told, at)
    return review


def delete_review(session: Session, group_id: int, order_line_id: int) -> None:
    """Delete a review for its writer, whenever and hidden or not; where there is none, nothing happens.

    Raises NotFound for a line of another order.
    """
    line = get_line(session, group_id, order_line_id)
    review = find_review(session, line.id)
    if review is not None:
        erase_review(session, review)


def erase_review(session: Session, review: Review) -> None:
    """Delete a review that was loaded with its photographs, whose files go with them."""
    for shown in list(review.pictures):
        _drop(session, review, shown)
    session.delete(review)
    session.flush()


def may_change(review: Review, at: datetime) -> bool:
    """Return whether its writer may still change a review."""
    return review.shown is not Shown.HIDDEN and at < review.written_at + CHANGED_WITHIN


def require_changeable(review: Review, at: datetime) -> None:
    """Go on only when a review may still be changed; raises VoiceHidden and ReviewFixed."""
    if review.shown is Shown.HIDDEN:
        raise VoiceHidden
    if not may_change(review, at):
        raise ReviewFixed


def _find_line(session: Session, *conditions: sa.ColumnElement[bool]) -> OrderLine | None:
    wanted = (
        sa.select(OrderLine)
        .join(OrderLine.order)
        .join(Order.group)
        .where(*conditions)
        .options(contains_eager(OrderLine.order).contains_eager(Order.group))
    )
    return session.execute(wanted).scalar_one_or_none()


def _begin(session: Session, line: OrderLine, told: Told, at: datetime) -> Review:
    product_id = session.execute(
        sa.select(Variant.product_id).where(Variant.id == line.variant_id)
    ).scalar_one()
    review = Review(
        order_line_id=line.id,
        product_id=product_id,
        producer_id=line.order.producer_id,
        rating=told.rating,
        author=told.author,
        words=told.words,
        written_at=at,
        pictures=[],
    )
    session.add(review)
    session.flush()
    return review


def _change_pictures(session: Session, review: Review, told: Told, at: datetime) -> None:
    kept = [one for one in review.pictures if one.picture.key not in told.dropped]
    if len(kept) + len(told.photographs) > MOST_PICTURES:
        raise TooManyPhotographs(field="photographs", most=MOST_PICTURES)
    for shown in list(review.pictures):
        if shown not in kept:
            _drop(session, review, shown)
    place = max((one.position for one in kept), default=0)
    for position, encoded in enumerate(told.photographs, place + 1):
        picture = keep(session, encoded, owner_of("review", review.id), at)
        review.pictures.append(ReviewPicture(picture=picture, position=position))
    session.flush()


def _drop(session: Session, review: Review, shown: ReviewPicture) -> None:
    picture = shown.picture
    review.pictures.remove(shown)
    erase_when_unused(session, picture)


def _people_of(session: Session, producer_id: int) -> set[int]:
    members = list_members(session, Scope(ScopeKind.PRODUCER, producer_id))
    return {member.person_id for member in members}
