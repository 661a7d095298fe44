"""Sales points: the list with its map, and each point."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import g, render_template

from marketplace.catalogue.product_list import load_cards
from marketplace.database import db
from marketplace.places.queries import list_provinces
from marketplace.sales_points.map_points import (
    MapPoint,
    count_by_province,
    get_point,
    list_points,
    list_stocked,
)
from marketplace.sales_points.models import SalesPoint
from marketplace.storefront import door
from marketplace.storefront.cards import make_cards
from marketplace.storefront.hours import hours_of
from marketplace.storefront.point_map import country_points, province_points
from marketplace.storefront.query import read_province
from marketplace.traceability.recalls.queries import recalls_of_products
from marketplace.web.addresses import full_url
from marketplace.web.guards import View
from marketplace.web.headers import allow_geolocation
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language

MOST_LISTED = 40
"""Points listed without choosing a province; of more, the provinces are listed."""

kept_half_an_hour: Callable[[View], View] = public_page(by_the_clock=True)

SIGNS = re.compile(r"[^\w,.-]")


def may_ask_where(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a page ask the device where it is, kept copies too."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        allow_geolocation()
        return view(*args, **kwargs)

    return answer


@door.get("/diem-ban")
@may_ask_where
@kept_half_an_hour
def sales_points() -> str:
    """Show the points of a province or of the country, as list and as map."""
    provinces = list_provinces()
    province = read_province(provinces)
    counts = count_by_province(g.day)
    few = sum(counts.values()) <= MOST_LISTED
    points = list_points(province.id if province else None, g.day) if province or few else []
    drawn = (
        province_points(province, provinces, counts, points)
        if province
        else country_points(provinces, counts)
    )
    return render_template(
        "storefront/sales_points.html",
        points=points,
        few=few,
        province=province,
        provinces=provinces,
        counts=counts,
        drawn=drawn,
        hours=[hours_of(shown.point.opening_hours, g.now, current_language()) for shown in points],
        route=route,
    )


def route(point: SalesPoint) -> str:
    """Return what a map finds a place by: its address in words, better than the middle of its commune.

    It stands in links as it is, letters unencoded, which browsers do themselves.
    """
    parts = (point.name, point.printed_address, point.printed_place)
    return SIGNS.sub(lambda sign: quote(sign.group()), ", ".join(part for part in parts if part))


@door.get("/diem-ban/<slug>")
@kept_half_an_hour
def sales_point(slug: str) -> str:
    """Show a sales point, where it is and what it stocks."""
    point = get_point(slug)
    stocked = list_stocked(point.id)
    provinces = list_provinces()
    drawn = None
    if point.province is not None:
        home = next(unit for unit in provinces if unit.id == point.province_id)
        drawn = province_points(home, provinces, {}, [MapPoint(point, len(stocked))])
    return render_template(
        "storefront/sales_point.html",
        point=point,
        drawn=drawn,
        hours=hours_of(point.opening_hours, g.now, current_language()),
        cards=make_cards(load_cards(list(stocked)), g.day),
        recalls=recalls_of_products(db.session(), list(stocked)) if stocked else (),
        confirmed=max((day for day in stocked.values() if day), default=None),
        route=route,
        day=g.day,
        structured=describe(point),
    )


def describe(point: SalesPoint) -> dict[str, Any]:
    """Return a sales point as schema.org JSON-LD; a point known only roughly has no coordinates."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Store",
        "name": point.name,
        "url": full_url(f"/diem-ban/{point.slug}"),
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "VN",
            **({"streetAddress": point.printed_address} if point.printed_address else {}),
            **({"addressLocality": point.commune.full_name} if point.commune else {}),
            **({"addressRegion": point.province.name} if point.province else {}),
        },
    }
    if point.opening_hours:
        described["openingHours"] = point.opening_hours.split("; ")
    if point.phone:
        described["telephone"] = point.phone
    if point.lat is not None and point.point_accuracy is None:
        described["geo"] = {"@type": "GeoCoordinates", "latitude": point.lat, "longitude": point.lon}
    return described
