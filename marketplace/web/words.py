"""Words in the language of the page, typed as the text they are.

They are written in Vietnamese: a Vietnamese page, of hundreds of them, takes them as they stand.
"""

import flask_babel
from flask import Flask

from marketplace.web.language import LANGUAGES, current_language

WRITTEN_IN = LANGUAGES[0]


def install_words(app: Flask) -> None:
    """Give templates their `_` and `ngettext`, which fill in values by themselves."""
    app.jinja_env.install_gettext_callables(_in_language, _number_in_language, newstyle=True)  # type: ignore[attr-defined]


def _in_language(words: str) -> str:
    if current_language() == WRITTEN_IN:
        return words
    return str(flask_babel.gettext(words))


def _number_in_language(one: str, many: str, number: int) -> str:
    if current_language() == WRITTEN_IN:
        return one if number == 1 else many
    return str(flask_babel.get_domain().get_translations().ungettext(one, many, number))


def gettext(words: str, /, **values: object) -> str:
    """Return words in the language of the page, values filled in."""
    spoken = _in_language(words)
    return spoken % values if values else spoken


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return words for a number of things in the language of the page; `%(num)s` is the number."""
    return _number_in_language(one, many, number) % {"num": number, **values}
