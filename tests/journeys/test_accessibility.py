"""Every kind of page for everyone: axe, both themes, both widths, no overflow, a silent console."""

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.journeys.looking import faults_here, faults_of, too_wide
from tests.journeys.places import ACCOUNT, KINDS, REFUSED, public_paths


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


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_for_everyone(browser: Browser, live_site: str, paths: dict[str, str], kind: str) -> None:
    complaints: list[str] = []
    context = browser.new_context(base_url=live_site, reduced_motion="reduce")
    page = watched_page(context, complaints, kind in REFUSED)
    assert faults_of(page, paths[kind]) == []
    context.close()
    assert complaints == []


def test_the_account_is_for_everyone(browser: Browser, live_site: str) -> None:
    complaints: list[str] = []
    context = browser.new_context(base_url=live_site, reduced_motion="reduce")
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
        "document.querySelector('main').style.opacity = 0.3;"
        "console.error('complaint')"
    )
    faults = " ".join(faults_here(page))
    for told in ("1280 light: label", "375 dark: color-contrast"):
        assert told in faults
    page.evaluate("document.querySelector('main').style.width = '9999px'")
    assert too_wide(page)
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
