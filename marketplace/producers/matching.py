"""When two spellings mean one producer: abbreviations written out, and places that agree."""

import re
from dataclasses import dataclass
from typing import Any

from marketplace import text

_WORDS = {
    "cty": "công ty",
    "ctcp": "công ty cổ phần",
    "cp": "cổ phần",
    "tnhh": "trách nhiệm hữu hạn",
    "mtv": "một thành viên",
    "1tv": "một thành viên",
    "dntn": "doanh nghiệp tư nhân",
    "htx": "hợp tác xã",
    "htxnn": "hợp tác xã nông nghiệp",
    "htxdvnn": "hợp tác xã dịch vụ nông nghiệp",
    "tht": "tổ hợp tác",
    "hkd": "hộ kinh doanh",
    "hgd": "hộ gia đình",
    "cssx": "cơ sở sản xuất",
    "cs": "cơ sở",
    "sx": "sản xuất",
    "kd": "kinh doanh",
    "cb": "chế biến",
    "tm": "thương mại",
    "dv": "dịch vụ",
    "nn": "nông nghiệp",
    "th": "tổng hợp",
    "xd": "xây dựng",
    "xk": "xuất khẩu",
    "nk": "nhập khẩu",
    "xnk": "xuất nhập khẩu",
    "cnc": "công nghệ cao",
}
_PART = re.compile("(?:sx|kd|cb|tm|dv|nn|th|xnk)")
_SIGNS = re.compile(r"[\W_]+")
_FORMS = (
    (re.compile(r"\b1 thành viên\b"), "một thành viên"),
    (re.compile(r"^hộ (?:gia đình |sản xuất |chế biến |kinh doanh )+"), "hộ "),
    (re.compile(r"^cơ sở (?:sản xuất |chế biến |kinh doanh |bán buôn )+"), "cơ sở "),
    (re.compile(r"\bhợp tác xã xã\b"), "hợp tác xã"),
)
_COMMON = {
    *("cong", "ty", "co", "phan", "trach", "nhiem", "huu", "han", "mot", "thanh", "vien", "doanh", "nghiep"),
    *(
        "tu",
        "nhan",
        "hop",
        "tac",
        "xa",
        "to",
        "lien",
        "hiep",
        "ho",
        "kinh",
        "gia",
        "dinh",
        "so",
        "san",
        "xuat",
    ),
    *(
        "che",
        "bien",
        "thuong",
        "mai",
        "dich",
        "vu",
        "nong",
        "tong",
        "xay",
        "dung",
        "nhap",
        "khau",
        "nghe",
        "cao",
    ),
    *("chi", "nhanh", "dau", "phat", "trien"),
}


def spelled_out(name: str) -> str:
    """Return a producer's name in lower case with its abbreviations written out and signs dropped.

    `HTX DVNN Hà Long` and `Hợp tác xã Dịch vụ Nông nghiệp Hà Long` come out alike; so do the many
    ways of writing a household (hộ kinh doanh, hộ SXKD) or a workshop (cơ sở sản xuất).
    """
    lowered = text.canonical(name).casefold().replace("trách nhiệm hh", "tnhh")
    words = (written for word in _SIGNS.split(lowered) if word for written in _written(word))
    spelled = " ".join(word for word in words if word != "và")
    for form, replacement in _FORMS:
        spelled = form.sub(replacement, spelled)
    return spelled


def _written(word: str) -> list[str]:
    if word in _WORDS:
        return _WORDS[word].split()
    parts = _PART.findall(word)
    if len(parts) > 1 and "".join(parts) == word:
        return " ".join(_WORDS[part] for part in parts).split()
    return [word]


def name_key(name: str) -> str:
    """Return the key that spellings of one name share: `spelled_out` without diacritics."""
    return text.fold(spelled_out(name))


def core_of(name: str) -> str:
    """Return what is left of a name without legal form and trade: equal cores deserve a look."""
    return core_of_key(name_key(name))


def core_of_key(key: str) -> str:
    """Return the core of a name whose key is known."""
    return " ".join(word for word in key.split() if word not in _COMMON)


def same_name(one: str, other: str) -> bool:
    """Say whether two spellings are one name; accents must agree unless one has none at all."""
    a, b = spelled_out(one), spelled_out(other)
    if a == b:
        return True
    unaccented = (
        text.fold(one) == text.clean(one).casefold() or text.fold(other) == text.clean(other).casefold()
    )
    return unaccented and text.fold(a) == text.fold(b)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whereabouts:
    """Where a source puts somebody: the printed names, and today's units where they are known."""

    province: str | None = None
    district: str | None = None
    commune: str | None = None
    province_id: int | None = None
    commune_id: int | None = None


def place_columns(model: Any) -> tuple[Any, ...]:
    """Return the columns of producers and products that `whereabouts_of` reads."""
    printed = (model.printed_province, model.printed_district, model.printed_commune)
    return (*printed, model.province_id, model.commune_id)


def whereabouts_of(row: Any) -> Whereabouts:
    """Return where a producer or product is put, read from an object or from a row of `place_columns`."""
    return Whereabouts(
        province=row.printed_province,
        district=row.printed_district,
        commune=row.printed_commune,
        province_id=row.province_id,
        commune_id=row.commune_id,
    )


def may_be_same_place(one: Whereabouts, other: Whereabouts) -> bool:
    """Say whether two places agree in their province and contradict each other in nothing below."""
    if not _agree(one.province_id, other.province_id, one.province, other.province):
        return False
    if _differ(one.district, other.district):
        return False
    if one.commune_id is not None and other.commune_id is not None:
        return one.commune_id == other.commune_id
    return not _differ(one.commune, other.commune)


def surely_same_place(one: Whereabouts, other: Whereabouts) -> bool:
    """Say whether two places are the same commune, each part named by both sources."""
    named = all((one.commune, other.commune, one.province, other.province))
    return named and bool(one.district) == bool(other.district) and may_be_same_place(one, other)


def same_province(one: Whereabouts, other: Whereabouts) -> bool:
    """Say whether two places lie in one province of today, or one printed name when unresolved."""
    return _agree(one.province_id, other.province_id, one.province, other.province)


def _agree(one_id: int | None, other_id: int | None, one: str | None, other: str | None) -> bool:
    if one_id is not None and other_id is not None:
        return one_id == other_id
    return bool(one and other) and not _differ(one, other)


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and place_key(one or "") != place_key(other or "")


_KINDS = re.compile(r"^(?:tỉnh|thành phố|tp|huyện|thị xã|tx|quận|xã|phường|thị trấn|tt|đặc khu)\.? +")
_UNACCENTED_KINDS = re.compile(text.fold(_KINDS.pattern))


def place_key(printed: str) -> str:
    """Return a printed place without its kind and diacritics: `huyện Hương Sơn` is `huong son`.

    Kinds count with their accents unless the place has none at all: Quan Sơn is no quận.
    """
    written = text.canonical(printed).casefold()
    kinds = _UNACCENTED_KINDS if written.isascii() else _KINDS
    return text.fold(kinds.sub("", written))
