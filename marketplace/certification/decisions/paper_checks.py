"""What must be right before a decision read off its paper is written down."""

import re
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.accounts.placement import grants_of
from marketplace.accounts.roles import ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.actions import CERTIFIED_STARS
from marketplace.certification.authorities import Circumstances, issuer_of, level_by_rules
from marketplace.certification.decisions.errors import MinistryStars
from marketplace.certification.errors import (
    AlreadyAwarded,
    InvalidDecisionNumber,
    MemberCannotAward,
    NoCertificateForStars,
    NothingAwarded,
    SeveralAuthorities,
)
from marketplace.certification.models import Authority, Certificate, Decision
from marketplace.text import canonical, clean

_NUMBER = re.compile(r"\d{1,6}[a-z]?/QĐ-[A-ZĐ][A-ZĐ&.\-]{1,30}")


def read_number(text: str) -> str:
    """Return the number of a decision as papers print it; raises InvalidDecisionNumber."""
    number = re.sub(r"\s*([/\-])\s*", r"\1", clean(text))
    if not _NUMBER.fullmatch(number) or len(number) > 60:
        raise InvalidDecisionNumber(field="number", number=number)
    return number


def check_stars(number: str, decided_on: date, stars: Iterable[int]) -> None:
    """Go on only with stars that one authority gave on that day.

    Raises NothingAwarded, NoCertificateForStars, SeveralAuthorities also when the number is the ministry's
    and the stars are not the ministry's to give, and MinistryStars when the stars are the ministry's and
    the number is not (Decision 26/2026/QĐ-TTg, article 4).
    """
    given = set(stars)
    if not given:
        raise NothingAwarded(field="awards")
    if given - CERTIFIED_STARS:
        raise NoCertificateForStars(field="stars", stars=min(given - CERTIFIED_STARS))
    levels = {level_by_rules(one, decided_on, None) for one in given} - {None}
    by_number = issuer_of(number, Circumstances()).level
    if len(levels) > 1 or (by_number is Authority.MINISTRY and levels - {Authority.MINISTRY}):
        raise SeveralAuthorities(field="stars")
    if levels == {Authority.MINISTRY} and by_number is not Authority.MINISTRY:
        raise MinistryStars(field="stars")


def require_no_member(session: Session, actor: Actor, products: Iterable[Product]) -> None:
    """Go on only when the actor belongs to none of the producers; the database says, not the sign-in."""
    held = grants_of(session, actor.person_id)
    own = {one.scope.id for one in held if one.scope.kind is ScopeKind.PRODUCER}
    if any(product.producer_id in own for product in products):
        raise MemberCannotAward


def refuse_repeated(session: Session, number: str, decided_on: date, products: list[Product]) -> None:
    """Raise AlreadyAwarded when a product has a certificate by a decision of this number and day."""
    given = (
        sa.select(Decision.number, Certificate.product_id)
        .join(Decision, Certificate.decision_id == Decision.id)
        .where(Certificate.product_id.in_([p.id for p in products]), Decision.decided_on == decided_on)
    )
    repeated = {
        row.product_id for row in session.execute(given) if canonical(row.number) == canonical(number)
    }
    for product in products:
        if product.id in repeated:
            raise AlreadyAwarded(name=product.name)
