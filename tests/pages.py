"""Visiting a page as every page test does: what must hold for all pages is checked each time."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.catalogue.statements import counted_statements

MOST_STATEMENTS = 6
RECALLABLE = re.compile(r"(/en)?/(san-pham|chu-the)/[^/?]+")
"""Pages that ask what is recalled, beside all else."""
OF_PRODUCT = re.compile(r"(/en)?/san-pham/[^/?]+")
"""Pages that take one statement more: for what buyers say, all of it at once."""


@dataclass(frozen=True)
class Visited:
    """A page that was looked at, with the statements it took."""

    response: TestResponse
    soup: BeautifulSoup
    statements: list[str]

    @property
    def words(self) -> str:
        """What stands in the main part, with single plain spaces."""
        assert self.soup.main is not None
        return squeeze(self.soup.main.get_text(" "))

    @property
    def heading(self) -> str:
        """The one h1."""
        assert self.soup.h1 is not None
        return squeeze(self.soup.h1.get_text())

    def one(self, selector: str) -> Tag:
        """Return the only element that a CSS selector finds."""
        found = self.soup.select(selector)
        assert len(found) == 1, (selector, len(found))
        return found[0]

    def texts(self, selector: str) -> list[str]:
        """Return the words of all elements that a CSS selector finds."""
        return [squeeze(element.get_text(" ")) for element in self.soup.select(selector)]

    def links(self, selector: str = "main") -> list[str]:
        """Return the addresses of all links inside what a CSS selector finds."""
        return [str(link["href"]) for link in self.soup.select(f"{selector} a[href]")]

    def things(self) -> list[dict[str, Any]]:
        """Return the JSON-LD of the page."""
        return [
            json.loads(script.get_text()) for script in self.soup.select('script[type="application/ld+json"]')
        ]

    def thing(self, kind: str) -> dict[str, Any]:
        """Return the one JSON-LD object of a type."""
        [found] = [thing for thing in self.things() if thing.get("@type") == kind]
        return found


def squeeze(text: str) -> str:
    """Return text with single plain spaces."""
    return " ".join(text.split())


def visit(
    client: FlaskClient, path: str, status: int = 200, statements: int | None = MOST_STATEMENTS
) -> Visited:
    """Look at a page, check what holds for every page, and return it; None counts no statements."""
    with counted_statements() as sent:
        response = client.get(path)
    assert response.status_code == status, (path, response.status_code, response.text[:300])
    if statements is not None:
        most = statements + bool(OF_PRODUCT.fullmatch(path)) + bool(RECALLABLE.fullmatch(path))
        assert len(sent) <= most, (path, [statement[:70] for statement in sent])
    page = Visited(response, BeautifulSoup(response.text, "html.parser"), list(sent))
    _check_headers(response)
    _check_document(page.soup, "en" if path.startswith("/en") else "vi")
    _check_fields(page.soup)
    _check_pictures(page.soup)
    return page


def _check_headers(response: TestResponse) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if "public" in response.headers.get("Cache-Control", ""):
        assert "Set-Cookie" not in response.headers


def _check_document(soup: BeautifulSoup, language: str) -> None:
    assert soup.html is not None
    assert soup.html["lang"] == language
    [heading] = soup.find_all("h1")
    assert soup.title is not None
    assert squeeze(heading.get_text()) in squeeze(soup.title.get_text())
    identities = [str(element["id"]) for element in soup.find_all(id=True)]
    assert len(identities) == len(set(identities)), identities
    assert not soup.find_all(style=True)
    assert not [e for e in soup.find_all(True) if any(name.startswith("on") for name in e.attrs)]
    for script in soup.find_all("script", src=False):
        assert script["type"] == "application/ld+json"
    for link in soup.select('a[href^="#"]'):
        assert str(link["href"])[1:] in identities, link


def _check_fields(soup: BeautifulSoup) -> None:
    for form in soup.find_all("form"):
        assert form.get("action"), form
        assert form.get("method") in {"get", "post"}, form
    for field in soup.find_all(["input", "select", "textarea"]):
        named = field.find_parent("label") or soup.find("label", attrs={"for": field.get("id", "?")})
        assert named or field.get("aria-label") or field.get("type") == "hidden", field
    for button in soup.find_all("button"):
        if button.find_parent("template"):
            continue  # what a script makes of it has its words from there
        assert squeeze(button.get_text()) or button.get("aria-label"), button
    for link in soup.find_all("a"):
        assert squeeze(link.get_text()) or link.get("aria-label"), link


def _check_pictures(soup: BeautifulSoup) -> None:
    for picture in soup.find_all("img"):
        assert {"alt", "width", "height"} <= set(picture.attrs), picture
