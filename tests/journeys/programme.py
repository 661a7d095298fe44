"""Who turns the programme's cycle, and the desks that they turn it at."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories import accounts
from tests.factories.dossiers import choices_for
from tests.journeys.steps import red_buttons
from tests.journeys.test_workspace import SHOP, Market

NAME = "Mứt vỏ bưởi"
PRODUCT = "/san-pham/mut-vo-buoi"
SET_NUMBER, SET_NAME = 7, "Chế biến từ rau, củ, quả, hạt"
STARS = 4
OFFICE = "/van-phong"
CHAIR, MEMBERS, INVOLVED = "chủ tịch", ("uỷ viên 1", "uỷ viên 2", "uỷ viên 3", "uỷ viên 4"), "người quen"
COUNCIL = (CHAIR, *MEMBERS, INVOLVED)
LONG_AGO = timedelta(minutes=15)


def rubric() -> Rubric:
    """Return what the product is scored by."""
    return next(one for one in list_rubrics() if one.number == SET_NUMBER)


def email_of(person: str) -> str:
    """Return the address by which a member of the council is found."""
    return f"{COUNCIL.index(person)}@hoi-dong.vn"


def seat_people(market: Market) -> None:
    """Write an officer of the commune, two of the province, and six who will sit in the council."""
    with market.app.app_context():
        with unit_of_work() as session:
            shop = session.scalars(sa.select(Producer).where(Producer.slug == SHOP.rsplit("/", 1)[1])).one()
            for name, unit, role in (
                ("commune", shop.commune_id, Role.COMMUNE_OFFICER),
                ("second", shop.province_id, Role.PROVINCE_OFFICER),
            ):
                place = Scope(ScopeKind.ADMIN_UNIT, unit or 0)
                market.people[name] = accounts.a_member(session, place, role).id
            for name in COUNCIL:
                person = accounts.a_person(session, name.capitalize(), email=email_of(name))
                market.people[name] = person.id
        db.session.remove()


@contextmanager
def desk(market: Market, person: str) -> Iterator[Page]:
    """Sit down at a desk's wide screen, in a browser of one's own."""
    with market.phone(person) as page:
        page.set_viewport_size({"width": 1280, "height": 900})
        yield page


@contextmanager
def desk_of_the_morning(market: Market, person: str) -> Iterator[Page]:
    """Sit at a desk where one signed in too long ago to do what is dangerous."""
    with ExitStack() as left:
        with clock.stopped(clock.now() - LONG_AGO):
            page = left.enter_context(desk(market, person))
        yield page


@contextmanager
def at_time(instant: datetime) -> Iterator[None]:
    """Move the clock of the site and of everybody before it."""
    with clock.stopped(instant), clock.stopped(instant, everywhere=True):
        yield


def press(page: Page, name: str, says: str = "") -> None:
    """Press a button, and read what the page answers."""
    assert red_buttons(page) <= 1, page.url
    page.get_by_role("button", name=name).first.click()
    if says:
        expect(page.get_by_role("status").first).to_contain_text(says)


def score(page: Page, stars: int = STARS, lower: str = "") -> None:
    """Choose on every criterion of a page what so many stars ask for, one lower at the criterion named."""
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details.rub').forEach((group) => { group.open = true; })")
    for code, option in choices_for(rubric(), stars).items():
        wanted = option - 1 if code == lower else option
        field = page.locator(f'main [name="c{code}"][value="{wanted}"]')
        if field.count():
            field.check()
