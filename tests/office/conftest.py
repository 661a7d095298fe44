"""What tests of the office share."""

import pytest
from flask import Flask

from tests.factories.office import Desk, a_desk
from tests.signin.browsing import Browser, write


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A province whose desk has things to answer."""
    found: Desk = write(a_desk)
    return found


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser of somebody who is not signed in."""
    return Browser(app)


@pytest.fixture
def office(browser: Browser, desk: Desk) -> Browser:
    """A browser of an officer of the province, fresh from signing in."""
    browser.enter_as(desk.officer)
    return browser
