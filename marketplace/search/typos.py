"""Slips of Vietnamese typing and hearing: which known words a typed word may have been meant for.

A tone forgotten costs less than a wrong letter; sounds that regions merge (s x, ch tr, d gi r, l n,
hỏi ngã, final n ng and c t) cost less than other letters.
"""

import re
from collections.abc import Iterator, Mapping

from marketplace import text
from marketplace.search.spelling import HOOK, TILDE, may_stand_for, part

NOT_NEAR = 9.0
MARK_LEFT_OUT = 0.3
TONES_HEARD_ALIKE = 0.3
OTHER_TONE = 0.5
OTHER_VOWEL_MARK = 0.55
SOUND_HEARD_ALIKE = 0.6
LETTERS_SWAPPED = 0.8
OTHER_LETTER = 1.0
MARKS_TOO = 0.3

_ONSETS = (
    (re.compile(r"^(?:gi(?=[aeiouy])|d|r|v(?!$))"), "z"),
    (re.compile(r"^(?:s|x)"), "s"),
    (re.compile(r"^(?:ch|tr)"), "c"),
    (re.compile(r"^(?:l|n(?![gh]))"), "l"),
    (re.compile(r"^(?:k(?!h)|c(?!h)|q)"), "k"),
    (re.compile(r"^ngh"), "ng"),
    (re.compile(r"^gh"), "g"),
    (re.compile(r"^(?:ph|f)"), "f"),
)
_ENDINGS = ((re.compile(r"(?:ng|nh)$"), "n"), (re.compile(r"(?:ch|c)$"), "t"), (re.compile(r"y$"), "i"))


class Neighbours:
    """Known words by their sound and by their letters with one left out."""

    def __init__(self, forms: Mapping[str, list[str]]) -> None:
        self._forms = forms
        self._by_sound: dict[str, list[str]] = {}
        self._by_shortened: dict[str, list[str]] = {}
        for folded in forms:
            self._by_sound.setdefault(sound(folded), []).append(folded)
            for shortened in {folded, *_shortened(folded)}:
                self._by_shortened.setdefault(shortened, []).append(folded)

    def near(self, word: str) -> list[tuple[float, str]]:
        """Return (cost, known word) for what a typed word may have been meant for."""
        folded = text.fold(word)
        near_by = {folded, *self._by_sound.get(sound(folded), ())}
        shortened = {folded, *_shortened(folded)} if len(folded) > 2 else {folded}
        for letters in shortened:
            near_by.update(self._by_shortened.get(letters, ()))
        priced = ((cost(word, form), form) for other in near_by for form in self._forms.get(other, ()))
        return [pair for pair in priced if pair[0] < NOT_NEAR]


def sound(folded: str) -> str:
    """Return a folded syllable with the sounds that regions merge written alike."""
    for pattern, letter in _ONSETS:
        if pattern.match(folded):
            folded = pattern.sub(letter, folded)
            break
    for pattern, letter in _ENDINGS:
        folded = pattern.sub(letter, folded)
    return folded


def cost(typed: str, form: str) -> float:
    """Return how unlikely it is that a known word was meant, from 0 to about 2; NOT_NEAR is never."""
    folded, other = text.fold(typed), text.fold(form)
    letters = _cost_of_letters(folded, other)
    if letters == NOT_NEAR or typed.isascii():
        return letters
    if letters:
        return letters + (0.0 if _same_marks(typed, form) else MARKS_TOO)
    return _cost_of_marks(typed, form)


def _cost_of_letters(folded: str, other: str) -> float:
    if folded == other:
        return 0.0
    if sound(folded) == sound(other):
        return SOUND_HEARD_ALIKE
    if sorted(folded) == sorted(other) and _swapped(folded, other):
        return LETTERS_SWAPPED
    return (
        OTHER_LETTER if len(folded) > 1 and len(other) > 1 and _one_letter_apart(folded, other) else NOT_NEAR
    )


def _cost_of_marks(typed: str, form: str) -> float:
    if typed == form:
        return 0.0
    if may_stand_for(typed, form) or may_stand_for(form, typed):
        return MARK_LEFT_OUT
    (base, tone), (form_base, form_tone) = part(typed), part(form)
    heard_alike = {tone, form_tone} == {HOOK, TILDE}
    tones = 0.0 if tone == form_tone else TONES_HEARD_ALIKE if heard_alike else OTHER_TONE
    return tones + (0.0 if base == form_base else OTHER_VOWEL_MARK)


def _same_marks(typed: str, form: str) -> bool:
    (base, tone), (form_base, form_tone) = part(typed), part(form)
    marks = sorted(letter for letter in base if not letter.isascii())
    return tone == form_tone and marks == sorted(letter for letter in form_base if not letter.isascii())


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _swapped(one: str, other: str) -> bool:
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(apart) == 2 and apart[1] == apart[0] + 1


def _one_letter_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return len(longer) == len(shorter) + 1 and shorter in set(_shortened(longer))
