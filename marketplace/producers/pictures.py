"""Pictures on a producer's page: in an order, each with words for who cannot see it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.media.models import Picture
from marketplace.media.pictures import Encoded, find_same, keep, owner_of
from marketplace.media.unused import erase_when_unused
from marketplace.producers.errors import TooManyPictures
from marketplace.producers.models import Producer, ProducerPicture
from marketplace.producers.profile import scope_of
from marketplace.text import clean

MOST_PICTURES = 8
LONGEST_ALT = 160


def list_producer_pictures(session: Session, producer_id: int) -> list[ProducerPicture]:
    """Return the pictures of a producer's page in their order."""
    own = sa.select(ProducerPicture).where(ProducerPicture.producer_id == producer_id)
    ordered = own.options(joinedload(ProducerPicture.picture)).order_by(
        ProducerPicture.position, ProducerPicture.picture_id
    )
    return list(session.execute(ordered).scalars())


def add_producer_picture(
    session: Session, actor: Actor, producer: Producer, encoded: Encoded, alt: str, at: datetime
) -> ProducerPicture:
    """Put a picture at the end of a producer's page; a file sent again is the same picture.

    Words that are missing are the producer's name. Raises TooManyPictures.
    """
    shown = list_producer_pictures(session, producer.id)
    owner = owner_of("producer", producer.id)
    same = find_same(session, owner, encoded.digest)
    again = next((one for one in shown if same is not None and one.picture_id == same.id), None)
    if again is not None:
        return again
    if len(shown) >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    picture = ProducerPicture(
        picture=keep(session, encoded, owner, at),
        producer_id=producer.id,
        position=max((one.position for one in shown), default=0) + 1,
        alt=clean(alt)[:LONGEST_ALT] or producer.name[:LONGEST_ALT],
    )
    session.add(picture)
    _record(session, actor, "producer_picture:add", producer, picture, at)
    return picture


def put_picture_first(session: Session, actor: Actor, producer: Producer, key: str, at: datetime) -> None:
    """Show a picture on top of the page; raises NotFound for pictures of others."""
    shown = list_producer_pictures(session, producer.id)
    picture = _of_key(shown, key)
    picture.position = min(one.position for one in shown) - 1
    _record(session, actor, "producer_picture:lead", producer, picture, at)


def remove_producer_picture(
    session: Session, actor: Actor, producer: Producer, key: str, at: datetime
) -> None:
    """Take a picture off the page, and erase it unless a listing shows it too.

    Raises NotFound for pictures of others.
    """
    shown = _of_key(list_producer_pictures(session, producer.id), key)
    picture: Picture = shown.picture
    _record(session, actor, "producer_picture:remove", producer, shown, at)
    session.delete(shown)
    erase_when_unused(session, picture)


def _of_key(shown: list[ProducerPicture], key: str) -> ProducerPicture:
    found = next((one for one in shown if one.picture.key == key), None)
    if found is None:
        raise NotFound(picture=key)
    return found


def _record(
    session: Session, actor: Actor, action: str, producer: Producer, picture: ProducerPicture, at: datetime
) -> None:
    session.flush()
    org = scope_of(producer)
    journal.record(session, actor, action, "picture", picture.picture_id, org, at=at)
