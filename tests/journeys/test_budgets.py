"""What a cold visit weighs and asks for, in a real browser, against the budgets of each kind of page."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Request

from tests.journeys.places import public_paths

KB = 1024
CSS, FONTS, SCRIPT = 8 * KB, 21 * KB, 3 * KB


@dataclass(frozen=True)
class Budget:
    """The most a page may weigh in bytes: its HTML, all of it before scrolling; and its requests."""

    html: int
    total: int
    requests: int
    script: int = SCRIPT


BUDGETS = {
    "home": Budget(10 * KB, 120 * KB, 20),
    "list": Budget(10 * KB, 120 * KB, 20),
    "product": Budget(8 * KB, 110 * KB, 14),
    "trace": Budget(9 * KB, 60 * KB, 8),
    "trace-of-lot": Budget(9 * KB, 60 * KB, 8),
    "sales-points": Budget(12 * KB, 60 * KB, 8),
    "sales-points-of-province": Budget(12 * KB, 60 * KB, 8),
    "cart": Budget(8 * KB, 70 * KB, 12),
    "producers": Budget(10 * KB, 120 * KB, 20),
    "producer": Budget(10 * KB, 120 * KB, 20),
    "register": Budget(10 * KB, 120 * KB, 20),
    "certificate": Budget(10 * KB, 120 * KB, 20),
    "sign-in": Budget(8 * KB, 70 * KB, 12, script=4 * KB),
    "sign-up": Budget(8 * KB, 70 * KB, 12),
    "forgotten-password": Budget(8 * KB, 70 * KB, 12),
}


@dataclass(frozen=True)
class Visit:
    """What a cold visit moved, in bytes on the wire by kind of resource, and how often it asked."""

    bytes: dict[str, int]
    requests: int

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.bytes.values())


@pytest.fixture(scope="session")
def paths(live_site: str) -> dict[str, str]:
    """One path of every kind of page."""
    return public_paths(live_site)


def visit_cold(browser: Browser, site: str, path: str) -> Visit:
    """Visit a page on a phone that has never been here."""
    context = browser.new_context(base_url=site, viewport={"width": 375, "height": 700})
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - playwright takes no builtins
    page.goto(path)
    page.wait_for_load_state("networkidle")
    moved: dict[str, int] = {}
    for request in asked:
        if not request.url.startswith("data:"):
            size = request.sizes()["responseBodySize"]
            moved[request.resource_type] = moved.get(request.resource_type, 0) + size
    context.close()
    return Visit(moved, sum(not request.url.startswith("data:") for request in asked))


@pytest.mark.parametrize("kind", BUDGETS)
def test_a_cold_visit_keeps_to_its_budget(
    browser: Browser,
    live_site: str,
    paths: dict[str, str],
    kind: str,
) -> None:
    visit, budget = visit_cold(browser, live_site, paths[kind]), BUDGETS[kind]
    assert visit.bytes["document"] <= budget.html
    assert visit.total <= budget.total
    assert visit.requests <= budget.requests
    assert visit.bytes.get("stylesheet", 0) <= CSS
    assert visit.bytes.get("font", 0) <= FONTS
    assert visit.bytes.get("script", 0) <= budget.script
