"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.workspace import door
from marketplace.workspace.views import (  # noqa: F401
    beginning,
    changes,
    complaints,
    entrance,
    figures,
    holiday,
    listings,
    money,
    order_deeds,
    order_papers,
    orders,
    packs,
    people,
    pictures,
    preview,
    prices,
    profile,
    quality,
    renewal,
    returns,
    review,
    sales,
    sheets,
    shipping,
    shipping_zones,
    stock,
    story,
    today,
    voices,
)

__all__ = ["door"]
