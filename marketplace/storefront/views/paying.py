"""Paying for an order: the page that says how."""

from flask import Response

from marketplace.errors import NotFound
from marketplace.ordering.queries import get_group
from marketplace.storefront import door
from marketplace.storefront.pay_pages import find_pay_page
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address


@door.get("/don-hang/<number>/<secret>/tra-tien")
@guarded(Guard.VISITOR)
def show_payment(number: str, secret: str) -> Response:
    """Show how an order is paid, by the page of its way of paying."""
    group = get_group(number, secret)
    page = find_pay_page(group.payment_method)
    if page is None:
        raise NotFound
    return tell_no_address(page(group))
