"""Two producers and the people who work for them."""

from dataclasses import dataclass

import pytest
from flask import Flask

from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member, an_owner
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, write


@dataclass(frozen=True)
class Shop:
    """A producer with its owner and somebody on its staff, each at a browser of their own."""

    producer: Producer
    owner: Person
    staff: Person
    browser: Browser
    staff_browser: Browser

    @property
    def base(self) -> str:
        """The address of its workspace."""
        return f"/gian-hang/{self.producer.slug}"


def open_shop(app: Flask, name: str) -> Shop:
    """Write a producer with its people, and sign them in."""
    producer = write(a_producer, name)
    owner = write(an_owner, producer.id)
    staff = write(a_member, Scope(ScopeKind.PRODUCER, producer.id), Role.STAFF)
    browser, staff_browser = Browser(app), Browser(app)
    browser.enter_as(owner)
    staff_browser.enter_as(staff, SignInLevel.PASSWORD)
    return Shop(producer, owner, staff, browser, staff_browser)


@pytest.fixture
def shop(app: Flask) -> Shop:
    """The shop of the test."""
    return open_shop(app, "HTX Cam Khe Mây")


@pytest.fixture
def rival(app: Flask) -> Shop:
    """Another one, to whom nothing of it is there."""
    return open_shop(app, "HTX Bưởi Phúc Trạch")
