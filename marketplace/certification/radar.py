"""The renewal radar: a producer's certificates in the order in which they press."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from marketplace.catalogue.models import Product
from marketplace.certification.history import standing_on
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import Renewal, Stage, renewal_of
from marketplace.database import db
from marketplace.producers.models import QualityCertificate

_ORDER = (Stage.OPEN, Stage.MISSED, Stage.EXTENDED, Stage.NEAR, Stage.LAPSED, Stage.REVOKED, Stage.FAR)


@dataclass(frozen=True, slots=True)
class RadarLine:
    """A product, the certificate that decides for it, and how far that is on its way to renewal.

    `renewal` is None where nothing tells when the certificate ends.
    """

    product: Product
    certificate: Certificate
    renewal: Renewal | None

    @property
    def pressing(self) -> bool:
        """Whether the producer has something to do now, stars not yet lost."""
        return self.renewal is not None and self.renewal.stage.pressing


def list_radar(producer_id: int, day: date) -> list[RadarLine]:
    """Return a line for each product of a producer that was ever recognised, the most pressing first."""
    found = db.session.scalars(
        sa.select(Certificate)
        .join(Certificate.product)
        .where(Product.producer_id == producer_id)
        .options(contains_eager(Certificate.product))
        .order_by(Product.name_folded, Product.id, Certificate.id)
    )
    by_product: defaultdict[int, list[Certificate]] = defaultdict(list)
    for certificate in found:
        by_product[certificate.product_id].append(certificate)
    lines = [line for one in by_product.values() if (line := _line(one, day)) is not None]
    return sorted(lines, key=_pressure)


def list_pressing(producer_id: int, day: date) -> list[RadarLine]:
    """Return the lines about which the producer has something to do now, the most pressing first."""
    return [line for line in list_radar(producer_id, day) if line.pressing]


def list_quality_ends(producer_id: int, day: date) -> list[date]:
    """Return the last days of a producer's quality certificates that are good on a day."""
    own = sa.select(QualityCertificate).where(QualityCertificate.producer_id == producer_id)
    return [one.valid_until for one in db.session.scalars(own) if one.is_valid(day)]


def _line(certificates: list[Certificate], day: date) -> RadarLine | None:
    deciding = standing_on(certificates, day).certificate
    if deciding is None:
        return None
    return RadarLine(deciding.product, deciding, renewal_of(deciding, day))


def _pressure(line: RadarLine) -> tuple[int, int]:
    """Return what lines are ordered by: what is to be done, then how soon; the longest lapsed come last."""
    renewal = line.renewal
    if renewal is None:
        return len(_ORDER), 0
    days = -renewal.days_to_end if renewal.stage is Stage.LAPSED else renewal.days_to_end
    return _ORDER.index(renewal.stage), days
