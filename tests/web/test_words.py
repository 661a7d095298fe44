from flask import Flask

from marketplace.web.words import gettext, ngettext


def test_words_are_filled_in_whatever_their_names_are(app: Flask) -> None:
    with app.test_request_context("/"):
        assert gettext("Tìm “%(words)s”", words="cam") == "Tìm “cam”"
        assert ngettext("%(number)s món", "%(number)s món", 2, number="2") == "2 món"
