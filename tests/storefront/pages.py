"""Reading and sending the shop's pages as a browser without JavaScript does."""

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.places.models import AdminUnit

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Page:
    """An answer, read as people read it."""

    response: TestResponse

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def soup(self) -> BeautifulSoup:
        """The document."""
        return BeautifulSoup(self.response.get_data(as_text=True), "html.parser")

    def one(self, selector: str) -> Tag:
        """The only element that a CSS selector finds."""
        found = self.soup.select(selector)
        assert len(found) == 1, (selector, len(found))
        return found[0]

    @property
    def title(self) -> str:
        """What the tab says."""
        return self.soup.title.get_text() if self.soup.title else ""

    @property
    def words(self) -> str:
        """What stands in the main part, with single spaces."""
        main = self.soup.find("main")
        return " ".join(main.get_text(" ").split()) if main else ""

    def form(self, action: str) -> dict[str, str]:
        """The fields of a form with their values, as they would be sent without touching any."""
        form = self.soup.find("form", action=action)
        assert isinstance(form, Tag), f"no form for {action}"
        return dict(_fields(form))


def _fields(form: Tag) -> list[tuple[str, str]]:
    fields = []
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or (kind in {"checkbox", "radio"} and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True)
            fields.append((str(name), str(chosen["value"]) if chosen else ""))
        else:
            fields.append((str(name), str(field.get("value", field.get_text()))))
    return fields


def _begin_request() -> None:
    """Forget what the test's own context, which outlives requests, holds of another visit's token."""
    if has_app_context():
        g.pop("csrf_token", None)


def get(client: FlaskClient, path: str) -> Page:
    """Ask for a page."""
    _begin_request()
    return Page(client.get(path))


def post(client: FlaskClient, path: str, form: dict[str, str], **headers: str) -> Page:
    """Send a form from a page of the shop's own; other headers may be given instead."""
    _begin_request()
    return Page(client.post(path, data=form, headers=headers or OWN_PAGE))


def add(client: FlaskClient, variant_id: int, quantity: str = "1", **more: str) -> Page:
    """Press the button of a product page."""
    return post(client, "/gio-hang", {"variant_id": str(variant_id), "quantity": quantity, **more})


def filled_checkout(client: FlaskClient, commune: AdminUnit, **changes: str) -> dict[str, str]:
    """Open the checkout page and fill it in."""
    place = {"tinh": str(commune.parent_id), "xa": str(commune.id), "nha": "Số 12 đường Xuân Thủy"}
    form = {**get(client, "/dat-hang").form("/dat-hang"), "tinh": place["tinh"], "buoc": "xa"}
    shown = post(client, "/dat-hang", form).form("/dat-hang")
    person = {"sdt": "0912 345 678", "ten": "Trần Văn An"}
    return {**shown, **place, **person, "buoc": "dat", **changes}


def place_order(client: FlaskClient, commune: AdminUnit, **changes: str) -> str:
    """Order what is in the cart and return the path of the order page."""
    answer = post(client, "/dat-hang", filled_checkout(client, commune, **changes))
    assert answer.status == 303, answer.words
    return answer.response.location
