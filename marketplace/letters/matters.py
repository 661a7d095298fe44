"""What a letter tells of, read when it is sent: a product, a change request, a report, an order."""

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.change_requests import ChangeRequest
from marketplace.catalogue.models import Product
from marketplace.catalogue.report_models import Report
from marketplace.letters import (
    certificates,
    council_matters,
    dossiers,
    idea_matters,
    mergers,
    order_matters,
    oversight,
)
from marketplace.letters.reminders import tell_of_reminder, tell_of_renewal, tell_of_saved
from marketplace.web.desk_words import DECLINE_REASONS, REPORT_REASONS
from marketplace.web.post import Letter

Facts: TypeAlias = dict[str, Any]


def find_matter(session: Session, letter: Letter, about: int) -> Facts | None:
    """Return what a letter says of its matter; None when that is no longer there."""
    find = _FINDERS.get(letter)
    return find(session, about) if find is not None else {}


def _of_product(session: Session, product_id: int) -> Facts | None:
    wanted = sa.select(Product).where(Product.id == product_id)
    loaded = wanted.options(joinedload(Product.producer), joinedload(Product.listing))
    product = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if product is None:
        return None
    listing = product.listing
    reason = listing.decline_reason if listing else None
    return {
        **_facts_of(product),
        "stars": product.granted_stars,
        "until": product.certified_until,
        "reason": str(DECLINE_REASONS[reason]) if reason else "",
        "words": (listing.decline_words if listing else None) or "",
    }


def _of_change(session: Session, request_id: int) -> Facts | None:
    product = joinedload(ChangeRequest.product).joinedload(Product.producer)
    wanted = sa.select(ChangeRequest).where(ChangeRequest.id == request_id).options(product)
    change = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    return {**_facts_of(change.product), "words": change.words or ""} if change else None


def _of_report(session: Session, report_id: int) -> Facts | None:
    wanted = sa.select(Report).where(Report.id == report_id)
    loaded = wanted.options(
        joinedload(Report.product).joinedload(Product.producer), joinedload(Report.producer)
    )
    report = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if report is None or report.reason is None:
        return None
    facts = _facts_of(report.product) if report.product else {"product": report.about}
    return {**facts, "reason": str(REPORT_REASONS[report.reason]), "words": report.answer or ""}


def _facts_of(product: Product) -> Facts:
    shop = f"/gian-hang/{product.producer.slug}" if product.producer else "/gian-hang"
    return {"product": product.name, "path": f"/san-pham/{product.slug}", "shop": shop}


_FINDERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    Letter.RENEWAL_DUE: tell_of_renewal,
    Letter.RENEWAL_REMINDED: tell_of_reminder,
    Letter.SAVED_NEWS: tell_of_saved,
    Letter.LISTING_APPROVED: _of_product,
    Letter.LISTING_DECLINED: _of_product,
    Letter.PRODUCT_CERTIFIED: _of_product,
    Letter.CHANGE_CONFIRMED: _of_change,
    Letter.CHANGE_DECLINED: _of_change,
    Letter.PRODUCT_SUSPENDED: _of_report,
    Letter.REPORT_ANSWERED: _of_report,
    **certificates.MATTERS,
    **council_matters.MATTERS,
    **dossiers.MATTERS,
    **order_matters.MATTERS,
    **idea_matters.MATTERS,
    **mergers.MATTERS,
    **oversight.MATTERS,
}
