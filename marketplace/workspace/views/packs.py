"""Step 3: the packs a product is sold in: what is inside, price, VAT and weight."""

from collections.abc import Sequence

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.completeness import Step
from marketplace.catalogue.errors import PriceJump
from marketplace.catalogue.listing_content import set_listing_packs
from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.models import Product
from marketplace.money import format_vnd
from marketplace.web.guards import requires
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults
from marketplace.workspace.listing_pages import Difference, Draft, own_listing, save_step, step_page
from marketplace.workspace.pack_rows import MOST_PACKS, PackRow, read_packs, read_rows, rows_of
from marketplace.workspace.words import UNITS, VAT_RATES


@door.get("/<slug>/san-pham/<product_slug>/buoc-3")
@requires(Role.OWNER, Role.STAFF)
def ask_packs(slug: str, product_slug: str) -> Response:
    """Ask for the packs."""
    product, listing = own_listing(slug, product_slug)
    return _packs_page(product, rows_of(product, live=listing.state is ListingState.LIVE))


@door.post("/<slug>/san-pham/<product_slug>/buoc-3")
@requires(Role.OWNER, Role.STAFF)
def save_packs(slug: str, product_slug: str) -> Response:
    """Keep the packs, and go on, or ask for one more."""
    product, _listing = own_listing(slug, product_slug)
    rows = read_rows(request.form)
    if "them" in request.form:
        return _packs_page(product, rows, more=1)
    packs, faults = read_packs(rows, product)
    if faults:
        return _packs_page(product, rows, faults=faults)

    def change(draft: Draft) -> None:
        set_listing_packs(
            draft.session, draft.listing, packs, version=draft.version, actor=draft.actor, at=clock.now()
        )

    def show_again(faults: Faults = (), status: int = 0, conflict: bool = False) -> Response:
        product, _listing = own_listing(slug, product_slug)
        return _packs_page(product, rows, faults=faults, status=status, conflict=conflict)

    try:
        return save_step(Step.PACKS, slug, product_slug, change, show_again)
    except PriceJump as refusal:
        return show_again([_jump(rows, refusal)], refusal.status)


def _jump(rows: Sequence[PackRow], refusal: PriceJump) -> tuple[str, str]:
    """Say which price went too far; the owner changes it on the page of prices, after proving who it is."""
    number = next(n for n, row in enumerate(rows) if row.sku == refusal.parameters["sku"])
    words = _(
        "Giá cách %(before)s hơn 30%%. Chủ cơ sở đổi giá này ở trang Giá bán.",
        before=format_vnd(refusal.parameters["before"]),
    )
    return f"gia-{number}", words


def _packs_page(
    product: Product,
    rows: Sequence[PackRow],
    *,
    faults: Faults = (),
    status: int = 0,
    conflict: bool = False,
    more: int = 0,
) -> Response:
    kept = rows_of(product, live=product.listing is not None and product.listing.state is ListingState.LIVE)
    shown = [*rows, *[PackRow()] * (more or not rows)]
    return step_page(
        Step.PACKS,
        product,
        faults=faults,
        status=status,
        conflict=conflict,
        differences=[Difference(_("Gói hàng"), _in_words(kept), _in_words(rows))]
        if conflict and list(rows) != kept
        else [],
        rows=shown[:MOST_PACKS],
        full=len(shown) >= MOST_PACKS,
        units=[(unit.value, words) for unit, words in UNITS.items()],
        rates=[(rate, f"{rate}%") for rate in VAT_RATES],
    )


def _in_words(rows: Sequence[PackRow]) -> str:
    return "; ".join(f"{row.ten}: {row.gia} đ" for row in rows)
