"""A listing on its way through the five steps: fetched as one's own, shown, and changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.completeness import Step, list_gaps
from marketplace.catalogue.errors import IllegalTransition, ListingChanged
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.web.filters import write_date
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.stamps import stamp_of
from marketplace.workspace.tenancy import own_product, own_product_in
from marketplace.workspace.words import STEPS, mark_of

BEING_WRITTEN = {ListingState.DRAFT, ListingState.DECLINED}


@dataclass(frozen=True, slots=True)
class Draft:
    """A listing of the actor's own inside a unit of work, at the version the person saw."""

    session: Session
    actor: Actor
    product: Product
    listing: Listing
    version: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile: its label, what is kept now, what was typed."""

    label: str
    theirs: str
    mine: str


Change: TypeAlias = Callable[[Draft], None]


def own_listing(slug: str, product_slug: str) -> tuple[Product, Listing]:
    """Return a product of the actor's own with its listing; raises NotFound, also where none is begun."""
    product = own_product(slug, product_slug)
    if product.listing is None:
        raise NotFound
    return product, product.listing


def change_listing(slug: str, product_slug: str, change: Change, step: Step | None = None) -> None:
    """Do something to a listing of the actor's own in one unit of work; raises NotFound and its refusals.

    Where a step still shows what its form was made from, changes of other steps do not matter.
    """
    with acting() as (session, actor):
        product = own_product_in(session, actor, slug, product_slug)
        if product.listing is None:
            raise NotFound
        unchanged = step is not None and request.form.get("stamp") == stamp_of(step, product)
        version = product.listing.version if unchanged else seen_version()
        change(Draft(session, actor, product, product.listing, version))


def seen_version() -> int:
    """Return the version that the form was made from; 0, which no listing has, for none."""
    return request.form.get("version", 0, type=int)


def producer_of(product: Product) -> Producer:
    """Return the producer of a product of somebody's own, which always has one."""
    assert product.producer is not None
    return product.producer


def step_page(
    step: Step,
    product: Product,
    *,
    faults: Faults = (),
    status: int = 0,
    conflict: bool = False,
    differences: Sequence[Difference] = (),
    **facts: Any,
) -> Response:
    """Return the page of a step; after a conflict, with what was typed beside what is kept now (409).

    Whoever then sends the form again has seen both: it carries the present version. While the office
    reads the listing, steps lead to the review, where it can be taken back.
    """
    producer, listing = producer_of(product), product.listing
    assert listing is not None
    at = f"/gian-hang/{producer.slug}/san-pham/{product.slug}"
    if _is_read_by_office(step, listing) and request.method == "GET":
        return go(f"{at}/buoc-5", _("Cán bộ đang xem bài này. Muốn sửa thì rút bài lại."))
    fresh = conflict or request.method == "GET"
    return page(
        f"step_{step.value}",
        producer,
        faults=faults,
        status=status,
        conflict=conflict,
        differences=differences,
        at=at,
        version=listing.version if fresh else seen_version(),
        stamp=stamp_of(step, product) if fresh else request.form.get("stamp", ""),
        **_standing(step, product, listing),
        **facts,
    )


def _standing(step: Step, product: Product, listing: Listing) -> dict[str, Any]:
    """Return how far a listing is, as every step shows it."""
    gaps = set(list_gaps(db.session(), listing, product))
    return {
        "step": step,
        "steps": [(one, STEPS[one], one not in gaps and one is not Step.REVIEW) for one in Step],
        "gaps": gaps,
        "product": product,
        "listing": listing,
        "mark": mark_of(product),
        "saved": _when(listing.touched_at),
        "being_written": listing.state in BEING_WRITTEN,
    }


def _is_read_by_office(step: Step, listing: Listing) -> bool:
    return listing.state is ListingState.SUBMITTED and step is not Step.REVIEW


def _when(instant: datetime) -> str:
    """Write when a listing was kept: the hour of today, else the day."""
    local = instant.astimezone(clock.VIETNAM)
    return f"{local:%H:%M}" if local.date() == clock.today() else write_date(local)


def save_step(
    step: Step,
    slug: str,
    product_slug: str,
    change: Change,
    show_again: Callable[..., Response],
) -> Response:
    """Save a step and lead on; where the listing changed meanwhile, show it again with what was typed.

    `show_again` takes `faults`, `status` and `conflict`.
    """
    try:
        change_listing(slug, product_slug, change, step)
    except ListingChanged as refusal:
        return show_again(status=refusal.status, conflict=True)
    except IllegalTransition as refusal:
        return show_again(faults=[("chinh", explain(refusal))], status=refusal.status)
    return lead_on(step, slug, product_slug)


def lead_on(step: Step, slug: str, product_slug: str) -> Response:
    """Lead to the next step of a listing that is being written, else back to all of it."""
    product, listing = own_listing(slug, product_slug)
    at = f"/gian-hang/{slug}/san-pham/{product.slug}"
    if listing.state not in BEING_WRITTEN:
        shown = listing.state is ListingState.LIVE
        return go(f"{at}/buoc-5", _("Đã lưu. Người mua thấy ngay.") if shown else _("Đã lưu."))
    if "sau" in request.form:
        return go(f"/gian-hang/{slug}/san-pham", _("Đã lưu bài nháp."))
    return go(f"{at}/buoc-{step.value + 1}")
