"""Sales points as list and map ask for them."""

from datetime import date

import pytest
from flask import Flask

from marketplace.catalogue.actions import suspend_product
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.sales_points.actions import open_sales_point, stock_product
from marketplace.sales_points.map_points import (
    count_by_province,
    get_point,
    list_points,
    list_points_stocking,
    list_stocked,
)
from tests.factories.catalogue import a_product
from tests.factories.places import make_province

TODAY = date(2026, 11, 21)


@pytest.fixture
def known(app: Flask) -> None:
    with unit_of_work() as session:
        place = make_province(session)
        north = open_sales_point(session, "Quầy Bắc", province_id=place.id, lat=18.6, lon=105.7)
        open_sales_point(session, "Quầy Nam", province_id=place.id, lat=18.1, lon=106.1)
        open_sales_point(session, "Quầy Đâu Đó")
        open_sales_point(session, "Quầy Cũ", province_id=place.id, closed_on=TODAY)
        orange = a_product(session, "Cam Khe Mây")
        hidden = a_product(session, "Mứt cam")
        stock_product(session, north, orange.id, date(2026, 10, 1))
        stock_product(session, north, hidden.id, None)
        suspend_product(session, hidden)


@pytest.mark.usefixtures("known")
def test_open_points_from_north_to_south_with_their_products() -> None:
    shown = [(one.point.slug, one.products) for one in list_points(None, TODAY)]
    assert shown == [("quay-bac", 1), ("quay-nam", 0), ("quay-dau-do", 0)]
    home = get_point("quay-bac").province_id
    assert [one.point.slug for one in list_points(home, TODAY)] == ["quay-bac", "quay-nam"]
    assert count_by_province(TODAY) == {home: 2, None: 1}


@pytest.mark.usefixtures("known")
def test_stock_leaves_out_products_off_view() -> None:
    stocked = list_stocked(get_point("quay-bac").id)
    assert list(stocked.values()) == [date(2026, 10, 1)]
    assert [point.slug for point in list_points_stocking(list(stocked), TODAY)] == ["quay-bac"]
    assert list_points_stocking([], TODAY) == []


@pytest.mark.usefixtures("known")
def test_a_closed_point_is_still_found_by_its_address() -> None:
    assert get_point("quay-cu").closed_on == TODAY
    with pytest.raises(NotFound):
        get_point("khong-co")
