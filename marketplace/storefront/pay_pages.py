"""Which page tells how an order is paid: each way of paying brings its own."""

from collections.abc import Callable

from flask import Response

from marketplace.ordering.models import OrderGroup, PaymentMethod

PayPage = Callable[[OrderGroup], Response]

_pages: dict[PaymentMethod, PayPage] = {}


def pays_by(method: PaymentMethod) -> Callable[[PayPage], PayPage]:
    """Register the function that shows how an order group is paid by a method."""

    def register(page: PayPage) -> PayPage:
        _pages[method] = page
        return page

    return register


def find_pay_page(method: PaymentMethod) -> PayPage | None:
    """Return the function that shows how to pay by a method, or None where there is nothing to do."""
    return _pages.get(method)
