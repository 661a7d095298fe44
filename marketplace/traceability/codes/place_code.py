"""The code of a place: a GS1 Digital Link of a location number."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from marketplace.traceability.codes.gln import LENGTH, SEPARATORS, read_gln
from marketplace.traceability.errors import InvalidGln, Misreading, UnreadablePlace

EXTENSION = re.compile(r"[!-\"%-?A-Z_a-z]{1,20}")
PARTS = re.compile(r"(?P<gln>[^/]*)(?:/(?:254|(?i:glnx))/(?P<extension>.+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """A location number of 13 digits, and what of the place: a door, a shelf (GS1 AI 254)."""

    gln: str
    extension: str | None = None

    @property
    def path(self) -> str:
        """Return the canonical path, values percent-encoded."""
        path = f"/414/{self.gln}"
        return path if self.extension is None else f"{path}/254/{quote(self.extension, safe='')}"

    @property
    def decoded_path(self) -> str:
        """Return the canonical path as a server sees it, percent signs decoded."""
        return unquote(self.path)


def read_place_link(printed: str) -> PlaceCode:
    """Read what follows `/414/` in a decoded path: `<gln>[/254/<extension>]`. Raises UnreadablePlace."""
    parts = PARTS.fullmatch(printed.removesuffix("/"))
    if parts is None:
        raise UnreadablePlace(reason=Misreading.FORM, printed=printed)
    extension = parts["extension"]
    if extension is not None and not EXTENSION.fullmatch(extension):
        raise UnreadablePlace(reason=Misreading.FORM, printed=extension)
    try:
        return PlaceCode(read_gln(parts["gln"]), extension)
    except InvalidGln as error:
        raise UnreadablePlace(reason=_reason(parts["gln"]), printed=parts["gln"]) from error


def _reason(gln: str) -> Misreading:
    digits = gln.translate(SEPARATORS)
    if not (digits.isascii() and digits.isdigit()):
        return Misreading.FORM
    return Misreading.CHECK_DIGIT if len(digits) == LENGTH else Misreading.LENGTH
