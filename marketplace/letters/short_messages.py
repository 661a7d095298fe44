"""Short messages of one part: without diacritics, 160 letters at most, their address whole.

With diacritics a part holds 70 letters (GSM 03.38, UCS-2), and of several parts some get lost; what must
reach people at once goes in one.
"""

import unicodedata

MOST_LETTERS = 160
_PLAIN = str.maketrans({"Đ": "D", "đ": "d", "“": '"', "”": '"', "’": "'", "–": "-", "…": "...", "·": "-"})


def in_one_part(text: str) -> str:
    """Return a text as one short message; what goes before its last word, the address, is cut to fit."""
    before, _, address = plain(text).rpartition(" ")
    room = MOST_LETTERS - len(address) - 1
    if len(before) > room:
        before = before[: room - 2].rstrip() + ".."
    return f"{before} {address}".strip()


def plain(text: str) -> str:
    """Return text without diacritics, in letters that every telephone has."""
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return "".join(letter for letter in decomposed if " " <= letter <= "~")
