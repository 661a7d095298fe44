"""The forms of pages, as a browser would send them untouched."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

Fields = list[tuple[str, str]]
TOKEN = "csrf_token"


@dataclass(frozen=True)
class Form:
    """A form that posts: where to, what it holds, which of it people type, and whether it takes files."""

    action: str
    fields: Fields
    typed: frozenset[str] = frozenset()
    types: dict[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    offered: dict[str, list[str]] = field(default_factory=dict)

    def data(self, **changes: str) -> dict[str, list[str]]:
        """Return its fields without the token, some of them changed."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            if name not in changes and name != TOKEN:
                sent.setdefault(name, []).append(value)
        return {**sent, **{name: [value] for name, value in changes.items()}}


def forms_of(answer: TestResponse) -> list[Form]:
    """Return the forms of a page that post; none for what is no page."""
    if answer.status_code != 200 or not answer.content_type.startswith("text/html"):
        return []
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    return [_read(form) for form in soup.find_all("form") if str(form.get("method", "")).lower() == "post"]


def _read(form: Tag) -> Form:
    fields: Fields = []
    typed, types, files = set(), {}, set()
    offered: dict[str, list[str]] = {}
    for element in form.find_all(["input", "select", "textarea", "button"]):
        name = str(element.get("name", ""))
        kind = str(element.get("type", element.name))
        if not name or element.has_attr("disabled"):
            continue
        types[name] = kind
        if kind == "file":
            files.add(name)
        elif (value := _value(element, kind)) is not None:
            fields.append((name, value))
        offered.setdefault(name, []).extend(_offered(element, kind))
        if element.name == "textarea" or kind in {"text", "search", "tel", "email", "url", "input"}:
            typed.add(name)
    action = str(form.get("action", "")).split("#")[0]
    return Form(action, _one_button(fields, types), frozenset(typed), types, frozenset(files), offered)


def _offered(element: Tag, kind: str) -> list[str]:
    """Return the values that a select, a box or a button lets one choose."""
    if element.name == "select":
        return [str(option.get("value", option.get_text())) for option in element.find_all("option")]
    return [str(element.get("value", "on"))] if kind in {"checkbox", "radio", "submit"} else []


def _value(element: Tag, kind: str) -> str | None:
    if element.name == "select":
        options = element.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")] or options[:1]
        return str(chosen[0].get("value", chosen[0].get_text())) if chosen else None
    if element.name == "textarea":
        return element.get_text().removeprefix("\n")
    if kind in {"checkbox", "radio"} and not element.has_attr("checked"):
        return None
    return str(element.get("value", ""))


def _one_button(fields: Fields, types: dict[str, str]) -> Fields:
    """Leave the first button of each name; a browser sends the one that is pressed."""
    seen: set[str] = set()
    kept = []
    for name, value in fields:
        if types[name] in {"button", "submit"}:
            if name in seen:
                continue
            seen.add(name)
        kept.append((name, value))
    return kept


def words_of(answer: TestResponse) -> str:
    """Return what an answer says, workbooks and other archives unpacked."""
    body = answer.get_data()
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def plain(answer: TestResponse, *addresses: str) -> str:
    """Return a page without its form tokens and without the address that was asked for."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", words_of(answer))
    for address in addresses:
        text = text.replace(address, "…")
    return text
