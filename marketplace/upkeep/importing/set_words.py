"""A guess at a product's set from its name; what nobody reviewed is marked as inferred."""

import csv
import re
from functools import cache
from importlib.resources import files

from marketplace import text

ALCOHOL_SETS = (14, 15)
ALCOHOL = 15

_ALCOHOL_WORDS = (
    "rượu|bia|vang|vodka|whisky|brandy|soju|sake|cider|cocktail|đồ uống có cồn|nước lên men|"
    "mật hoa dừa lên men|trái cây lên men|hoa quả lên men"
)
_UNACCENTED = "ruou|bia|vodka|whisky|brandy|soju|sake|cider|cocktail"
_INNOCENT_WORDS = "sốt vang|bò kho vang|quả vang|gỗ vang|hòa vang|tiêu vang|sơn vang"


def _whole_words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{text.canonical(words)})(?!\w)")


_ALCOHOL = _whole_words(_ALCOHOL_WORDS)
_ALCOHOL_UNACCENTED = _whole_words(_UNACCENTED)
_INNOCENT = _whole_words(_INNOCENT_WORDS)


@cache
def _rules() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return the shipped rules in order: the first that fits decides."""
    shipped = files("marketplace") / "data" / "register" / "set_words.csv"
    rows = csv.DictReader(shipped.read_text(encoding="utf-8").splitlines())
    return tuple((int(row["set"]), _whole_words(row["words"] or _ALCOHOL_WORDS)) for row in rows)


def _spoken(name: str) -> str:
    return _INNOCENT.sub(" ", text.canonical(name).casefold())


def speaks_of_alcohol(name: str) -> bool:
    """Say whether a name holds a word for an alcoholic drink: such goods ask for age in any class."""
    spoken = _spoken(name)
    if _ALCOHOL.search(spoken):
        return True
    return spoken.isascii() and _ALCOHOL_UNACCENTED.search(spoken) is not None


def infer_set(name: str) -> int | None:
    """Return the set number that the words of a name suggest, None when they suggest nothing."""
    spoken = _spoken(name)
    for number, words in _rules():
        if words.search(spoken):
            return number
    return ALCOHOL if speaks_of_alcohol(name) else None
