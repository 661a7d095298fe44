"""Prices: what each pack costs and has cost; large jumps are the owner's, confirmed and proved."""

from dataclasses import replace

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.errors import IllegalTransition, PriceJump
from marketplace.catalogue.listing_content import change_price
from marketplace.catalogue.models import Variant
from marketplace.catalogue.prices import JUMP_PERCENT, price_history
from marketplace.database import db
from marketplace.ordering.stock_keeping import get_shelved, list_shelf
from marketplace.producers.models import Producer
from marketplace.web.guards import requires, strong
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

MOST_PRICE = 1_000_000_000


@door.get("/<slug>/gia")
@requires(Role.OWNER, Role.STAFF)
def show_prices(slug: str) -> Response:
    """List what is sold with its prices."""
    producer = own_producer(slug)
    return page("prices", producer, variants=[one.variant for one in list_shelf(db.session(), producer.id)])


@door.get("/<slug>/gia/<int(max=2147483647):variant_id>")
@requires(Role.OWNER, Role.STAFF)
def show_price(slug: str, variant_id: int) -> Response:
    """Show the price of a pack and those it had."""
    return _price_page(own_producer(slug), variant_id)


@door.post("/<slug>/gia/<int(max=2147483647):variant_id>")
@requires(Role.OWNER, Role.STAFF)
def set_price(slug: str, variant_id: int) -> Response:
    """Give a pack a new price; one that jumps is asked about again, and only of the owner."""
    producer, typed = own_producer(slug), Typed(request.form)
    variant = _own_variant(producer, variant_id)
    price = typed.whole("gia", _("Mời gõ giá bằng đồng, ví dụ 45.000."))
    if not typed.faults and not 1 <= price <= MOST_PRICE:
        typed.fault("gia", _("Giá từ 1 đến 1.000.000.000 đồng."))
    if typed.faults:
        return _price_page(producer, variant_id, typed.faults)
    try:
        _change(slug, variant_id, price, confirmed=False)
    except PriceJump as refusal:
        if require_actor().holds(Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER):
            return go(f"/gian-hang/{slug}/gia/{variant_id}/{price}")
        words = _("Giá đổi quá %(percent)s %%: chỉ chủ cơ sở đổi được.", percent=JUMP_PERCENT)
        return _price_page(producer, variant_id, [("gia", words)], refusal.status)
    except IllegalTransition as refusal:
        return _price_page(producer, variant_id, [("gia", explain(refusal))], refusal.status)
    return _changed(slug, variant)


@door.get("/<slug>/gia/<int(max=2147483647):variant_id>/<int(min=1, max=1000000000):price>")
@requires(Role.OWNER)
def ask_about_jump(slug: str, variant_id: int, price: int) -> Response:
    """Ask whether a price that jumps is meant."""
    producer = own_producer(slug, Role.OWNER)
    variant = _own_variant(producer, variant_id)
    by = round(abs(price - variant.price) * 100 / variant.price)
    return page("price_jump", producer, variant=variant, price=price, by=by, most=JUMP_PERCENT)


@door.post("/<slug>/gia/<int(max=2147483647):variant_id>/<int(min=1, max=1000000000):price>")
@requires(Role.OWNER)
@strong
def confirm_jump(slug: str, variant_id: int, price: int) -> Response:
    """Give a pack a price that jumps, by the owner who has just proved who they are."""
    producer = own_producer(slug, Role.OWNER)
    variant = _own_variant(producer, variant_id)
    try:
        _change(slug, variant_id, price, confirmed=True)
    except IllegalTransition as refusal:
        return _price_page(producer, variant_id, [("gia", explain(refusal))], refusal.status)
    return _changed(slug, variant)


def _change(slug: str, variant_id: int, price: int, *, confirmed: bool) -> None:
    with acting() as (session, actor):
        producer = own_producer_in(session, actor, slug)
        variant = get_shelved(session, producer.id, variant_id).variant
        if variant.price != price:
            by = actor if confirmed else replace(actor, strong_until=None)
            change_price(session, variant, price, actor=by, at=clock.now())


def _own_variant(producer: Producer, variant_id: int) -> Variant:
    return get_shelved(db.session(), producer.id, variant_id).variant


def _changed(slug: str, variant: Variant) -> Response:
    name = f"{variant.product.name}, {variant.name}"
    return go(f"/gian-hang/{slug}/gia", _("Đã đổi giá: %(name)s.", name=name))


def _price_page(producer: Producer, variant_id: int, faults: Faults = (), status: int = 0) -> Response:
    variant = _own_variant(producer, variant_id)
    return page(
        "price",
        producer,
        faults=faults,
        status=status,
        variant=variant,
        history=price_history(variant.id),
        typed=request.form,
        most=JUMP_PERCENT,
    )
