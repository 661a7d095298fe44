"""Steps that end on the page they lead to: a plain click may return while the old page still stands."""

from playwright.sync_api import Locator, Page


def follow(page: Page, name: str, *, exact: bool = False) -> None:
    """Follow the first link of a name, and wait for its page."""
    land(page, page.get_by_role("link", name=name, exact=exact).first)


def land(page: Page, control: Locator) -> None:
    """Click what leads to another page, and wait for that page."""
    with page.expect_navigation():
        control.click()


def red_buttons(page: Page) -> int:
    """Return how many red buttons can be seen."""
    return sum(one.is_visible() for one in page.locator("main .btn.p").all())
