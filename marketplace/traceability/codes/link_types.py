"""What a code can lead to: link types of the GS1 Web Vocabulary, and what a resolver answers for each."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

VOCABULARY = "https://ref.gs1.org/voc/"
PREFIX = "gs1:"
ALIKE = (PREFIX, VOCABULARY, "https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
"""How people write the vocabulary before a link type."""
WHOLE_SET = frozenset({"linkset", "all"})
"""Values of `linkType` that ask for all links; the second is what older versions of the standard said."""
LANGUAGES = ("vi", "en")


class LinkType(StrEnum):
    """Link types that this site has something for."""

    DEFAULT = "defaultLink"
    PRODUCT = "pip"
    TRACEABILITY = "traceability"
    CERTIFICATION = "certificationInfo"
    EPCIS = "epcis"
    RECALL = "recallStatus"
    RETAILERS = "hasRetailers"
    LOCATION = "locationInfo"


TITLES: dict[LinkType, tuple[str, str]] = {
    LinkType.DEFAULT: ("Trang của mã này", "Page of this code"),
    LinkType.PRODUCT: ("Trang sản phẩm", "Product page"),
    LinkType.TRACEABILITY: ("Truy xuất nguồn gốc", "Traceability"),
    LinkType.CERTIFICATION: ("Giấy chứng nhận OCOP", "OCOP certificate"),
    LinkType.EPCIS: ("Nhật ký lô theo EPCIS 2.0", "Events of the lot in EPCIS 2.0"),
    LinkType.RECALL: ("Thông báo thu hồi", "Recall notice"),
    LinkType.RETAILERS: ("Điểm bán", "Where to buy"),
    LinkType.LOCATION: ("Địa điểm", "Place"),
}
"""In Vietnamese and English: a set of links speaks both languages at once."""


@dataclass(frozen=True, slots=True)
class Link:
    """A page in both languages by its path, or a document of a media type of its own in one."""

    kind: LinkType
    path: str
    media_type: str = "text/html"

    @property
    def speaks(self) -> tuple[str, ...]:
        """Return the languages it comes in; a document for programs comes in none."""
        return LANGUAGES if self.media_type == "text/html" else ()


@dataclass(frozen=True, slots=True)
class Level:
    """A code, or the part of one down to a qualifier, with its own links; the first is the default."""

    path: str
    description: str
    links: tuple[Link, ...]


def read_link_type(text: str) -> LinkType | None:
    """Return the link type that `linkType=` names, as `gs1:pip` or as the address of the term."""
    bare = text.strip()
    for before in ALIKE:
        bare = bare.removeprefix(before)
    return LinkType(bare) if bare in {one.value for one in LinkType} else None


def find_links(levels: list[Level], kind: LinkType) -> Level | None:
    """Return the finest level that has links of a type, with these alone."""
    for level in reversed(levels):
        if links := tuple(link for link in level.links if link.kind is kind):
            return replace(level, links=links)
    return None


def write_address(link: Link, language: str, site_url: str) -> str:
    """Return the address of a link in a language, where it comes in several."""
    return f"{site_url}{'/en' if language == 'en' and link.speaks else ''}{link.path}"


def write_linkset(levels: list[Level], site_url: str) -> dict[str, Any]:
    """Return levels as a set of links (RFC 9264, 4.2) as the GS1-Conformant Resolver standard has it."""
    return {"linkset": [_write_level(level, site_url) for level in levels]}


def _write_level(level: Level, site_url: str) -> dict[str, Any]:
    written: dict[str, Any] = {"anchor": site_url + level.path, "description": level.description}
    for link in level.links:
        written.setdefault(VOCABULARY + link.kind, []).extend(_write_link(link, site_url))
    return written


def _write_link(link: Link, site_url: str) -> list[dict[str, Any]]:
    """Return the targets of a link; the default one has a title and nothing else, as the standard asks."""
    vietnamese, english = TITLES[link.kind]
    if link.kind is LinkType.DEFAULT:
        return [{"href": site_url + link.path, "title": vietnamese}]
    if not link.speaks:
        return [{"href": site_url + link.path, "title": english, "type": link.media_type}]
    return [
        {
            "href": write_address(link, language, site_url),
            "title": title,
            "type": link.media_type,
            "hreflang": [language],
        }
        for language, title in zip(LANGUAGES, (vietnamese, english), strict=True)
    ]
