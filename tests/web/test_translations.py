import pytest
from flask.testing import FlaskClient

from marketplace.database import unit_of_work
from tests.pages import visit
from tests.storefront.shelves import on_shelf
from tests.web.messages import MO, compile_catalogue, extract, ids_of, read, untranslated

RUN = "make messages, then translate what it names"


def test_the_english_catalogue_holds_what_the_pages_say_and_nothing_else() -> None:
    assert ids_of(extract()) == ids_of(read()), RUN


def test_everything_is_translated() -> None:
    assert untranslated(read()) == []


def test_the_compiled_catalogue_is_that_of_the_readable_one() -> None:
    assert MO.read_bytes() == compile_catalogue(read()), RUN


def test_placeholders_are_those_of_the_vietnamese() -> None:
    catalogue = read()
    assert [
        (message.id, list(message.check(catalogue)))
        for message in catalogue
        if list(message.check(catalogue))
    ] == []


@pytest.mark.parametrize(
    "path", ["/en", "/en/san-pham", "/en/diem-ban", "/en/chu-the", "/en/gio-hang", "/en/khong-co"]
)
def test_english_pages_speak_english(client: FlaskClient, path: str) -> None:
    page = visit(client, path, 404 if path.endswith("khong-co") else 200, statements=None)
    header = " ".join(page.texts("header, .nav"))
    assert "Sales points" in header
    assert "Điểm bán" not in header


def test_plurals_follow_the_number(client: FlaskClient) -> None:
    with unit_of_work() as session:
        on_shelf(session, stars=4)
    page = visit(client, "/en/san-pham", statements=None)
    assert page.heading == "1 OCOP product"
    assert "4 stars" in page.words
