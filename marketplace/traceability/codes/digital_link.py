"""Whole GS1 Digital Links: the code in the path, what the query says of the goods, and compressed ones."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from biip import ParseError
from biip.gs1_element_strings import GS1ElementString

from marketplace.traceability.codes.compression import LOOKS_COMPRESSED, decompress
from marketplace.traceability.codes.place_code import PlaceCode, read_place_link
from marketplace.traceability.codes.trace_code import TraceCode, read_digital_link, read_token_link
from marketplace.traceability.errors import Misreading, UnreadableCode

READERS: dict[str, Callable[[str], TraceCode | PlaceCode]] = {
    "01": read_digital_link,
    "gtin": read_digital_link,
    "414": read_place_link,
    "gln": read_place_link,
    "t": read_token_link,
}
"""What reads the path after its first segment; the names are what older versions of the standard allowed."""
IN_THE_PATH = frozenset({"01", "22", "10", "21", "235", "414", "254"})
USE_BY, BEST_BEFORE, MADE_ON, PACKED_ON = "17", "15", "11", "13"
WHOLE, PARTLY = 1, 3
"""How many segments the path of a compressed link has: all of it, or a key and its value before it."""

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A code with what its query says: values by Application Identifier, and what is none of GS1."""

    code: TraceCode | PlaceCode
    attributes: dict[str, str]
    others: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """Return the canonical path and query: attributes in the order of their identifiers."""
        pairs = [*sorted(self.attributes.items()), *self.others]
        return f"{self.code.path}?{urlencode(pairs)}" if pairs else self.code.path

    def day(self, identifier: str) -> date | None:
        """Return the day that an attribute states (USE_BY and the like), None for one that is not there."""
        value = self.attributes.get(identifier)
        return _parse(identifier, value).date if value is not None else None


def read_link(uri: str) -> DigitalLink:
    """Read a GS1 Digital Link: a whole address of any host, or the encoded path and query of one.

    What stands before the key is passed over, and so is a fragment. Raises UnreadableCode.
    """
    parts = urlsplit(uri)
    segments = parts.path.split("/")
    starts = [place for place, one in enumerate(segments[:-1]) if one.lower() in READERS]
    if not starts:
        raise UnreadableCode(reason=Misreading.FORM, printed=unquote(parts.path))
    start = starts[0]
    read = READERS[segments[start].lower()]
    code = read(unquote("/".join(segments[start + 1 :])))
    attributes, others = read_attributes(parse_qsl(parts.query, keep_blank_values=True))
    return DigitalLink(code, attributes, others)


def read_attributes(query: Pairs) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return what a decoded query says of the goods, by Application Identifier, and its other pairs.

    GS1 Digital Link URI Syntax, 4.11: names of digits alone are identifiers, each at most once, and none
    of those that belong into the path. Raises UnreadableCode.
    """
    attributes: dict[str, str] = {}
    others = []
    for name, value in query:
        if not (name.isascii() and name.isdigit()):
            others.append((name, value))
            continue
        if name in IN_THE_PATH or name in attributes:
            raise UnreadableCode(reason=Misreading.FORM, printed=f"{name}={value}")
        attributes[name] = _parse(name, value).value
    return attributes, tuple(others)


def read_compressed(path: str, query: Pairs = ()) -> DigitalLink:
    """Read a decoded path that is compressed, as a whole or behind its key: `/01/<gtin>/<compressed>`.

    Raises UnreadableCode, also for a path that is not compressed.
    """
    *key, text = path.strip("/").split("/")
    found = decompress(text)
    if len(key) == PARTLY - 1:
        found[key[0]] = key[1]
    elif key:
        raise UnreadableCode(reason=Misreading.FORM, printed=path)
    code = _code(found, path)
    rest = [(name, value) for name, value in found.items() if name not in IN_THE_PATH]
    return DigitalLink(code, *read_attributes([*rest, *query]))


def looks_partly_compressed(printed: str) -> bool:
    """Whether what follows `/01/` or `/414/` in a decoded path is a value and one compressed segment."""
    value, _, text = printed.strip("/").partition("/")
    return value.isdigit() and LOOKS_COMPRESSED.fullmatch(text) is not None


def _code(found: dict[str, str], path: str) -> TraceCode | PlaceCode:
    """Return the code of identifiers in whatever order; what does not belong together is refused."""
    if ("01" in found) == ("414" in found):
        raise UnreadableCode(reason=Misreading.FORM, printed=path)
    key, qualifiers = ("01", ("22", "10", "21", "235")) if "01" in found else ("414", ("254",))
    if any(one in found for one in IN_THE_PATH - {key, *qualifiers}):
        raise UnreadableCode(reason=Misreading.FORM, printed=path)
    told = [f"/{one}/{found[one]}" for one in qualifiers if one in found]
    return READERS[key](found[key] + "".join(told))


def _parse(identifier: str, value: str) -> GS1ElementString:
    try:
        element = GS1ElementString.parse(identifier + value)
    except ParseError as error:
        raise UnreadableCode(reason=Misreading.FORM, printed=f"{identifier}={value}") from error
    if element.ai.ai != identifier or element.value != value:
        raise UnreadableCode(reason=Misreading.FORM, printed=f"{identifier}={value}")
    if element.gtin_error or element.gln_error or element.sscc_error:
        raise UnreadableCode(reason=Misreading.CHECK_DIGIT, printed=f"{identifier}={value}")
    return element
