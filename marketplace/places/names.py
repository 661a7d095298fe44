"""Names of administrative units as people and papers write them."""

import re
from collections.abc import Iterator

from marketplace.text import canonical, clean, fold

_WRITTEN_KINDS = {
    "tỉnh": r"tỉnh|tinh",
    "thành phố": r"thành phố|thanh pho|tp\.?",
    "thị xã": r"thị xã|thi xa|tx\.?",
    "thị trấn": r"thị trấn|thi tran|tt\.?",
    "quận": r"quận|quan|q\.|q(?=\d)",
    "huyện": r"huyện|huyen|h\.",
    "phường": r"phường|phuong|p\.|p(?=\d)",
    "xã": r"xã|xa|x\.",
    "đặc khu": r"đặc khu|dac khu|đk\.",
}
_KIND = {
    kind: re.compile(rf"(?:{forms})(?:(?<=\.)|(?=\d)|(?=[\s.]))\s*", re.IGNORECASE)
    for kind, forms in _WRITTEN_KINDS.items()
}
_REMARK = re.compile(r"\s*\([^)]*\)")
_NOT_LETTER = re.compile(r"[\W_]+")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")

_PROVINCES_BY_OTHER_NAMES = {
    "tphcm": "Hồ Chí Minh",
    "hcm": "Hồ Chí Minh",
    "saigon": "Hồ Chí Minh",
    "tthue": "Thừa Thiên Huế",
    "thuathien": "Thừa Thiên Huế",
    "brvt": "Bà Rịa - Vũng Tàu",
    "vungtau": "Bà Rịa - Vũng Tàu",
    "daklak": "Đắk Lắk",
    "daclac": "Đắk Lắk",
    "dacnong": "Đắk Nông",
}

_ALPHABET = (
    "0123456789aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
)
_PLACE_IN_ALPHABET = {letter: place for place, letter in enumerate(_ALPHABET, start=1)}
_TONELESS = {
    letter: base
    for base, toned in {
        "a": "àảãáạ", "ă": "ằẳẵắặ", "â": "ầẩẫấậ", "e": "èẻẽéẹ", "ê": "ềểễếệ", "i": "ìỉĩíị",
        "o": "òỏõóọ", "ô": "ồổỗốộ", "ơ": "ờởỡớợ", "u": "ùủũúụ", "ư": "ừửữứự", "y": "ỳỷỹýỵ",
    }.items()
    for letter in toned
}  # fmt: skip


def exact_key(name: str) -> str:
    """Return what two spellings of one name share: case, tone placement and spacing put aside."""
    return _NOT_LETTER.sub("", _LEADING_ZEROS.sub("", canonical(name).casefold()))


def loose_key(name: str) -> str:
    """Return what a name shares with its misspellings: diacritics and the choice of i or y put aside."""
    return fold(exact_key(name)).replace("y", "i")


def name_key(name: str) -> str:
    """Return the folded name that is stored for look-ups."""
    return fold(canonical(name))


def readings(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield what a printed unit may mean, likelier first, as (kind or None, name).

    `TP. Hà Tĩnh` is the thành phố named Hà Tĩnh; `Quan Sơn` may lose no `Quan`, because only
    text wholly without diacritics is read with kinds written without them.
    """
    text = _REMARK.sub("", clean(text)).strip(" ,.;")
    plain = text.isascii()
    for kind, pattern in _KIND.items():
        match = pattern.match(text)
        if match and (plain or not _is_plain_word(match.group())) and match.end() < len(text):
            yield kind, text[match.end() :].lstrip(" .")
            break
    yield None, text


def _is_plain_word(written: str) -> bool:
    """Say whether a kind is written as a whole word without its diacritics (`quan`, `xa`)."""
    word = written.strip(" .")
    return word.isascii() and len(word) > 2 and not written.strip().endswith(".")


def province_by_other_name(name: str) -> str:
    """Return the official name of a province that people also call otherwise."""
    return _PROVINCES_BY_OTHER_NAMES.get(fold(exact_key(name)), name)


def alphabetical(name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a sort key of the Vietnamese alphabet: letters first (a ă â b … đ), tones to break ties."""
    letters = [letter for letter in canonical(name).casefold() if letter.isalnum() or letter == " "]
    bases = tuple(_PLACE_IN_ALPHABET.get(_TONELESS.get(letter, letter), 0) for letter in letters)
    return bases, tuple(_PLACE_IN_ALPHABET.get(letter, 0) for letter in letters)
