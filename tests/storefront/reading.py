"""Reading public pages as a test does: each visit checks what holds for all of them."""

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.catalogue.statements import counted_statements

MOST_STATEMENTS = 6


def read(client: FlaskClient, path: str, status: int = 200, most: int = MOST_STATEMENTS) -> BeautifulSoup:
    """Return a page after checking status, statements, cookies, headings, names of fields, ids, policy."""
    with counted_statements() as sent:
        answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    assert len(sent) <= most, sent
    assert "Set-Cookie" not in answer.headers
    page = BeautifulSoup(answer.text, "html.parser")
    check(page, "en" if path.startswith("/en") else "vi")
    return page


def check(page: BeautifulSoup, language: str) -> None:
    """Check what holds for every page."""
    assert page.html is not None
    assert page.html["lang"] == language
    [heading] = page.find_all("h1")
    assert page.title is not None
    assert squeeze(heading.text) in squeeze(page.title.text)
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert not page.find_all(style=True)
    assert not [
        script for script in page.find_all("script", src=False) if script["type"] != "application/ld+json"
    ]
    for field in page.find_all(["input", "select", "textarea"]):
        named = field.find_parent("label") or page.find("label", attrs={"for": field.get("id")})
        assert named or field.get("aria-label") or field.get("type") == "hidden", field


def squeeze(text: str) -> str:
    """Return text with single plain spaces."""
    return " ".join(text.split())


def text_of(page: BeautifulSoup) -> str:
    """Return the words of a page's main part."""
    assert page.main is not None
    return squeeze(page.main.get_text(" "))
