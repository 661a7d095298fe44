"""Which kinds of dossier are open to a product, and when one to be evaluated again is handed in."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import DossierKind
from marketplace.certification.history import standing_on
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import Renewal, Stage, renewal_of

MOST_STARS = 5
_BEFORE_WINDOW = frozenset({Stage.FAR, Stage.NEAR})


def kinds_open(product: Product, day: date) -> tuple[DossierKind, ...]:
    """Return the kinds that a product as it stands on a day may be evaluated by.

    What was never recognised is evaluated for the first time; what was, again; and what has living stars
    below five may be raised before its term ends.
    """
    if not product.ever_certified:
        return (DossierKind.FIRST,)
    stars = product.live_stars(day)
    if stars is not None and stars < MOST_STARS:
        return (DossierKind.REASSESS, DossierKind.UPGRADE)
    return (DossierKind.REASSESS,)


def find_renewal_of(session: Session, product_id: int, day: date) -> Renewal | None:
    """Return how far the certificate that stands for a product is on its way to renewal, or None."""
    own = sa.select(Certificate).where(Certificate.product_id == product_id)
    deciding = standing_on(session.scalars(own).all(), day).certificate
    return renewal_of(deciding, day) if deciding is not None else None


def opens_on(renewal: Renewal | None) -> date | None:
    """Return the day from which the file is taken in where that lies ahead, else None.

    180 days before the certificate ends (article 7.6). Who is later than 120 days before it is still taken
    in; the stars may then end before the decision (articles 7.6 and 12.3).
    """
    if renewal is None or renewal.stage not in _BEFORE_WINDOW or renewal.day >= renewal.opens:
        return None
    return renewal.opens
