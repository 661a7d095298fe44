"""Recording what rows say of recognitions, each once."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.actions import record_certificate, record_decision, refresh_standing
from marketplace.certification.authorities import Circumstances
from marketplace.certification.models import Certificate, Decision, Regulation
from marketplace.certification.regulations import regulation_of_issue
from marketplace.certification.validity import first_day, last_day
from marketplace.upkeep.importing.changes import assign
from marketplace.upkeep.importing.locating import Place
from marketplace.upkeep.importing.product_rows import ProductRow


class Recognitions:
    """Writes decisions and certificates; decisions and regulations are looked up once."""

    def __init__(self, session: Session, day: date) -> None:
        self.session = session
        self.day = day
        self._decisions: dict[tuple[object, ...], Decision] = {}
        self._regulations = dict(session.execute(sa.select(Regulation.code, Regulation.id)).all())

    def decide(self, row: ProductRow, province: str | None, district: str | None) -> Decision | None:
        """Return the decision that a row names, written when it is new."""
        if row.decision_no is None:
            return None
        key = (row.recognition, province, district)
        if key not in self._decisions:
            facts = Circumstances(
                stars=row.stars,
                decided_on=row.decided_on,
                year=row.year,
                province=province,
                district=district,
            )
            self._decisions[key] = record_decision(
                self.session, row.decision_no, facts, source_url=row.source_url
            )
        return self._decisions[key]

    def columns(self, row: ProductRow, place: Place) -> dict[str, object]:
        """Return the columns of the certificate that a row tells of; its product and code apart."""
        decision = self.decide(row, place.province, place.district)
        issued_on = row.decided_on or (decision.decided_on if decision else None)
        year = issued_on.year if issued_on else row.year
        return {
            "stars": row.stars,
            "issued_on": issued_on,
            "year": year,
            "valid_until": last_day(issued_on, year),
            "decision_id": decision.id if decision else None,
            "regulation_id": self._regulations.get(regulation_of_issue(issued_on, year) or ""),
            "holder_name": row.producer,
            "product_name": row.name,
            "source_url": row.source_url,
        }

    def record(
        self, product: Product, row: ProductRow, place: Place, external_id: str
    ) -> tuple[Certificate, bool, bool]:
        """Return the certificate that a row speaks of, whether it is new, and whether it was changed.

        A certificate is known by the row's id; a row of another id that tells the same recognition
        again adds nothing.
        """
        kept = list(self.session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id)))
        columns = self.columns(row, place)
        for certificate in kept:
            if certificate.external_id == external_id:
                return certificate, False, self._correct(product, certificate, columns)
        for certificate in kept:
            if _tells_the_same(certificate, columns):
                return certificate, False, False
        certificate = record_certificate(
            self.session,
            product,
            stars=row.stars,
            day=self.day,
            issued_on=row.decided_on,
            year=row.year,
            decision=self.decide(row, place.province, place.district),
            external_id=external_id,
            holder_name=row.producer,
            product_name=row.name,
            source_url=row.source_url,
        )
        return certificate, True, True

    def _correct(self, product: Product, kept: Certificate, columns: dict[str, object]) -> bool:
        """Bring a certificate up to what its row says now, and the product's standing with it."""
        changed = assign(kept, columns)
        if changed:
            refresh_standing(self.session, product)
        return changed

    def leads(self, product: Product, certificate: Certificate) -> bool:
        """Say whether a certificate is the latest of its product: its row then tells the product's facts."""
        kept = self.session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id))
        latest = max(kept, key=lambda c: (first_day(c) or date.min, c.external_id or ""))
        return latest.id == certificate.id


def _tells_the_same(kept: Certificate, told: dict[str, object]) -> bool:
    if (kept.stars, kept.year) != (told["stars"], told["year"]):
        return False
    return all(
        None in {getattr(kept, column), told[column]} or getattr(kept, column) == told[column]
        for column in ("issued_on", "decision_id")
    )
