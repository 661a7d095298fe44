"""The code on a pack: a GS1 Digital Link on our own address, or our token for goods without a GTIN."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from marketplace.catalogue.errors import InvalidGtin
from marketplace.catalogue.gtin import gtin14
from marketplace.traceability.errors import Misreading, UnreadableCode

GTIN_LENGTHS = {8, 12, 13, 14}
SEPARATORS = str.maketrans("", "", " -.")
QUALIFIER = re.compile(r"(?!.*/(?:22|10|21|235|(?i:cpv|lot|ser|tpx))/)[!-\"%-?A-Z_a-z]+")
TOKEN = re.compile(r"[0-9A-Za-z_-]{1,32}")
QUALIFIERS = re.compile(
    r"(?P<key>[^/]*)(?:/(?:22|(?i:cpv))/(?P<variant>.+?))?(?:/(?:10|(?i:lot))/(?P<lot>.+?))?"
    r"(?:/(?:21|(?i:ser))/(?P<serial>.+?))?(?:/(?:235|(?i:tpx))/(?P<third_party>.+))?",
    re.DOTALL,
)
"""The names beside the numbers are what GS1 Digital Link 1.2 and older allowed; some packs carry them."""
LONGEST = {"variant": 20, "lot": 20, "serial": 20, "third_party": 28}


@dataclass(frozen=True, slots=True)
class TraceCode:
    """A product by GTIN (14 digits) or by token, and what of it: variant, lot, serial number.

    GS1 Digital Link URI Syntax, 4.9: the qualifiers of a GTIN are 22, 10, 21 and 235 (a serial number that
    somebody else controls, as on tobacco), in this order.
    """

    gtin: str | None = None
    token: str | None = None
    variant: str | None = None
    lot: str | None = None
    serial: str | None = None
    third_party: str | None = None

    @property
    def path(self) -> str:
        """Return the canonical path, values percent-encoded."""
        path = f"/01/{self.gtin}" if self.gtin else f"/t/{self.token}"
        for identifier, value in self.qualifiers:
            path += f"/{identifier}/{quote(value, safe='')}"
        return path

    @property
    def qualifiers(self) -> list[tuple[str, str]]:
        """Return what of the product it is, by Application Identifier, in the order of the standard."""
        named = (("22", self.variant), ("10", self.lot), ("21", self.serial), ("235", self.third_party))
        return [(identifier, value) for identifier, value in named if value is not None]

    @property
    def decoded_path(self) -> str:
        """Return the canonical path as a server sees it, percent signs decoded."""
        return unquote(self.path)

    @property
    def product_code(self) -> "TraceCode":
        """Return the code of the product itself, without variant, lot and serial."""
        return TraceCode(gtin=self.gtin, token=self.token)


def read_gtin(printed: str) -> str:
    """Return a GTIN-8, -12, -13 or -14 as 14 digits.

    Raises UnreadableCode for what has another length, other characters or a wrong check digit
    (GS1 General Specifications, 7.9.1).
    """
    digits = printed.translate(SEPARATORS)
    if not (digits.isascii() and digits.isdigit()):
        raise UnreadableCode(reason=Misreading.FORM, printed=printed)
    if len(digits) not in GTIN_LENGTHS:
        raise UnreadableCode(reason=Misreading.LENGTH, printed=printed)
    try:
        return gtin14(digits)
    except InvalidGtin as error:
        raise UnreadableCode(reason=Misreading.CHECK_DIGIT, printed=printed) from error


def read_digital_link(printed: str) -> TraceCode:
    """Read what follows `/01/` in a decoded path: `<gtin>[/22/<variant>][/10/<lot>][/21/<serial>]`.

    What the query says of the goods, `digital_link.read_attributes` reads.

    Raises UnreadableCode.
    """
    key, qualifiers = _split(printed)
    return TraceCode(gtin=read_gtin(key), **qualifiers)


def read_token_link(printed: str) -> TraceCode:
    """Read what follows `/t/` in a decoded path: our token instead of a GTIN, else the same.

    Raises UnreadableCode.
    """
    key, qualifiers = _split(printed)
    if not TOKEN.fullmatch(key):
        raise UnreadableCode(reason=Misreading.FORM, printed=key)
    return TraceCode(token=key, **qualifiers)


def path_of_typed(typed: str) -> str:
    """Return the address of a code that a person typed: bare digits are a GTIN, all else our token."""
    typed = typed.strip()
    bare = typed.translate(SEPARATORS)
    kind = "01" if bare.isdigit() else "t"
    return f"/{kind}/{quote(bare if kind == '01' else typed, safe='')}"


def _split(printed: str) -> tuple[str, dict[str, str | None]]:
    parts = QUALIFIERS.fullmatch(printed.removesuffix("/"))
    if parts is None:
        raise UnreadableCode(reason=Misreading.FORM, printed=printed)
    qualifiers = parts.groupdict()
    key = qualifiers.pop("key") or ""
    for name, value in qualifiers.items():
        if value is not None and not (QUALIFIER.fullmatch(value) and len(value) <= LONGEST[name]):
            raise UnreadableCode(reason=Misreading.FORM, printed=value)
    return key, qualifiers
