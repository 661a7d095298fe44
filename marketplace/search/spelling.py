"""Vietnamese spelling: the marks of a syllable taken apart and put together again."""

import re
import unicodedata

from marketplace import text

ACUTE, GRAVE, HOOK, TILDE, DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
TONES = (ACUTE, GRAVE, HOOK, TILDE, DOT)
VOWELS = "aăâeêioôơuưy"
MARKED_VOWELS = "ăâêôơư"

_WORD = re.compile(r"[^\W_]+")
_ONSET = re.compile(r"^(?:qu|gi(?=[aăâeêioôơuưy])|[^aăâeêioôơuưy]*)")
_TWIN_ONSETS = ("h", "k", "l", "m", "s", "t", "qu")


def split_words(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase in lower case, each in its one spelling; signs are dropped."""
    return tuple(spell(word) for word in _WORD.findall(text.clean(phrase).casefold()))


def spell(word: str) -> str:
    """Return a lower-case word with its tone mark where the rules put it: hoà, hòa and hòan, hoàn."""
    base, tone = part(word)
    return join(base, tone) if tone else word


def part(word: str) -> tuple[str, str]:
    """Return a word without its tone mark, and the mark; a word with two marks is left whole."""
    if word.isascii():
        return word, ""
    letters = unicodedata.normalize("NFD", word)
    tones = [letter for letter in letters if letter in TONES]
    if len(tones) != 1:
        return word, ""
    return unicodedata.normalize("NFC", letters.replace(tones[0], "")), tones[0]


def join(base: str, tone: str) -> str:
    """Put a tone mark on a toneless syllable, where the older, still official rules put it."""
    if not tone:
        return base
    place = _tone_place(base)
    if place is None:
        return base
    return unicodedata.normalize("NFC", base[: place + 1] + tone + base[place + 1 :])


def _tone_place(base: str) -> int | None:
    onset = _ONSET.match(base)
    start = onset.end() if onset else 0
    vowels = [at for at in range(start, len(base)) if base[at] in VOWELS]
    if not vowels:
        vowels = [at for at, letter in enumerate(base) if letter in VOWELS][-1:]
    if not vowels:
        return None
    marked = [at for at in vowels if base[at] in MARKED_VOWELS]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return vowels[0]
    closed = vowels[1] < len(base) - 1 and base[vowels[1] + 1] not in VOWELS
    if len(vowels) > 2 or closed:
        return vowels[1]
    return vowels[0]


def has_marks(word: str) -> bool:
    """Return whether a word bears any Vietnamese mark, đ included."""
    return not word.isascii()


def may_stand_for(typed: str, form: str) -> bool:
    """Return whether a typed word is a form with some marks left out: nươc may stand for nước."""
    if len(typed) != len(form):
        return False
    return begins(typed, form)


def begins(typed: str, form: str) -> bool:
    """Return whether a form begins with what was typed, marks left out or not: tú begins túi."""
    if len(typed) > len(form):
        return False
    base, tone = part(typed)
    form_base, form_tone = part(form)
    if tone and tone != form_tone:
        return False
    return all(
        letter == other or (letter.isascii() and letter == text.fold(other))
        for letter, other in zip(base, form_base, strict=False)
    )


def twin(word: str) -> str | None:
    """Return the spelling with i for y or y for i where both are used: mì and mỳ, kỹ and kĩ."""
    base, tone = part(word)
    if len(base) < 2 or base[-1] not in "iy" or base[:-1] not in _TWIN_ONSETS:
        return None
    return join(base[:-1] + ("y" if base[-1] == "i" else "i"), tone)
