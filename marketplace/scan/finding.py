"""What a scanned code leads to, in one statement: product, certificates, lot, serial, and what warns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.queries import listing_on_view
from marketplace.certification.history import standing_on
from marketplace.certification.models import Certificate
from marketplace.clock import local_date
from marketplace.sales_points.models import SalesPoint, SalesPointProduct
from marketplace.scan.verdict import Findings, SerialStanding
from marketplace.traceability.codes.keys import find_signer, tidy_serial
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.queries import recalls_of_lot, recalls_of_product
from marketplace.traceability.scans.models import ScanAlert
from marketplace.traceability.scans.rules import COPIED, SOLD_OUT_FOR


@dataclass(frozen=True, slots=True)
class Scanned:
    """What is on record of a code; `standing` is of its serial, None for a code without one.

    `points` counts the sales points that stock the product. `use_by_asked` is the last day of use that the
    code itself states (AI 17), if it does.
    """

    code: TraceCode
    product: Product
    certificates: list[Certificate]
    lot: Lot | None
    serial: SerialCode | None
    standing: SerialStanding | None
    recall: Recall | None
    alert: ScanAlert | None
    keeps_lots: bool
    points: int
    use_by_asked: date | None = None

    def findings(self, day: date) -> Findings:
        """Return what an answer rests on, on a day in Vietnam: pages are kept for as long as that."""
        lot = self.lot
        gone_at = lot.gone_at if lot else None
        return Findings(
            publication=self.product.publication,
            standing=standing_on(self.certificates, day),
            day=day,
            lot_asked=self.code.lot is not None,
            lot_known=lot is not None,
            keeps_lots=self.keeps_lots,
            use_by=lot.use_by if lot else None,
            use_by_asked=self.use_by_asked,
            serial=self.standing,
            recalled=self.recall is not None or (lot is not None and lot.recalled_at is not None),
            scanned_too_often=self.alert is not None,
            sold_out=gone_at is not None and day - local_date(gone_at) > SOLD_OUT_FOR,
        )


def find_scanned(
    session: Session, code: TraceCode, day: date, use_by_asked: date | None = None
) -> Scanned | None:
    """Return what a code leads to, or None for a product that nobody knows; drafts were never printed.

    A serial that is not in the books takes a second statement: who signed it?
    """
    named = {
        "product": code.gtin or code.token,
        "lot": code.lot,
        "serial": tidy_serial(code.serial or ""),
        "day": day,
    }
    statement = _statement(code.gtin is not None, code.lot is not None)
    rows = session.execute(statement, named).unique().all()
    if not rows:
        return None
    product, lot, serial, recall, alert, keeps_lots, points, _ = rows[0]
    return Scanned(
        code=code,
        product=product,
        certificates=[row[-1] for row in rows if row[-1] is not None],
        lot=lot,
        serial=serial if serial is not None and lot is not None and serial.lot_id == lot.id else None,
        standing=_standing(session, code, lot, serial),
        recall=recall,
        alert=alert if lot is not None else None,
        keeps_lots=keeps_lots,
        points=points,
        use_by_asked=use_by_asked,
    )


def list_recalls_of(session: Session, scanned: Scanned) -> list[Recall]:
    """Return all recalls in force that touch what a code leads to: the office's first, then the newest.

    Those of what a lot was made of are among them; a code without a lot takes any lot's.
    """
    product, lot = scanned.product, scanned.lot
    found: Sequence[Recall] = ()
    if lot is None and (scanned.keeps_lots or scanned.recall is not None):
        found = recalls_of_product(session, product.id, product.producer_id)
    elif lot is not None and (scanned.recall is not None or lot.recalled_at is not None):
        found = recalls_of_lot(session, lot)
    return sorted(found, key=lambda one: not one.by_office)


def _standing(
    session: Session, code: TraceCode, lot: Lot | None, serial: SerialCode | None
) -> SerialStanding | None:
    if code.serial is None:
        return None
    if serial is not None:
        of_this = lot is not None and serial.lot_id == lot.id
        return SerialStanding(serial.state.value) if of_this else SerialStanding.OF_ANOTHER
    signed = find_signer(session, tidy_serial(code.serial)) is not None
    return SerialStanding.SIGNED if signed else SerialStanding.UNSIGNED


@cache
def _statement(by_gtin: bool, by_lot: bool) -> sa.Executable:
    """Return the statement, put together once: that takes longer than running it."""
    lots = aliased(Lot)
    keeps_lots = sa.exists().where(Lot.product_id == Product.id).correlate(Product)
    product = Product.gtin if by_gtin else Product.trace_token
    named = lots.code == sa.bindparam("lot") if by_lot else lots.id == SerialCode.lot_id
    return (
        sa.select(Product, lots, SerialCode, Recall, ScanAlert, keeps_lots, _points(), Certificate)
        .select_from(Product)
        .outerjoin(SerialCode, SerialCode.serial == sa.bindparam("serial"))
        .outerjoin(lots, sa.and_(lots.product_id == Product.id, named))
        .outerjoin(Recall, Recall.id == _recall_of(lots))
        .outerjoin(ScanAlert, ScanAlert.id == _alert_of())
        .outerjoin(Certificate, Certificate.product_id == Product.id)
        .where(product == sa.bindparam("product"), Product.publication != Publication.DRAFT)
        .options(*_shown(), joinedload(lots.producer), joinedload(lots.variant))
        .options(joinedload(Certificate.decision), joinedload(Certificate.regulation))
        .order_by(Certificate.id)
        .execution_options(populate_existing=True)
    )


def _recall_of(lots: type[Lot]) -> sa.ScalarSelect[int]:
    """Return the first recall of a lot, its product or its producer: the office's, then the newest."""
    maker = sa.func.coalesce(lots.producer_id, Product.producer_id)
    recalls = aliased(Recall)
    touched = sa.or_(
        recalls.lot_id == lots.id, recalls.product_id == Product.id, recalls.producer_id == maker
    )
    in_force = sa.select(recalls.id).where(recalls.lifted_at.is_(None), touched)
    first = in_force.order_by(recalls.by_office.desc(), recalls.id.desc()).limit(1)
    return first.correlate(Product, lots).scalar_subquery()


def _alert_of() -> sa.ScalarSelect[int]:
    """Return what tells best that a serial was copied."""
    alerts = aliased(ScanAlert)
    told = sa.select(alerts.id).where(
        alerts.serial_id == SerialCode.id, alerts.rule.in_(COPIED), alerts.cleared_at.is_(None)
    )
    return told.order_by(alerts.count.desc()).limit(1).correlate(SerialCode).scalar_subquery()


def _points() -> sa.ScalarSelect[int]:
    is_open = sa.or_(SalesPoint.closed_on.is_(None), SalesPoint.closed_on > sa.bindparam("day"))
    stocking = (
        sa.select(sa.func.count())
        .select_from(SalesPointProduct)
        .join(SalesPoint, SalesPoint.id == SalesPointProduct.sales_point_id)
        .where(SalesPointProduct.product_id == Product.id, is_open)
    )
    return stocking.correlate(Product).scalar_subquery()


def _shown() -> list[Any]:
    listing, _ = listing_on_view()
    return [
        joinedload(Product.producer),
        joinedload(Product.set),
        joinedload(Product.group),
        joinedload(Product.commune),
        joinedload(Product.province),
        joinedload(Product.cover),
        listing,
    ]
