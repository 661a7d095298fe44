"""A demo: roles to enter, and letters to read; neither is there otherwise."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.roles import Role
from marketplace.app import create_app
from marketplace.database import db, unit_of_work
from marketplace.sales_points.models import SalesPoint
from marketplace.upkeep.demo_people import load_demo_people
from tests.conftest import make_settings
from tests.factories.catalogue import a_product
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer
from tests.signin.browsing import SAME_ORIGIN, Browser, letters


@pytest.fixture
def people(app: Flask) -> int:
    """Write the people of a demo with one producer and one sales point."""
    with unit_of_work() as session:
        province = make_province(session)
        commune = make_commune(session, "Hương Đô", province)
        producer = a_producer(session, province_id=province.id, commune_id=commune.id)
        a_product(session, producer=producer)
        session.add(SalesPoint(slug="quay", name="Quầy", name_key="quay"))
        session.flush()
        return load_demo_people(session, clock.now())


def test_the_people_of_the_demo_are_samples_without_a_password(people: int) -> None:
    written = db.session.execute(sa.select(Person)).scalars().all()
    assert len(written) == people > len(Role)
    assert all(person.sample and person.password_hash is None for person in written)
    assert all("mẫu" in person.name for person in written)
    assert set(db.session.execute(sa.select(Membership.role)).scalars()) == set(Role)


def test_loading_them_again_adds_nobody(people: int) -> None:
    with unit_of_work() as session:
        assert load_demo_people(session, clock.now()) == 0


@pytest.mark.parametrize("role", [*Role])
def test_a_button_enters_each_role_with_two_factors(role: Role, people: int, browser: Browser) -> None:
    page = browser.open("/dang-nhap")
    assert page.soup.select(f'button[name=vai][value="{role.value}"]')
    answer = browser.send("/vao-vai", vai=role.value)
    assert "ma-6-so" not in answer.location
    assert "Vai trò của bạn" in browser.open("/tai-khoan").words


def test_a_button_enters_as_a_buyer(people: int, browser: Browser) -> None:
    browser.send("/vao-vai", vai="buyer")
    assert "Vai trò của bạn" not in browser.open("/tai-khoan").words


def test_a_role_that_there_is_not(people: int, browser: Browser) -> None:
    browser.send("/vao-vai", 404, vai="king")
    browser.send("/vao-vai", 404)


def test_a_demo_without_people_has_nobody_to_enter(app: Flask, browser: Browser) -> None:
    browser.send("/vao-vai", 404, vai="owner")


def test_the_letters_can_be_read(people: int, app: Flask, browser: Browser) -> None:
    assert "Chưa có thư nào" in browser.open("/thu-mau").words
    fields = {"ho_ten": "An", "mat_khau": "hai con trâu cày ruộng", "dong_y": "co"}
    browser.send("/dang-ky", 200, dia_chi="an@example.vn", **fields)
    browser.send("/dang-ky", 200, dia_chi="0912345678", **fields)
    assert len(letters(app)) == 2
    page = browser.open("/thu-mau")
    assert "an@example.vn" in page.words
    assert "0912345678" in page.words
    assert [link for link in page.links() if "/dang-ky/" in link]


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1"])
def test_from_another_machine_there_is_no_demo(address: str, people: int, browser: Browser) -> None:
    elsewhere = {"REMOTE_ADDR": address}
    page = browser.client.get("/dang-nhap", environ_base=elsewhere)
    assert "vai" not in page.text.split("</header>")[1].split("<footer")[0]
    assert browser.client.get("/thu-mau", environ_base=elsewhere).status_code == 404
    data = {"csrf_token": browser.token(), "vai": "owner"}
    answer = browser.client.post("/vao-vai", data=data, headers=SAME_ORIGIN, environ_base=elsewhere)
    assert answer.status_code == 404


OWNER = {f"OWNER_{part}": "Văn phòng" for part in ("NAME", "ADDRESS", "REPRESENTATIVE", "CODE")}


def test_outside_a_demo_nothing_of_it_is_there(people: int, app: Flask, tmp_path: Path) -> None:
    changes = {**OWNER, "DEMO": "0", "SITE_URL": "http://localhost"}
    changes |= {"SUPPORT_PHONE": "19000000", "SUPPORT_EMAIL": "a@example.vn"}
    other = create_app(make_settings(app.extensions["settings"].database_url, tmp_path, **changes))
    with other.app_context():
        browser = Browser(other)
        assert "/vao-vai" not in browser.client.get("/dang-nhap").text
        assert browser.client.get("/thu-mau").status_code == 404
        browser.send("/vao-vai", 404, vai="owner")
        db.session.remove()
        db.engine.dispose()
