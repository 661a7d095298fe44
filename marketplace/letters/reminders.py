"""Letters that come round by themselves, to those who want them: renewals due, news of saved products."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.letter_choices import LetterKind, letters_wanted
from marketplace.catalogue.saved_news import list_latest_news, take_news
from marketplace.certification.models import Certificate
from marketplace.certification.notices import find_renewal, take_notices
from marketplace.certification.renewal import Renewal
from marketplace.database import unit_of_work
from marketplace.web.post import Letter, send_saved_news, send_to_members

OPTIONAL: dict[Letter, LetterKind] = {
    Letter.RENEWAL_DUE: LetterKind.RENEWAL,
    Letter.LISTING_APPROVED: LetterKind.LISTING,
    Letter.LISTING_DECLINED: LetterKind.LISTING,
    Letter.CHANGE_CONFIRMED: LetterKind.LISTING,
    Letter.CHANGE_DECLINED: LetterKind.LISTING,
    Letter.SAVED_NEWS: LetterKind.SAVED,
}
"""Letters that can be declined; all others are sent whatever somebody chose."""


def is_wanted(session: Session, letter: Letter, person_id: int) -> bool:
    """Say whether a letter may be sent to somebody, by what they chose until now."""
    kind = OPTIONAL.get(letter)
    return kind is None or kind in letters_wanted(session, person_id)


def remind() -> None:
    """Leave the letters behind that are due; a periodic duty."""
    at = clock.now()
    with unit_of_work() as session:
        for certificate in take_notices(session, at):
            producer_id = certificate.product.producer_id
            assert producer_id is not None
            send_to_members(session, Letter.RENEWAL_DUE, producer_id, at, certificate.id)
    with unit_of_work() as session:
        for person_id in take_news(session, at):
            send_saved_news(session, person_id, at)


def tell_of_reminder(session: Session, certificate_id: int) -> dict[str, Any] | None:
    """Return what an office's reminder says of a renewal; None when it is renewed meanwhile."""
    found = find_renewal(session, certificate_id, clock.today())
    if found is None or found[0].superseded_on is not None:
        return None
    return _facts(*found)


def tell_of_renewal(session: Session, certificate_id: int) -> dict[str, Any] | None:
    """Return what the letter about a renewal says; None when it is renewed or revoked meanwhile."""
    found = find_renewal(session, certificate_id, clock.today())
    if found is None or found[1].notice is None:
        return None
    return _facts(*found)


def _facts(certificate: Certificate, renewal: Renewal) -> dict[str, Any]:
    shop = certificate.product.producer.slug if certificate.product.producer else ""
    return {"product": certificate.product.name, "renewal": renewal, "shop": f"/gian-hang/{shop}/gia-han"}


def tell_of_saved(session: Session, person_id: int) -> dict[str, Any] | None:
    """Return what the letter about saved products says; None when none of them is there any more."""
    products = list_latest_news(session, person_id)
    return {"products": products, "day": clock.today()} if products else None
