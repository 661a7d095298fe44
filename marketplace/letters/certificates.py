"""What letters about certificates tell, read when they are sent."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.certification.oversight.models import Revocation
from marketplace.web.post import Letter
from marketplace.web.revocation_words import REVOCATION_REASONS

Facts: TypeAlias = dict[str, Any]


def tell_of_revocation(session: Session, revocation_id: int) -> Facts | None:
    """Return what the letter about a revoked certificate says; None when it was never decided."""
    product = joinedload(Revocation.certificate).joinedload(Certificate.product)
    wanted = sa.select(Revocation).where(Revocation.id == revocation_id)
    loaded = wanted.options(product, joinedload(Revocation.decision))
    revocation = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if revocation is None or revocation.decision is None:
        return None
    return {
        "product": revocation.certificate.product_name,
        "number": revocation.decision.number,
        "day": revocation.decision.decided_on,
        "reason": str(REVOCATION_REASONS[revocation.reason]),
        "words": revocation.words,
        "register": f"/chung-nhan/{revocation.certificate.code}",
    }


def tell_of_extension(session: Session, certificate_id: int) -> Facts | None:
    """Return what the letter about an extended certificate says; None when its extension ended."""
    wanted = sa.select(Certificate).where(Certificate.id == certificate_id)
    loaded = wanted.options(joinedload(Certificate.product).joinedload(Product.producer))
    certificate = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if certificate is None or certificate.extended_until is None:
        return None
    return {
        "product": certificate.product_name,
        "until": certificate.extended_until,
        "register": f"/chung-nhan/{certificate.code}",
    }


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    Letter.CERTIFICATE_REVOKED: tell_of_revocation,
    Letter.CERTIFICATE_EXTENDED: tell_of_extension,
}
