"""Looking up what the register does not hold."""

from datetime import date

import pytest
from flask import Flask

from marketplace.certification.register_book import EntryFilter, get_certificate, list_entries
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate


def test_a_code_that_was_never_given_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        get_certificate("cam-khe-may-1999")


def test_signs_without_letters_find_nothing_and_everything_is_kept(app: Flask) -> None:
    with unit_of_work() as session:
        a_certificate(session, a_product(session))
    day = date(2026, 11, 21)
    assert list_entries(EntryFilter(words="％＊"), day).total == 0
    assert list_entries(EntryFilter(words="khe may"), day).total == 1
