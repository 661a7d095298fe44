"""What revocations tell the public: by which decision a certificate was revoked."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate, Decision
from marketplace.certification.oversight.models import Revocation, RevocationState
from marketplace.database import db


def revoking_decisions(product_id: int) -> dict[int, Decision]:
    """Return by certificate of a product the decision that revoked it, where one is on record."""
    wanted = (
        sa.select(Revocation.certificate_id, Decision)
        .join(Decision, Decision.id == Revocation.decision_id)
        .join(Certificate, Certificate.id == Revocation.certificate_id)
        .where(Certificate.product_id == product_id, Revocation.state == RevocationState.DECIDED)
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def list_revoked_under(decision_id: int) -> Sequence[Certificate]:
    """Return the certificates that a decision revoked, with products and producers, by their row."""
    wanted = (
        sa.select(Certificate)
        .join(Revocation, Revocation.certificate_id == Certificate.id)
        .where(Revocation.decision_id == decision_id)
        .options(joinedload(Certificate.product).joinedload(Product.producer))
        .order_by(Certificate.id)
    )
    return db.session.execute(wanted).scalars().all()
