"""Certificates of an officer's provinces that may be revoked, and revocations under way."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.certification.oversight.models import Revocation, RevocationState
from marketplace.certification.register_book import EntryState, entry_state
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.text import fold

MOST_FOUND = 20
AT_ONCE = 50

_CERTIFICATE = joinedload(Revocation.certificate).options(
    joinedload(Certificate.product).options(joinedload(Product.producer), joinedload(Product.province)),
    joinedload(Certificate.decision),
)


def list_revocations(work: Session, reach: Reach, *states: RevocationState) -> Sequence[Revocation]:
    """Return the revocations of the own provinces in these states, the newest first."""
    wanted = (
        sa.select(Revocation)
        .where(Revocation.state.in_(states), _of_provinces(reach))
        .options(_CERTIFICATE, joinedload(Revocation.decision))
        .order_by(Revocation.drafted_at.desc(), Revocation.id.desc())
        .limit(AT_ONCE)
    )
    return work.execute(wanted).scalars().all()


def waiting_revocations(reach: Reach) -> sa.Select[Revocation]:
    """Return the revocations of the own provinces that wait for a second officer."""
    return sa.select(Revocation).where(Revocation.state == RevocationState.DRAFTED, _of_provinces(reach))


def revocation_in_reach(work: Session, actor: Actor, revocation_id: int) -> Revocation:
    """Return a revocation of the actor's provinces with all that its page shows; raises NotFound."""
    wanted = (
        sa.select(Revocation)
        .where(Revocation.id == revocation_id, _of_provinces(Reach.of(actor)))
        .options(
            _CERTIFICATE,
            joinedload(Revocation.author),
            joinedload(Revocation.decider),
            joinedload(Revocation.decision),
        )
    )
    revocation = work.execute(wanted).scalar_one_or_none()
    if revocation is None:
        raise NotFound
    return revocation


def certificate_in_reach(work: Session, actor: Actor, certificate_id: int) -> Certificate:
    """Return a certificate of the actor's provinces, of a producer the actor does not work for.

    Raises NotFound.
    """
    wanted = _certificates(Reach.of(actor)).where(Certificate.id == certificate_id)
    certificate = work.execute(wanted).scalar_one_or_none()
    if certificate is None:
        raise NotFound
    return certificate


def find_revocable(work: Session, reach: Reach, words: str, day: date) -> Sequence[Certificate]:
    """Return living certificates of the own provinces whose product or producer the words find, by name."""
    matching = (Product.words_folded.contains(word, autoescape=True) for word in fold(words).split()[:8])
    wanted = _certificates(reach).where(*matching, entry_state(day) == EntryState.ALIVE.value)
    in_order = wanted.order_by(Product.name_folded, Certificate.id).limit(MOST_FOUND)
    return work.execute(in_order).scalars().all()


def _certificates(reach: Reach) -> sa.Select[Certificate]:
    where = sa.true() if reach.everywhere else Product.province_id.in_(reach.provinces)
    return (
        sa.select(Certificate)
        .join(Certificate.product)
        .where(where, reach.products(), Product.province_id.is_not(None))
        .options(
            joinedload(Certificate.product).options(
                joinedload(Product.producer), joinedload(Product.province)
            ),
            joinedload(Certificate.decision),
        )
    )


def _of_provinces(reach: Reach) -> sa.ColumnElement[bool]:
    """Return whether a revocation is of the own provinces and takes nothing from an own producer."""
    where = sa.true() if reach.everywhere else Revocation.unit_id.in_(reach.provinces)
    own = sa.select(Certificate.id).join(Certificate.product)
    return sa.and_(
        where, Revocation.certificate_id.not_in(own.where(Product.producer_id.in_(reach.own_producers)))
    )
