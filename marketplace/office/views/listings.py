"""A listing to moderate: shown as buyers would see it, let through or given back with a reason."""

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.errors import InvalidWords, ListingChanged
from marketplace.catalogue.listing_models import DeclineReason, ListingState
from marketplace.catalogue.listing_states import Deed, is_open
from marketplace.catalogue.listings import approve_listing, decline_listing
from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import time_left
from marketplace.office.listing_checks import check_listing
from marketplace.office.tenancy import OFFICE, listed_in_reach, listing_in_reach
from marketplace.text import whole_number
from marketplace.web.desk_words import DECLINE_REASONS
from marketplace.web.guards import requires
from marketplace.web.post import Letter, send_to_members
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/gian-hang"


@door.get("/gian-hang/<int:product_id>")
@requires(*OFFICE)
def show_listing(product_id: int) -> Response:
    """Show a listing with what a machine found, and the two answers there are."""
    return _listing_page(_find_product(product_id))


@door.post("/gian-hang/<int:product_id>/duyet")
@requires(*OFFICE)
def approve(product_id: int) -> Response:
    """Let a listing through: it is on view and on sale at once."""
    with acting() as (work, actor):
        listing = listing_in_reach(work, actor, product_id)
        approve_listing(work, listing, version=_version(), actor=actor, at=clock.now())
        send_to_members(work, Letter.LISTING_APPROVED, listing.producer_id, clock.now(), product_id)
    return go(PATH, _("Đã duyệt. Sản phẩm hiện trên chợ ngay bây giờ."))


@door.post("/gian-hang/<int:product_id>/tra-lai")
@requires(*OFFICE)
def decline(product_id: int) -> Response:
    """Give a listing back with a reason and words that say what to change; a live one is taken down."""
    typed = request.form.get("ly_do", "")
    if typed not in set(DeclineReason):
        return _listing_page(_find_product(product_id), [("ly_do", _("Mời chọn một lý do."))])
    try:
        with acting() as (work, actor):
            listing = listing_in_reach(work, actor, product_id)
            reason, words = DeclineReason(typed), request.form.get("loi", "")
            decline_listing(work, listing, reason, words, version=_version(), actor=actor, at=clock.now())
            send_to_members(work, Letter.LISTING_DECLINED, listing.producer_id, clock.now(), product_id)
    except InvalidWords:
        faults = [("loi", _("Mời viết cần sửa gì, không quá %(most)s chữ.", most=1000))]
        return _listing_page(_find_product(product_id), faults)
    return go(PATH, _("Đã trả lại. Cơ sở được báo ngay."))


def _find_product(product_id: int) -> Product:
    """Return a product of the actor's units that has a listing, with all that is shown of it."""
    return listed_in_reach(db.session(), require_actor(), product_id)


def _listing_page(product: Product, faults: Faults = ()) -> Response:
    listing = product.listing
    assert listing is not None
    return page(
        "listing",
        faults=faults,
        product=product,
        listing=listing,
        waits=listing.state is ListingState.SUBMITTED,
        returnable=is_open(Deed.DECLINE, listing.state),
        checks=check_listing(product, listing, clock.today()),
        left=time_left(listing.answer_due_at, clock.now()),
        reasons=[(reason.value, words) for reason, words in DECLINE_REASONS.items()],
        typed=request.form,
        day=clock.today(),
    )


def _version() -> int:
    """Return the version that was read; raises ListingChanged for one that is no number."""
    version = whole_number(request.form.get("phien_ban", ""))
    if version is None:
        raise ListingChanged(version=0)
    return version
