"""What the letter about two producers that became one tells of."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.producers.models import FormerProducer, Producer
from marketplace.web.post import Letter

Facts: TypeAlias = dict[str, Any]


def tell_of_merger(session: Session, former_id: int) -> Facts | None:
    """Return what a letter says of a merger: which page went, and which one stands for both."""
    wanted = (
        sa.select(FormerProducer.name, Producer.name, Producer.slug)
        .join(Producer, Producer.id == FormerProducer.producer_id)
        .where(FormerProducer.id == former_id)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    former, name, slug = found
    return {"former": former, "producer": name, "shop": f"/gian-hang/{slug}"}


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {Letter.PRODUCERS_MERGED: tell_of_merger}
