"""The address of a list is its state: read from the query, written back for every link."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from marketplace.catalogue.filters import State
from marketplace.catalogue.product_list import Sort
from marketplace.producers.models import LegalForm
from marketplace.text import clean, whole_number
from marketplace.web.addresses import page_url

MOST_VALUES = 40
LONGEST_WORDS = 200
HIGHEST_PRICE = 10_000_000_000
LAST_PAGE = 1_000_000

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class ListQuery:
    """What the address of a list says, apart from what the places in it mean.

    `provinces` and `communes` are slugs, codes or former names as typed. `ignored` holds the values
    that were not understood; they change nothing and the page says so.
    """

    words: str = ""
    stars: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    legal_forms: tuple[LegalForm, ...] = ()
    offered: bool = False
    state: State = State.ALL
    sort: Sort | None = None
    page: int = 1
    ignored: tuple[str, ...] = field(default=(), compare=False)

    def parameters(self) -> dict[str, Any]:
        """Return the query by its public names; what is not asked for is None."""
        return {
            "q": self.words,
            "sao": list(map(str, self.stars)),
            "nhom": list(self.groups),
            "bo": list(self.sets),
            "tinh": list(self.provinces),
            "xa": list(self.communes),
            "gia_tu": self.price_from,
            "gia_den": self.price_to,
            "chu_the": [form.value for form in self.legal_forms],
            "ban_online": "1" if self.offered else None,
            "chung_nhan": None if self.state is State.ALL else self.state.value,
            "sap_xep": self.sort.value if self.sort else None,
            "trang": self.page if self.page > 1 else None,
        }

    def url(self, **changes: Any) -> str:
        """Return the address of this list with changes; any change goes back to the first page."""
        return page_url("/san-pham", **replace(self, **{"page": 1, **changes}).parameters())

    def page_url(self, number: int) -> str:
        """Return the address of another page of this list."""
        return self.url(page=number)

    def without(self, name: str, value: Any = None) -> str:
        """Return the address of this list without one value of a filter, or without the filter."""
        blank = getattr(ListQuery(), name)
        if value is not None and isinstance(blank, tuple):
            return self.url(**{name: tuple(kept for kept in getattr(self, name) if kept != value)})
        return self.url(**{name: blank})

    @property
    def narrowed(self) -> bool:
        """Whether anything but words is asked for."""
        return replace(self, words="", sort=None, page=1) != ListQuery()


def read_list_query(arguments: Mapping[str, Iterable[str]]) -> ListQuery:
    """Read the query of a list; never fails, and names what it did not understand."""
    reader = _Reader(arguments)
    return ListQuery(
        words=clean(reader.first("q"))[:LONGEST_WORDS],
        stars=reader.several("sao", {"3": 3, "4": 4, "5": 5}.get),
        groups=reader.several("nhom", _slug),
        sets=reader.several("bo", _slug),
        provinces=reader.several("tinh", _place),
        communes=reader.several("xa", _place),
        price_from=reader.one("gia_tu", _price),
        price_to=reader.one("gia_den", _price),
        legal_forms=reader.several("chu_the", {form.value: form for form in LegalForm}.get),
        offered=reader.one("ban_online", {"1": True, "0": False}.get) or False,
        state=reader.one("chung_nhan", {state.value: state for state in State}.get) or State.ALL,
        sort=reader.one("sap_xep", {sort.value: sort for sort in Sort}.get),
        page=reader.one("trang", _page) or 1,
        ignored=tuple(reader.ignored),
    )


class _Reader:
    """Reads values by name and remembers those that mean nothing."""

    def __init__(self, arguments: Mapping[str, Iterable[str]]) -> None:
        self.arguments = arguments
        self.ignored: list[str] = []

    def first(self, name: str) -> str:
        return next(iter(self.arguments.get(name, ())), "").strip()

    def one(self, name: str, read: Callable[[str], Value | None]) -> Value | None:
        text = self.first(name)
        if not text:
            return None
        return self._read(name, text, read)

    def several(self, name: str, read: Callable[[str], Value | None]) -> tuple[Value, ...]:
        given = [text.strip() for text in self.arguments.get(name, ()) if text.strip()]
        values = (self._read(name, text, read) for text in given[:MOST_VALUES])
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def _read(self, name: str, text: str, read: Callable[[str], Value | None]) -> Value | None:
        value = read(text)
        if value is None:
            self.ignored.append(f"{name}={text[:40]}")
        return value


def _slug(text: str) -> str | None:
    return text if text.replace("-", "").isalnum() and text.isascii() and len(text) <= 100 else None


def _place(text: str) -> str | None:
    return clean(text) if len(text) <= 80 else None


def _price(text: str) -> int | None:
    digits = text.replace(".", "").replace(" ", "").removesuffix("₫").removesuffix("đ")
    return whole_number(digits, HIGHEST_PRICE)


def _page(text: str) -> int | None:
    return whole_number(text, LAST_PAGE) or None
