"""Step 1: which product it is: one of the register, or one that is not in it yet."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.completeness import Step
from marketplace.catalogue.errors import FixedByCertificate, InvalidWords, ListingExists
from marketplace.catalogue.listing_content import describe_draft_product
from marketplace.catalogue.listings import start_listing
from marketplace.catalogue.models import Product, ProductSet
from marketplace.catalogue.own_products import list_own_products
from marketplace.catalogue.queries import list_sets
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.listing_pages import Difference, Draft, own_listing, save_step, step_page
from marketplace.workspace.set_choice import grouped_sets
from marketplace.workspace.tenancy import own_producer, own_producer_in, own_product_in

NEW = "*"
FACTS = {"ten": "name", "thanh_phan": "ingredients", "nhan": "labels"}


@door.get("/<slug>/san-pham/moi")
@requires(Role.OWNER, Role.STAFF)
def ask_product(slug: str) -> Response:
    """Ask which product the listing is of."""
    return _choice_page(own_producer(slug))


@door.post("/<slug>/san-pham/moi")
@requires(Role.OWNER, Role.STAFF)
def begin_listing(slug: str) -> Response:
    """Begin a listing, and lead to its pictures; one that is begun already is gone on with."""
    producer = own_producer(slug)
    chosen, faults = request.form.get("san_pham", ""), _faults_of_choice()
    if faults:
        return _choice_page(producer, faults)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            facts = (
                _new_facts(session)
                if chosen == NEW
                else {"product": own_product_in(session, actor, slug, chosen)}
            )
            listing = start_listing(session, own, actor=actor, at=clock.now(), **facts)
            chosen = session.get_one(Product, listing.product_id).slug
    except ListingExists:
        return go(f"/gian-hang/{slug}/san-pham/{chosen}/buoc-5")
    return go(f"/gian-hang/{slug}/san-pham/{chosen}/buoc-2")


def _new_facts(session: Session) -> dict[str, Any]:
    return {
        "name": request.form.get("ten", ""),
        "product_set": _set_named(session, request.form.get("bo", "")),
    }


def _set_named(session: Session, slug: str) -> ProductSet:
    return session.scalars(sa.select(ProductSet).where(ProductSet.slug == slug)).one()


def _faults_of_choice() -> list[tuple[str, str]]:
    chosen = request.form.get("san_pham", "")
    if not chosen:
        return [("san_pham", _("Mời chọn một sản phẩm."))]
    if chosen != NEW:
        return []
    return [*_faults_of_name(), *_faults_of_set()]


def _faults_of_name() -> list[tuple[str, str]]:
    if 1 <= len(request.form.get("ten", "").strip()) <= 200:
        return []
    return [("ten", _("Mời gõ tên sản phẩm, tối đa 200 chữ."))]


def _faults_of_set() -> list[tuple[str, str]]:
    known = {one.slug for one in list_sets()}
    return [] if request.form.get("bo", "") in known else [("bo", _("Mời chọn bộ sản phẩm gần nhất."))]


def _choice_page(producer: Producer, faults: Faults = ()) -> Response:
    products = [one for one in list_own_products(db.session(), producer.id) if one.listing is None]
    return page(
        "begin",
        producer,
        faults=faults,
        products=products,
        sets=grouped_sets(),
        chosen=request.form.get("san_pham", "" if products else NEW),
        typed=request.form.to_dict(),
        day=clock.today(),
    )


@door.get("/<slug>/san-pham/<product_slug>/buoc-1")
@requires(Role.OWNER, Role.STAFF)
def show_product(slug: str, product_slug: str) -> Response:
    """Show what the product is; what no certificate fixes yet is asked for."""
    return _product_page(slug, product_slug)


@door.post("/<slug>/san-pham/<product_slug>/buoc-1")
@requires(Role.OWNER, Role.STAFF)
def save_product(slug: str, product_slug: str) -> Response:
    """Keep what the product is, before a certificate fixes it."""
    faults = [*_faults_of_name(), *_faults_of_set()]
    if faults:
        return _product_page(slug, product_slug, faults)
    try:
        return save_step(
            Step.NAME,
            slug,
            product_slug,
            _describe,
            lambda **again: _product_page(slug, product_slug, **again),
        )
    except InvalidWords as refusal:
        field = next(name for name, column in FACTS.items() if column == refusal.parameters["field"])
        return _product_page(slug, product_slug, [(field, _("Dài quá. Mời viết gọn lại."))])
    except FixedByCertificate:
        return go(f"/gian-hang/{slug}/san-pham/{product_slug}/de-nghi")


def _describe(draft: Draft) -> None:
    facts: dict[str, Any] = {column: request.form.get(field, "") for field, column in FACTS.items()}
    facts["product_set"] = _set_named(draft.session, request.form["bo"])
    describe_draft_product(
        draft.session, draft.listing, version=draft.version, actor=draft.actor, at=clock.now(), **facts
    )


def _product_page(
    slug: str, product_slug: str, faults: Faults = (), status: int = 0, conflict: bool = False
) -> Response:
    product, _listing = own_listing(slug, product_slug)
    kept = {field: getattr(product, column) or "" for field, column in FACTS.items()}
    kept["bo"] = product.set.slug if product.set else ""
    typed = {field: request.form.get(field, words) for field, words in kept.items()}
    return step_page(
        Step.NAME,
        product,
        faults=faults,
        status=status,
        conflict=conflict,
        differences=_differences(kept, typed) if conflict else (),
        typed=typed,
        sets=[] if product.ever_certified else grouped_sets(),
    )


def _differences(kept: dict[str, str], typed: dict[str, str]) -> Sequence[Difference]:
    labels = {
        "ten": _("Tên sản phẩm"),
        "thanh_phan": _("Thành phần"),
        "nhan": _("Chữ trên nhãn"),
        "bo": _("Bộ sản phẩm"),
    }
    return [
        Difference(labels[field], kept[field], typed[field])
        for field in kept
        if kept[field] != typed[field].replace("\r\n", "\n").strip()
    ]
