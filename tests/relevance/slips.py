"""Queries made from the names of the register: as people type, mistype and half type them."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from marketplace.search.queries import find
from marketplace.search.spelling import ACUTE, DOT, GRAVE, HOOK, TILDE, TONES, join, part, split_words
from marketplace.text import clean, fold
from tests.relevance.register import names

SEED = 20261121
_BASES = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}
_TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
_TELEX_TONES = {"": "", ACUTE: "s", GRAVE: "f", HOOK: "r", TILDE: "x", DOT: "j"}
_VNI_TONES = {"": "", ACUTE: "1", GRAVE: "2", HOOK: "3", TILDE: "4", DOT: "5"}
_HEARD_ALIKE = (
    ("gi", "d"), ("d", "gi"), ("r", "d"), ("s", "x"), ("x", "s"), ("ch", "tr"), ("tr", "ch"),
    ("l", "n"), ("r", "g"),
)  # fmt: skip

Make = Callable[[str, random.Random], str]


def keys(word: str, letters: dict[str, str], tones: dict[str, str]) -> str:
    """Return the keystrokes that give a word."""
    base, tone = part(word)
    return "".join(letters.get(letter, letter) for letter in base) + tones[tone]


def in_telex(name: str, chance: random.Random) -> str:
    return " ".join(keys(word, _TELEX, _TELEX_TONES) for word in split_words(name))


def in_vni(name: str, chance: random.Random) -> str:
    return " ".join(keys(word, _VNI, _VNI_TONES) for word in split_words(name))


def without_marks(name: str, chance: random.Random) -> str:
    return fold(clean(name))


def decomposed(name: str, chance: random.Random) -> str:
    return unicodedata.normalize("NFD", name)


def half_typed(name: str, chance: random.Random) -> str:
    line = " ".join(split_words(name))
    return line[: max(4, int(0.6 * len(line)))].rstrip()


def half_typed_without_marks(name: str, chance: random.Random) -> str:
    return fold(half_typed(name, chance))


def mistyped(name: str, chance: random.Random) -> str:
    """Let one word of a name slip: a tone, a mark, a sound, two letters swapped, one lost or wrong."""
    words = list(split_words(name))
    at = chance.choice([at for at, word in enumerate(words) if len(word) > 1])
    words[at] = chance.choice(_SLIPS)(*part(words[at]), chance)
    return " ".join(words)


def mistyped_without_marks(name: str, chance: random.Random) -> str:
    return fold(mistyped(name, chance))


def _other_tone(base: str, tone: str, chance: random.Random) -> str:
    return join(base, chance.choice([other for other in TONES if other != tone]))


def _no_mark(base: str, tone: str, chance: random.Random) -> str:
    return join("".join(_BASES.get(letter, letter) for letter in base), tone)


def _sound(base: str, tone: str, chance: random.Random) -> str:
    fitting = [(old, new) for old, new in _HEARD_ALIKE if base.startswith(old)]
    old, new = chance.choice(fitting or [("", "")])
    return join(new + base[len(old) :], tone)


def _swap(base: str, tone: str, chance: random.Random) -> str:
    at = chance.randrange(len(base) - 1)
    return join(base[:at] + base[at + 1] + base[at] + base[at + 2 :], tone)


def _lose(base: str, tone: str, chance: random.Random) -> str:
    at = chance.randrange(len(base))
    return join(base[:at] + base[at + 1 :], tone) if len(base) > 2 else join(base, tone)


def _double(base: str, tone: str, chance: random.Random) -> str:
    at = chance.randrange(len(base))
    return join(base[:at] + base[at] + base[at:], tone)


_SLIPS = (_other_tone, _no_mark, _sound, _swap, _lose, _double)


@dataclass(frozen=True)
class Maker:
    """How queries of a kind are made, how high the product must stand, and how often at least."""

    make: Make
    top: int
    bar: float


MAKERS = {
    "as printed": Maker(lambda name, chance: name, 1, 1.0),
    "without marks": Maker(without_marks, 1, 1.0),
    "decomposed Unicode": Maker(decomposed, 1, 1.0),
    "Telex keys": Maker(in_telex, 1, 1.0),
    "VNI keys": Maker(in_vni, 1, 1.0),
    "one slip": Maker(mistyped, 5, 0.97),
    "one slip, no marks": Maker(mistyped_without_marks, 5, 0.97),
    "half typed": Maker(half_typed, 10, 0.97),
    "half typed, no marks": Maker(half_typed_without_marks, 10, 0.97),
}


def share_found(maker: Maker) -> float:
    """Return for how many of the register's names the query made of it finds a product of that name."""
    chance = random.Random(SEED)
    register = names()
    found = 0
    for name in register.values():
        ids = find(maker.make(name, chance)).product_ids[: maker.top]
        found += any(fold(register[identity]) == fold(name) for identity in ids)
    return found / len(register)
