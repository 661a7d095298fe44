import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.web.addresses import full_url, other_language_url, page_url
from marketplace.web.language import current_language


@pytest.fixture
def asked(app: Flask) -> FlaskClient:
    return app.test_client()


def environ(language: str) -> dict[str, str]:
    return {"marketplace.language": language}


def test_addresses_stay_in_the_language_of_the_page(app: Flask) -> None:
    with app.test_request_context("/san-pham"):
        assert page_url("/") == "/"
        assert page_url("/san-pham", sao=["3", "4"], q="", tinh=None) == "/san-pham?sao=3&sao=4"
    with app.test_request_context("/san-pham", environ_base=environ("en")):
        assert page_url("/") == "/en"
        assert page_url("/", vung="hue") == "/en?vung=hue"
        assert page_url("/gio-hang") == "/en/gio-hang"


def test_the_other_language_keeps_path_and_query(app: Flask) -> None:
    with app.test_request_context("/san-pham?q=b%C6%B0%E1%BB%9Fi"):
        assert other_language_url() == "/en/san-pham?q=b%C6%B0%E1%BB%9Fi"
    with app.test_request_context("/"):
        assert other_language_url() == "/en"
    with app.test_request_context("/san-pham?sao=5", environ_base=environ("en")):
        assert other_language_url() == "/san-pham?sao=5"
    with app.test_request_context("/dat-hang?x=1", method="POST"):
        assert other_language_url() == "/en/dat-hang"
    assert other_language_url() == "/en"


def test_programs_are_given_whole_addresses(app: Flask) -> None:
    assert full_url("/san-pham") == "http://127.0.0.1:8000/san-pham"
    assert full_url("/san-pham", "en") == "http://127.0.0.1:8000/en/san-pham"
    assert full_url("/", "en") == "http://127.0.0.1:8000/en"


def test_letters_and_commands_speak_vietnamese() -> None:
    assert current_language() == "vi"


@pytest.mark.parametrize(
    ("path", "language"), [("/", "vi"), ("/en", "en"), ("/en/", "en"), ("/en/khong-co", "en")]
)
def test_the_path_decides_the_language(asked: FlaskClient, path: str, language: str) -> None:
    page = asked.get(path)
    assert f'<html lang="{language}">' in page.text


def test_pages_name_their_twin(asked: FlaskClient) -> None:
    page = asked.get("/en/diem-ban").text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/diem-ban">' in page
    assert '<link rel="alternate" hreflang="vi" href="http://127.0.0.1:8000/diem-ban">' in page
    assert '<a href="/diem-ban" lang="vi" hreflang="vi"' in page


def test_a_name_beginning_with_en_is_no_language(asked: FlaskClient) -> None:
    assert '<html lang="vi">' in asked.get("/enchanted").text
