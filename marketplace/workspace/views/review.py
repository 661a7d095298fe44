"""Step 5: all of a listing at a glance; it is sent to the office, taken back, paused and resumed here."""

from collections.abc import Callable

from flask import Response

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.change_requests import find_open_request
from marketplace.catalogue.completeness import Step
from marketplace.catalogue.errors import IllegalTransition, ListingIncomplete, NeverCertified
from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.listings import pause_listing, resume_listing, submit_listing, withdraw_listing
from marketplace.web.desk_words import DECLINE_REASONS
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go
from marketplace.workspace.listing_pages import Draft, change_listing, own_listing, step_page
from marketplace.workspace.pack_rows import rows_of
from marketplace.workspace.tenancy import own_product


@door.get("/<slug>/san-pham/<product_slug>/buoc-5")
@requires(Role.OWNER, Role.STAFF)
def review_listing(slug: str, product_slug: str) -> Response:
    """Show all of a listing; a product without one leads to its beginning."""
    if own_product(slug, product_slug).listing is None:
        return go(f"/gian-hang/{slug}/san-pham/moi")
    return _review_page(slug, product_slug)


@door.post("/<slug>/san-pham/<product_slug>/gui")
@requires(Role.OWNER, Role.STAFF)
def send_listing(slug: str, product_slug: str) -> Response:
    """Hand a listing to the office."""
    words = _("Đã gửi. Văn phòng OCOP trả lời trong 7 ngày làm việc.")
    return _do(slug, product_slug, submit_listing, words)


@door.post("/<slug>/san-pham/<product_slug>/rut")
@requires(Role.OWNER, Role.STAFF)
def take_listing_back(slug: str, product_slug: str) -> Response:
    """Take a listing back from the office, to be edited again."""
    return _do(slug, product_slug, withdraw_listing, _("Đã rút bài lại. Sửa xong thì gửi lần nữa."))


@door.post("/<slug>/san-pham/<product_slug>/tam-an")
@requires(Role.OWNER, Role.STAFF)
def hide_listing(slug: str, product_slug: str) -> Response:
    """Take a listing off view and sale for a while."""
    return _do(slug, product_slug, pause_listing, _("Đã tạm ẩn bài. Người mua không đặt được nữa."))


@door.post("/<slug>/san-pham/<product_slug>/hien-lai")
@requires(Role.OWNER, Role.STAFF)
def show_listing_again(slug: str, product_slug: str) -> Response:
    """Put a paused listing on view and sale again."""
    return _do(slug, product_slug, resume_listing, _("Bài đã hiện lại."))


def _do(slug: str, product_slug: str, deed: Callable[..., None], words: str) -> Response:
    def change(draft: Draft) -> None:
        deed(draft.session, draft.listing, actor=draft.actor, at=clock.now())

    try:
        change_listing(slug, product_slug, change)
    except ListingIncomplete as refusal:
        step = Step(refusal.parameters["step"])
        return _review_page(slug, product_slug, [(f"phan-{step.value}", explain(refusal))], refusal.status)
    except (NeverCertified, IllegalTransition) as refusal:
        return _review_page(slug, product_slug, [("chinh", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/san-pham/{product_slug}/buoc-5", words)


def _review_page(slug: str, product_slug: str, faults: Faults = (), status: int = 0) -> Response:
    product, listing = own_listing(slug, product_slug)
    return step_page(
        Step.REVIEW,
        product,
        faults=faults,
        status=status,
        rows=[row for row in rows_of(product, live=listing.state is ListingState.LIVE) if row.sku],
        reason=DECLINE_REASONS[listing.decline_reason] if listing.decline_reason else "",
        waiting=find_open_request(product.id),
    )
