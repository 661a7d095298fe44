"""Reviews: all of a product's, and the page behind an order's secret link where its buyer writes one."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, flash, g, make_response, redirect, render_template, request

from marketplace import clock
from marketplace.accounts.errors import TooManyAttempts
from marketplace.catalogue.queries import get_product
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError, NotFound
from marketplace.media.errors import PictureRefused
from marketplace.ordering.models import OrderLine
from marketplace.ordering.order_number import write_number
from marketplace.reviews.errors import TooManyPhotographs
from marketplace.reviews.models import Review
from marketplace.reviews.queries import list_reviews, rate_product
from marketplace.reviews.reading import LONGEST_AUTHOR, LONGEST_REVIEW, propose_author
from marketplace.reviews.writing import (
    CHANGED_WITHIN,
    MOST_PICTURES,
    Told,
    claim_review,
    delete_review,
    find_review,
    may_change,
    open_line,
    require_changeable,
    require_delivered,
    write_review,
)
from marketplace.settings import LapsedProducts
from marketplace.storefront import door
from marketplace.storefront.cards import product_name
from marketplace.storefront.query import read_page
from marketplace.storefront.review_form import Faults, read_photographs, read_review
from marketplace.storefront.shopping import shop_settings
from marketplace.web.addresses import page_url
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language
from marketplace.web.pictures import takes_files
from marketplace.web.refusals import explain
from marketplace.web.voice_words import BROKEN_RULES
from marketplace.web.words import gettext as _


@door.get("/san-pham/<slug>/danh-gia")
@public_page
def reviews(slug: str) -> str:
    """Show a page of what buyers say of a product."""
    product, path = get_product(slug), f"/san-pham/{slug}"
    if shop_settings().lapsed_products is LapsedProducts.HIDE and product.live_stars(g.day) is None:
        raise NotFound(slug=slug)
    return render_template(
        "storefront/reviews.html",
        name=product_name(product, current_language() == "en"),
        product_path=path,
        ratings=rate_product(db.session(), product.id),
        page=list_reviews(db.session(), product.id, read_page()),
        address=lambda number: page_url(f"{path}/danh-gia", trang=number if number > 1 else None),
    )


@door.get("/don-hang/<number>/<secret>/danh-gia/<int(max=2147483647):order_line_id>")
@guarded(Guard.VISITOR)
def ask_for_review(number: str, secret: str, order_line_id: int) -> Response:
    """Show the buyer what they said of a line of their order, and the form to say or change it."""
    line = _line(number, secret, order_line_id)
    require_delivered(db.session(), line)
    return _review_page(line, find_review(db.session(), line.id), [])


@door.post("/don-hang/<number>/<secret>/danh-gia/<int(max=2147483647):order_line_id>")
@guarded(Guard.VISITOR)
@takes_files()
def save_review(number: str, secret: str, order_line_id: int) -> Response:
    """Take a review; its photographs are opened last, before the unit of work begins."""
    require_form_token()
    line = _line(number, secret, order_line_id)
    require_delivered(db.session(), line)
    review = find_review(db.session(), line.id)
    if review is not None:
        require_changeable(review, clock.now())
    faults: Faults = []
    told = read_review(faults)
    if told is None:
        return _review_page(line, review, faults)
    kept = [one.picture.key for one in review.pictures] if review else []
    try:
        _save(line.order.group_id, line.id, kept, told)
    except (PictureRefused, TooManyPhotographs, TooManyAttempts) as refusal:
        return _refused(_line(number, secret, order_line_id), refusal)
    return _go(number, secret, order_line_id, _("Đã đăng lời của bạn. Cảm ơn bạn."))


@door.post("/don-hang/<number>/<secret>/danh-gia/<int(max=2147483647):order_line_id>/xoa")
@guarded(Guard.VISITOR)
def drop_review(number: str, secret: str, order_line_id: int) -> Response:
    """Delete what the buyer said, with its photographs."""
    require_form_token()
    group_id = _line(number, secret, order_line_id).order.group_id
    with unit_of_work() as session:
        delete_review(session, group_id, order_line_id)
    return _go(number, secret, order_line_id, _("Đã xoá lời của bạn."))


def _save(group_id: int, order_line_id: int, kept: Sequence[str], told: Told) -> None:
    at = clock.now()
    claim_review(group_id, at)
    told = replace(told, photographs=read_photographs(kept, told.dropped))
    with unit_of_work() as session:
        write_review(session, group_id, order_line_id, told, at)


def _refused(line: OrderLine, refusal: MarketplaceError) -> Response:
    faults = [("anh", explain(refusal))]
    response = _review_page(line, find_review(db.session(), line.id), faults, refusal.status)
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
    return response


def _line(number: str, secret: str, order_line_id: int) -> OrderLine:
    return open_line(db.session(), number, secret, order_line_id)


def _review_page(line: OrderLine, review: Review | None, faults: Faults, status: int = 422) -> Response:
    kept = {"diem": str(review.rating), "ten": review.author, "loi": review.words} if review else {}
    page = render_template(
        "storefront/review.html",
        line=line,
        review=review,
        changeable=review is None or may_change(review, clock.now()),
        hidden_because=BROKEN_RULES[review.hidden_because] if review and review.hidden_because else "",
        changed_within=CHANGED_WITHIN.days,
        most=MOST_PICTURES,
        longest={"ten": LONGEST_AUTHOR, "loi": LONGEST_REVIEW},
        number=write_number(line.order.group.number),
        at=request.path.removesuffix("/xoa"),
        typed=request.form if faults else kept or {"ten": propose_author(line.order.group.buyer_name)},
        faults=faults,
        faulty=dict(faults),
    )
    return tell_no_address(make_response(page, status if faults else 200))


def _go(number: str, secret: str, order_line_id: int, words: str) -> Response:
    flash(words)
    path = page_url(f"/don-hang/{number}/{secret}/danh-gia/{order_line_id}")
    return tell_no_address(make_response(redirect(path, 303)))
