"""Vietnamese text: one spelling for comparing, folding for searching, slugs for addresses."""

import re
import unicodedata
from decimal import Decimal

_STRAY_LETTERS = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})
_FOLD_D = str.maketrans({"Đ": "D", "đ": "d"})
_SPACES = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_ON_SECOND_VOWEL = re.compile(
    rf"(?<![qQ])([oOuU])([aAeEyY])([{_TONES}])(?![\w{_TONES}\u0302\u0306\u031b])"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NUMBER = 20
_GROUPED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d+([.,]\d+)?", re.ASCII)
_NOT_DIGIT = re.compile(r"[\s_]")
LARGEST_ID = 2_147_483_647
"""The greatest number that a row can have: an integer column holds no more."""


def clean(text: str) -> str:
    """Return text in NFC, with one space between words and with Đ where sources print Ð (U+00D0)."""
    composed = unicodedata.normalize("NFC", text).translate(_STRAY_LETTERS)
    return _SPACES.sub(" ", composed).strip()


def one_line(text: str | None) -> str:
    """Return typed text `clean`, in one line: what is not printable parts words."""
    return clean("".join(letter if letter.isprintable() else " " for letter in text or ""))


def clean_lines(text: str) -> str:
    """Return text of several lines, each `clean`; at most one empty line stays between two."""
    lines = "\n".join(clean(line) for line in text.splitlines())
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def canonical(text: str) -> str:
    """Return `clean` text with tone marks in one place, so that hoà and hòa compare equal.

    The mark moves to the first vowel of open oa, oe and uy (the older, still official spelling);
    qu- is left alone, because its u belongs to the consonant.
    """
    decomposed = unicodedata.normalize("NFD", clean(text))
    return unicodedata.normalize("NFC", _TONE_ON_SECOND_VOWEL.sub(r"\1\3\2", decomposed))


def fold(text: str) -> str:
    """Return lower-case text without any diacritics, đ included, for comparing and searching."""
    decomposed = unicodedata.normalize("NFD", clean(text).casefold().translate(_FOLD_D))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def slugify(text: str) -> str:
    """Return the form of a name used in public addresses: `Cu đơ Thành Đạt` is `cu-do-thanh-dat`."""
    return _NOT_WORD.sub("-", fold(text)).strip("-")


def whole_number(text: str, most: int = LARGEST_ID) -> int | None:
    """Return a number from 0 to `most` written with the digits 0 to 9 alone; None for anything else."""
    digits = len(text) <= len(str(most)) and text.isascii() and text.isdigit()
    return int(text) if digits and int(text) <= most else None


def read_number(text: str) -> Decimal:
    """Return a number as people in Vietnam type it: dots between thousands, a comma before decimals.

    It is not negative and has at most three decimals; a single dot that parts no thousands is read as the
    comma that was meant. Raises ValueError.
    """
    typed = _NOT_DIGIT.sub("", text)
    if len(typed) > _LONGEST_NUMBER:
        raise ValueError(text)
    if parts_thousands(typed):
        typed = typed.replace(".", "")
    elif not _PLAIN.fullmatch(typed):
        raise ValueError(text)
    number = Decimal(typed.replace(",", "."))
    if number != number.quantize(Decimal("0.001")):
        raise ValueError(text)
    return number


def parts_thousands(text: str) -> bool:
    """Return whether the dots of a number stand between its thousands, as in 1.200."""
    return _GROUPED.fullmatch(text) is not None
