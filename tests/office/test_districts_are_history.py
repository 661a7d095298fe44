"""Districts ended on 30 June 2025: what they did is kept and told, nothing new is theirs."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.models import Invitation
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE, Role
from marketplace.certification.authorities import DISTRICTS_ENDED, level_by_rules
from marketplace.certification.councils.founding import Founding, found_council
from marketplace.certification.dossiers.models import EvaluationRound
from marketplace.certification.models import Authority
from marketplace.database import db, unit_of_work
from marketplace.places.facts import LAST_OF_DISTRICTS
from marketplace.places.models import AdminUnit
from marketplace.sales_points.actions import open_sales_point, tell_level
from marketplace.sales_points.errors import NoDistrictThen
from marketplace.sales_points.models import PointLevel, SalesPoint
from tests.factories.accounts import an_actor
from tests.factories.office import Desk
from tests.factories.places import make_district, make_province
from tests.signin.browsing import Browser, write

DAY_AFTER = date(2025, 7, 1)


def _district(session: Session, desk: Desk) -> AdminUnit:
    province = session.get_one(AdminUnit, desk.province)
    return make_district(session, "Cẩm Xuyên", province, valid_to=LAST_OF_DISTRICTS, ended=True)


def _former(session: Session, _desk: Desk) -> AdminUnit:
    return make_province(session, "Quảng Bình", key="former", valid_to=LAST_OF_DISTRICTS, ended=True)


def _strong_administrator(desk: Desk) -> Actor:
    return an_actor(desk.administrator, (SITE, Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("stars", "day", "level"),
    [
        (3, date(2023, 2, 24), Authority.DISTRICT),
        (3, LAST_OF_DISTRICTS, Authority.DISTRICT),
        (3, DAY_AFTER, Authority.PROVINCE),
        (3, date(2026, 11, 21), Authority.PROVINCE),
        (4, LAST_OF_DISTRICTS, Authority.PROVINCE),
        (5, LAST_OF_DISTRICTS, Authority.MINISTRY),
    ],
)
def test_districts_gave_three_stars_until_they_ended(stars: int, day: date, level: Authority) -> None:
    assert level_by_rules(stars, day, None) is level
    assert DISTRICTS_ENDED == LAST_OF_DISTRICTS


@pytest.mark.parametrize("unit", [_district, _former])
def test_no_council_is_founded_for_a_unit_that_is_none_any_more(app: Flask, desk: Desk, unit: object) -> None:
    told = Founding(name="Hội đồng", decision_number="1/QĐ-UBND", decided_on=clock.today())
    number = write(unit, desk).id
    with pytest.raises(NotPermitted), unit_of_work() as session:
        found_council(session, _strong_administrator(desk), number, told, clock.now())
    with unit_of_work() as session:
        assert found_council(session, _strong_administrator(desk), desk.province, told, clock.now()).id


def test_nobody_is_invited_to_the_office_of_a_district(desk: Desk, office: Browser, app: Flask) -> None:
    number = write(_district, desk).id
    administrator = Browser(app)
    administrator.enter_as(desk.administrator)
    for browser in (office, administrator):
        page = browser.open("/van-phong/nguoi")
        assert str(number) not in [one.get("value") for one in page.soup.select("#don_vi option")]
        sent = {"don_vi": str(number), "dia_chi": "0912345678"}
        assert "Mời chọn một đơn vị." in browser.send("/van-phong/nguoi/don-vi", 422, **sent).text
    assert db.session.scalars(sa.select(Invitation)).all() == []


def test_no_round_is_opened_for_a_district(desk: Desk, app: Flask) -> None:
    number = write(_district, desk).id
    administrator = Browser(app)
    administrator.enter_as(desk.administrator)
    told = {"nam": "2027", "so": "1", "nhan_den": "31/07/2027", "xong": "30/09/2027", "don_vi": str(number)}
    administrator.send("/van-phong/dot-danh-gia", 422, **told)
    assert db.session.scalars(sa.select(EvaluationRound)).all() == []


@pytest.mark.parametrize(("day", "refused"), [(LAST_OF_DISTRICTS, False), (DAY_AFTER, True)])
def test_a_point_of_a_district_opened_while_there_were_districts(
    app: Flask, day: date, refused: bool
) -> None:
    with unit_of_work() as session:
        point = open_sales_point(session, "Chợ huyện")
        for level in PointLevel:
            if refused and level is PointLevel.DISTRICT:
                with pytest.raises(NoDistrictThen):
                    tell_level(session, point, level, day)
            else:
                tell_level(session, point, level, day)
                assert (point.level, point.opened_on) == (level, day)
        assert db.session.scalars(sa.select(SalesPoint)).one() is point
