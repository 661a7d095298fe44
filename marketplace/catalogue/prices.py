"""What packs have cost, and how far a price may go without the owner."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.errors import PriceJump
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Product, Variant
from marketplace.database import Base, UtcDateTime, db

JUMP_PERCENT = 30
JUMP_WITHIN = timedelta(hours=24)


class PriceChange(Base):
    """A price a variant was given, in đồng with VAT; `before` is the one it had, None at first.

    `person_id` is who gave it, None for an import; the person may since have been erased. `confirmed`
    marks a jump that the owner proved who they were for.
    """

    __tablename__ = "price_change"
    __table_args__ = (sa.Index(None, "variant_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"))
    price: Mapped[int] = mapped_column(sa.BigInteger)
    before: Mapped[int | None] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None]
    confirmed: Mapped[bool] = mapped_column(default=False)


def price_history(variant_id: int) -> list[PriceChange]:
    """Return the prices a variant was given, the newest first."""
    wanted = sa.select(PriceChange).where(PriceChange.variant_id == variant_id)
    return list(db.session.scalars(wanted.order_by(PriceChange.at.desc(), PriceChange.id.desc())))


def note_price(
    session: Session,
    variant: Variant,
    before: int | None,
    *,
    at: datetime,
    person_id: int | None = None,
    confirmed: bool = False,
) -> None:
    """Write down the price of a variant whose id is known, when it is not the one it had before."""
    if variant.price != before:
        given = PriceChange(variant_id=variant.id, price=variant.price, before=before, at=at)
        given.person_id, given.confirmed = person_id, confirmed
        session.add(given)


def jumps(before: int, price: int) -> bool:
    """Say whether a price lies more than 30 % above or below another."""
    return abs(price - before) * 100 > before * JUMP_PERCENT


def refuse_jumps(
    session: Session, wanted: Mapping[Variant, int], product: Product, actor: Actor, at: datetime
) -> bool:
    """Refuse new prices that go too far from those of a day ago; say whether one goes so far and may.

    Small steps within a day add up: a price is compared with the one that held 24 hours before, when
    the listing was first let through, or after the last confirmed jump, whichever came last. A listing
    that was never live has no price on view to go away from. Raises PriceJump.
    """
    listing = session.get(Listing, product.id)
    since = listing.live_since if listing else product.published_at
    if since is None:
        return False
    bases = _bases(session, list(wanted), max(since, at - JUMP_WITHIN))
    far = [variant for variant, price in wanted.items() if jumps(bases[variant.id], price)]
    if far and not _confirmed(actor, product, at):
        raise PriceJump(sku=far[0].sku, before=bases[far[0].id], price=wanted[far[0]])
    return bool(far)


def _confirmed(actor: Actor, product: Product, at: datetime) -> bool:
    """Say whether this is the owner, who proved who they are a few minutes ago."""
    owns = product.producer_id in actor.scope_ids(ScopeKind.PRODUCER, Role.OWNER)
    return owns and actor.is_strong(at)


def _bases(session: Session, variants: list[Variant], since: datetime) -> dict[int, int]:
    """Return what each new price is compared with: what was given first since then, as it was before."""
    bases = {variant.id: variant.price for variant in variants}
    later = sa.select(PriceChange).where(PriceChange.variant_id.in_(bases), PriceChange.at > since)
    settled: set[int] = set()
    for change in session.scalars(later.order_by(PriceChange.at.desc(), PriceChange.id.desc())):
        if change.variant_id in settled:
            continue
        if change.confirmed or change.before is None:
            bases[change.variant_id] = change.price
            settled.add(change.variant_id)
        else:
            bases[change.variant_id] = change.before
    return bases
