"""Words in the language of the page, typed as the text they are."""

import flask_babel


def gettext(words: str, /, **values: object) -> str:
    """Return words in the language of the page, values filled in."""
    return str(flask_babel.gettext(words, **values))


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return words for a number of things in the language of the page; `%(num)s` is the number."""
    return str(flask_babel.ngettext(one, many, number, **values))
