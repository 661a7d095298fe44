"""The pages of the storefront, one module per feature; importing this package puts them on the door."""

from marketplace.storefront.views import cart, checkout, legal, orders, register  # noqa: F401
