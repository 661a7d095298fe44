"""What tests of the sign-in door share."""

import pytest
from flask import Flask

from tests.signin.browsing import Browser


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser of somebody who is not signed in."""
    return Browser(app)
