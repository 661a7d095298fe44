"""The pages of the storefront, one module per feature; importing this package puts them on the door."""

from marketplace.storefront import viewing  # noqa: F401 - counts the views of product pages
from marketplace.storefront.views import (  # noqa: F401
    cart,
    checkout,
    home,
    legal,
    orders,
    paying,
    pictures,
    producers,
    products,
    register,
    reports,
    sales_points,
    saving,
    suggestions,
)
