"""Vietnamese written for the fonts of the 1990s: how to recognise it.

TCVN3 (ABC, `.VnTime`) and VNI put Vietnamese letters on the code points of Western ones. Such text
is recognised by what it becomes when read the way it was meant: words that are Vietnamese
syllables. It is never converted: a mark lost on the way would change a name unseen.
"""

import re
import unicodedata

_TCVN3_BYTES = (
    "A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ "
    "C7ầ C8ẩ C9ẫ CAấ CBậ CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó "
    "E4ọ E5ồ E6ổ E7ỗ E8ố E9ộ EAờ EBở ECỡ EDớ EEợ EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ "
    "FDý FEỵ"
)
_TCVN3 = {int(pair[:2], 16): pair[2:] for pair in _TCVN3_BYTES.split()}

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE,
    "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE,
    "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile("([aeouyôö])([" + "".join(_VNI_MARKS) + "])")

_WORD = re.compile(r"[^\W\d_]+")
_NUCLEI = (
    "iêu yêu oai oao oay oeo uây uôi uya uyê uyu ươi ươu ai ao au ay âu ây eo êu ia iê iu oa oă oe oi ôi ơi "
    "oo ua uâ uê ui uô uơ uy ưa ưi ươ ưu yê a ă â e ê i o ô ơ u ư y"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    rf"(?:{_NUCLEI.replace(' ', '|')})(?:ng|nh|ch|[cmnpt])?"
)
_TONES = str.maketrans("", "", _GRAVE + _ACUTE + _TILDE + _HOOK + _DOT)


def from_tcvn3(text: str) -> str:
    """Read Western letters as the Vietnamese ones that a TCVN3 font would draw."""
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """Read Western letters as the Vietnamese ones that a VNI font would draw, in lower case."""

    def join(pair: re.Match[str]) -> str:
        return _VNI_LETTERS.get(pair[1], pair[1]) + _VNI_MARKS[pair[2]]

    joined = _VNI_PAIR.sub(join, text.lower())
    return unicodedata.normalize("NFC", "".join(_VNI_LETTERS.get(letter, letter) for letter in joined))


def count_syllables(text: str) -> int:
    """Count the words that carry a Vietnamese letter or tone and are well-formed syllables."""
    return sum(_accented(word) and _well_formed(word) for word in _WORD.findall(text.lower()))


def count_malformed(text: str) -> int:
    """Count the words that hold letters beyond ASCII and are no Vietnamese syllables."""
    return sum(_accented(word) and not _well_formed(word) for word in _WORD.findall(text.lower()))


def name_font(text: str) -> str | None:
    """Return `TCVN3` or `VNI` when the text makes sense only as written for such fonts."""
    as_is = count_syllables(text)
    if count_malformed(text) <= as_is / 4:
        return None
    readings = {"TCVN3": count_syllables(from_tcvn3(text)), "VNI": count_syllables(from_vni(text))}
    font = max(readings, key=lambda name: readings[name])
    return font if readings[font] > 2 * as_is else None


def _accented(word: str) -> bool:
    return not word.isascii()


def _well_formed(word: str) -> bool:
    toneless = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))
    return _SYLLABLE.fullmatch(toneless) is not None
