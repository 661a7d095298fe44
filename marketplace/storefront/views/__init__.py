"""The pages of the storefront, one module per feature; importing this package puts them on the door."""

from marketplace.storefront import viewing  # noqa: F401 - counts the views of product pages
from marketplace.storefront.views import (  # noqa: F401
    asking,
    bank_notices,
    cart,
    checkout,
    gateway_notices,
    home,
    legal,
    looking_up,
    orders,
    paying,
    pictures,
    producers,
    products,
    register,
    reports,
    restock,
    returns,
    reviewing,
    rubrics,
    sales_points,
    saving,
    speaking_up,
    suggestions,
    transfers,
)
