"""What is wrong with a page for somebody who looks at it: on a telephone, at a desk, by day and by night."""

from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.steps import red_buttons

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
ALL: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": STANDARDS}}
OF_COLOURS: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": COLOURS}}
THEMES: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (("dark", OF_COLOURS), ("light", ALL))
"""What axe is asked by day and by night, between which nothing changes but colours."""
PHONE, DESK, NARROWEST = 375, 1280, 320
RULES = "asked => axe.run(asked).then(found => found.violations)"


def faults_of(page: Page, path: str) -> list[str]:
    """Open a page, and return what is wrong with it."""
    page.goto(path)
    return faults_here(page)


def faults_here(page: Page) -> list[str]:
    """Return what is wrong with the page that is open, and leave it on a telephone by day.

    That is what axe finds in either theme at either width, where the page is wider than its window, and
    more than one red button: a page asks for one thing first.
    """
    path = urlsplit(page.url).path
    faults = []
    page.evaluate(Axe().axe_script)
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        faults += [f"{path} {width}: red buttons"] if red_buttons(page) > 1 else []
        for theme, asked in THEMES:
            page.emulate_media(color_scheme=theme)
            found = page.evaluate(RULES, asked)
            faults += [
                f"{path} {width} {theme}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in found
            ]
        faults += too_wide(page)
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    faults += too_wide(page)
    page.set_viewport_size({"width": PHONE, "height": 800})
    return faults


def too_wide(page: Page) -> list[str]:
    """Return a fault where the page is wider than its window."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{urlsplit(page.url).path}: {wide} px in a window of {window}"] if wide > window else []
