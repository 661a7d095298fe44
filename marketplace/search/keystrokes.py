"""Raw keystrokes: what was typed with the input method switched off, Telex or VNI."""

from marketplace.search.spelling import ACUTE, DOT, GRAVE, HOOK, TILDE, VOWELS, join

_TELEX_TONES = {"s": ACUTE, "f": GRAVE, "r": HOOK, "x": TILDE, "j": DOT, "z": ""}
_VNI_TONES = {"1": ACUTE, "2": GRAVE, "3": HOOK, "4": TILDE, "5": DOT, "0": ""}
_ROOF = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"o": "ơ", "u": "ư"}
_BREVE = {"a": "ă"}


def decode(word: str) -> str | None:
    """Return the word that the keystrokes mean in Telex or VNI, or None where they mean themselves."""
    if not word.isascii() or not word[:1].isalpha():
        return None
    typed = _Syllable()
    press = typed.press_telex if word.isalpha() else typed.press_vni
    for key in word:
        press(key)
    meant = join("".join(typed.letters), typed.tone)
    return meant if meant != word else None


class _Syllable:
    """The syllable that grows as keys are pressed; marks may be typed late, as input methods allow."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.tone = ""

    def press_telex(self, key: str) -> None:
        if key in _TELEX_TONES and self._has_vowel():
            self.tone = _TELEX_TONES[key]
        elif key == "w":
            if not (self._change(_HORN | _BREVE)):
                self.letters.append("ư")
        elif (key in _ROOF and key in self.letters and self._change({key: _ROOF[key]})) or (
            key == "d" and self._bar()
        ):
            return
        else:
            self.letters.append(key)

    def press_vni(self, key: str) -> None:
        if key in _VNI_TONES and self._has_vowel():
            self.tone = _VNI_TONES[key]
        elif (
            (key == "6" and self._change(_ROOF))
            or (key == "7" and self._change(_HORN))
            or (key == "8" and self._change(_BREVE))
            or (key == "9" and self._bar())
        ):
            return
        else:
            self.letters.append(key)

    def _has_vowel(self) -> bool:
        return any(letter in VOWELS for letter in self.letters)

    def _bar(self) -> bool:
        if self.letters[:1] != ["d"]:
            return False
        self.letters[0] = "đ"
        return True

    def _change(self, marks: dict[str, str]) -> bool:
        """Mark the last letter that takes the mark; uo becomes ươ as a whole."""
        for at in reversed(range(len(self.letters))):
            letter = self.letters[at]
            if letter not in marks:
                continue
            self.letters[at] = marks[letter]
            if (
                marks[letter] == "ơ"
                and at
                and self.letters[at - 1] == "u"
                and self.letters[:at] != ["q", "u"]
            ):
                self.letters[at - 1] = "ư"
            return True
        return False
