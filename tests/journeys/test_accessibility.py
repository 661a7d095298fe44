"""Every kind of page for everyone: axe, both themes, both widths, no overflow, a silent console."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.journeys.places import ACCOUNT, KINDS, REFUSED, public_paths

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": STANDARDS}}
WIDTHS = (375, 1280)
NARROWEST = 320


@pytest.fixture(scope="session")
def paths(live_site: str) -> dict[str, str]:
    """One path of every kind of page."""
    found = public_paths(live_site)
    assert set(found) == set(KINDS)
    return found


def watched_page(context: BrowserContext, complaints: list[str], refused: bool) -> Page:
    """Open a page that remembers what the browser complains of; a refused page's own status is known."""

    def hear(message: ConsoleMessage) -> None:
        expected = refused and message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not expected:
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return pixels


def faults_of(page: Page, path: str) -> list[str]:
    """Visit a page at each width; return what axe finds there, and where it is wider than its window."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        found = Axe().run(page, options=OPTIONS).response["violations"]
        faults += [f"{path} {width}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in found]
        faults += [f"{path} {width}: too wide"] if overflow(page) > 0 else []
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    return faults + ([f"{path} {NARROWEST}: too wide"] if overflow(page) > 0 else [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_for_everyone(browser: Browser, live_site: str, paths: dict[str, str], kind: str) -> None:
    complaints: list[str] = []
    faults: list[str] = []
    for theme in ("light", "dark"):
        context = browser.new_context(base_url=live_site, color_scheme=theme, reduced_motion="reduce")
        page = watched_page(context, complaints, kind in REFUSED)
        faults += [f"{theme} {fault}" for fault in faults_of(page, paths[kind])]
        context.close()
    assert faults == []
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_account_is_for_everyone(
    browser: Browser, live_site: str, theme: Literal["light", "dark"]
) -> None:
    complaints: list[str] = []
    context = browser.new_context(base_url=live_site, color_scheme=theme, reduced_motion="reduce")
    page = watched_page(context, complaints, refused=False)
    page.goto("/dang-nhap")
    page.click("button[name=vai][value=owner]")
    faults = []
    for path in ACCOUNT:
        faults += faults_of(page, path)
        assert page.url == live_site + path
    context.close()
    assert faults == []
    assert complaints == []


def test_a_fault_would_be_found(browser: Browser, live_site: str) -> None:
    context = browser.new_context(base_url=live_site)
    complaints: list[str] = []
    page = watched_page(context, complaints, refused=False)
    page.goto("/t")
    page.evaluate(
        "document.querySelector('#ma').labels[0].remove();"
        "document.querySelector('main').style.width = '9999px';"
        "console.error('complaint')"
    )
    assert "label" in {one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]}
    assert overflow(page) > 0
    assert complaints == ["complaint"]
    context.close()


def test_the_style_policy_is_kept(browser: Browser, live_site: str) -> None:
    context = browser.new_context(base_url=live_site)
    complaints: list[str] = []
    page = watched_page(context, complaints, refused=False)
    page.goto("/t")
    page.evaluate(
        "document.head.append(Object.assign(document.createElement('style'), {textContent: 'a{}'}))"
    )
    assert any("Content Security Policy" in complaint for complaint in complaints)
    context.close()
