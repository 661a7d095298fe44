"""The renewal radar: a producer's certificates in the order in which they press, and its open dossiers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.queries import is_open
from marketplace.certification.history import standing_on
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import Renewal, Stage, renewal_of
from marketplace.database import db
from marketplace.producers.models import QualityCertificate

_ORDER = (Stage.OPEN, Stage.MISSED, Stage.EXTENDED, Stage.NEAR, Stage.LAPSED, Stage.REVOKED, Stage.FAR)


@dataclass(frozen=True, slots=True)
class RadarLine:
    """A product, the certificate that decides for it, and how far that is on its way to renewal.

    `renewal` is None where nothing tells when the certificate ends; `dossier` is the product's under way.
    """

    product: Product
    certificate: Certificate
    renewal: Renewal | None
    dossier: Dossier | None = None

    @property
    def pressing(self) -> bool:
        """Whether the producer has something to do now, stars not yet lost; what an office has waits."""
        if self.dossier is not None and not self.dossier.state.editable:
            return False
        return self.renewal is not None and self.renewal.stage.pressing


@dataclass(frozen=True, slots=True)
class Radar:
    """A producer's lines, the most pressing first, and its dossiers under way by their products."""

    lines: list[RadarLine]
    dossiers: dict[int, Dossier]

    @property
    def pressing(self) -> list[RadarLine]:
        """Return the lines about which the producer has something to do now."""
        return [line for line in self.lines if line.pressing]


def look_at(producer_id: int, day: date) -> Radar:
    """Return a line for each product of a producer that was ever recognised, and the dossiers under way."""
    found = db.session.execute(
        sa.select(Product, Certificate, Dossier)
        .outerjoin(Certificate, Certificate.product_id == Product.id)
        .outerjoin(Dossier, sa.and_(Dossier.product_id == Product.id, is_open()))
        .where(Product.producer_id == producer_id, Certificate.id.is_not(None) | Dossier.id.is_not(None))
        .order_by(Product.name_folded, Product.id, Certificate.id)
    )
    products: dict[int, Product] = {}
    certificates: defaultdict[int, list[Certificate]] = defaultdict(list)
    dossiers: dict[int, Dossier] = {}
    for product, certificate, dossier in found:
        products[product.id] = product
        if certificate is not None:
            certificates[product.id].append(certificate)
        if dossier is not None:
            dossiers[product.id] = dossier
    made = (_line(products[one], own, dossiers.get(one), day) for one, own in certificates.items())
    return Radar(sorted((line for line in made if line is not None), key=_pressure), dossiers)


def list_quality_ends(producer_id: int, day: date) -> list[date]:
    """Return the last days of a producer's quality certificates that are good on a day."""
    own = sa.select(QualityCertificate).where(QualityCertificate.producer_id == producer_id)
    return [one.valid_until for one in db.session.scalars(own) if one.is_valid(day)]


def _line(
    product: Product, certificates: list[Certificate], dossier: Dossier | None, day: date
) -> RadarLine | None:
    deciding = standing_on(certificates, day).certificate
    if deciding is None:
        return None
    return RadarLine(product, deciding, renewal_of(deciding, day), dossier)


def _pressure(line: RadarLine) -> tuple[int, int]:
    """Return what lines are ordered by: what is to be done, then how soon; the longest lapsed come last."""
    renewal = line.renewal
    if renewal is None:
        return len(_ORDER), 0
    days = -renewal.days_to_end if renewal.stage is Stage.LAPSED else renewal.days_to_end
    return _ORDER.index(renewal.stage), days
