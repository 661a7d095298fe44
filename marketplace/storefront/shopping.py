"""What cart, checkout and order pages share: the cart's cookie and the terms of sale."""

from flask import Response, current_app, request

from marketplace import clock
from marketplace.ordering.models import Cart
from marketplace.ordering.sale import SaleTerms
from marketplace.places.models import AdminUnit
from marketplace.settings import LapsedProducts, Settings
from marketplace.text import whole_number

CART_KEPT_SECONDS = 30 * 24 * 3600


def shop_settings() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def sale_terms() -> SaleTerms:
    """Return the terms of sale of today."""
    settings = shop_settings()
    sells = settings.lapsed_products is LapsedProducts.SELL
    return SaleTerms(day=clock.today(), sell_lapsed=sells, commission_rate=settings.commission_rate)


def cart_token() -> str | None:
    """Return the token of the browser's cart, or None."""
    return request.cookies.get(_cookie_name())


def keep_cart_token(response: Response, token: str) -> None:
    """Have the browser keep the token of its cart for thirty days."""
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=CART_KEPT_SECONDS,
        secure=shop_settings().secure,
        httponly=True,
        samesite="Lax",
    )


def destination(cart: Cart | None, provinces: list[AdminUnit]) -> int | None:
    """Return the province to send to: the one the buyer told, else the shop's own, else none yet."""
    if cart is not None and cart.province_id is not None:
        return cart.province_id
    code = shop_settings().province_code
    return next((unit.id for unit in provinces if code and unit.code == code), None)


def read_id(text: str | None) -> int | None:
    """Return the row number that a form field holds, or None."""
    return whole_number(text or "")


def _cookie_name() -> str:
    return "__Host-cart" if shop_settings().secure else "cart"
