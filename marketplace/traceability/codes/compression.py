"""Compressed GS1 Digital Links: a few letters and digits that stand for identifiers and their values.

GS1 Digital Link: Compression. Read from the left, the bits say which Application Identifiers follow, how
each value is written, and the value. Nothing here compresses: what we print is never compressed.
"""

import math
import re

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from marketplace.traceability.errors import Misreading, UnreadableCode

SAFE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LOOKS_COMPRESSED = re.compile(r"[0-9A-Za-z_-]{4,400}")
FORMAT_PART = re.compile(r"(?P<kind>[NX])(?P<most>\.\.)?(?P<length>\d+)")
OTHER_KEYS = 0xF
SHORTEST_AI, LONGEST_AI = 2, 4

TOGETHER: dict[str, tuple[str, ...]] = {
    "0A": ("01", "22"),
    "0B": ("01", "10"),
    "0C": ("01", "21"),
    "0D": ("01", "17"),
    "0E": ("01", "7003"),
    "0F": ("01", "30"),
    "1A": ("01", "10", "21", "17"),
    "1B": ("01", "15"),
    "1C": ("01", "11"),
    "1D": ("01", "16"),
    "1E": ("01", "91"),
    "1F": ("01", "10", "15"),
    **{f"2{letter}": ("01", f"310{place}") for place, letter in enumerate("ABCDEF")},
    **{f"3{letter}": ("01", f"320{place}") for place, letter in enumerate("ABCDEF")},
    "9D": ("414", "254"),
    **{f"A{place}": ("01", f"392{place}") for place in range(10)},
}
"""Identifiers that often come together have one code; those of keys that we do not answer are left out."""


def decompress(text: str) -> dict[str, str]:
    """Return the Application Identifiers that a compressed text stands for, with their values.

    Key and value pairs that are none of GS1 are among them. Raises UnreadableCode.
    """
    if not LOOKS_COMPRESSED.fullmatch(text):
        raise UnreadableCode(reason=Misreading.FORM, printed=text)
    bits = _Bits("".join(f"{SAFE64.index(letter):06b}" for letter in text))
    found: dict[str, str] = {}
    try:
        while bits.left > 8:
            found |= bits.read_next()
    except (ValueError, ParseError) as error:
        raise UnreadableCode(reason=Misreading.FORM, printed=text) from error
    return found


class _Bits:
    """Bits read from the left; raises ValueError where they make no sense."""

    def __init__(self, bits: str) -> None:
        self._bits = bits
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._bits) - self._at

    def read_next(self) -> dict[str, str]:
        first, second = self._number(4), self._number(4)
        if first == OTHER_KEYS:
            self._at -= 4
            key = self._text(3, self._number(7))
            return {key: self._text(self._number(3), self._number(7))}
        if first < 10 and second < 10:
            named: tuple[str, ...] = (self._identifier(f"{first}{second}"),)
        else:
            named = TOGETHER.get(f"{first:X}{second:X}", ())
        if not named:
            raise ValueError(first, second)
        return {identifier: self._value(identifier) for identifier in named}

    def _identifier(self, digits: str) -> str:
        """Read on until the digits are an Application Identifier: none is the beginning of another."""
        while True:
            try:
                return GS1ApplicationIdentifier.extract(digits).ai
            except ParseError:
                if len(digits) == LONGEST_AI:
                    raise
                digits += str(self._digit())

    def _value(self, identifier: str) -> str:
        described = GS1ApplicationIdentifier.extract(identifier).format.split("+", 1)[1]
        value = ""
        for part in FORMAT_PART.finditer(described):
            length = int(part["length"])
            encoding = 0 if part["kind"] == "N" else self._number(3)
            if part["most"]:
                length = self._number(math.ceil(math.log2(length) + 0.01))
            value += self._text(encoding, length)
        return value

    def _text(self, encoding: int, length: int) -> str:
        match encoding:
            case 0:
                number = self._number(math.ceil(length * math.log2(10) + 0.01)) if length else 0
                text = f"{number:0{length}}" if length else ""
            case 1:
                text = "".join(f"{self._number(4):x}" for _ in range(length))
            case 2:
                text = "".join(f"{self._number(4):X}" for _ in range(length))
            case 3:
                text = "".join(SAFE64[self._number(6)] for _ in range(length))
            case 4:
                text = "".join(chr(self._number(7)) for _ in range(length))
            case _:
                raise ValueError(encoding)
        if len(text) != length:
            raise ValueError(text)
        return text

    def _digit(self) -> int:
        digit = self._number(4)
        if digit > 9:
            raise ValueError(digit)
        return digit

    def _number(self, size: int) -> int:
        if size > self.left:
            raise ValueError(size)
        self._at += size
        return int(self._bits[self._at - size : self._at], 2)
