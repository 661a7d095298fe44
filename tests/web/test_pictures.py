"""Kept pictures are served for ever under their address, and never anything else."""

import io
from pathlib import Path

import pytest
from flask import Flask, render_template_string, request
from flask.testing import FlaskClient
from PIL import Image

from marketplace.cli.web_server import LARGEST_BODY
from marketplace.database import unit_of_work
from marketplace.errors import SettingsError
from marketplace.media.limits import MAX_BYTES
from marketplace.media.pictures import erase, picture_url
from marketplace.web.guards import Guard, guarded
from marketplace.web.pictures import answer_script, read_files, takes_files
from tests.conftest import make_settings
from tests.environment.application import empty_application
from tests.factories.media import a_picture

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("form", ["avif", "webp", "jpg"])
def test_a_picture_is_served_in_each_form(app: Flask, client: FlaskClient, form: str) -> None:
    with unit_of_work() as session:
        picture = a_picture(session)
    answer = client.get(picture_url(picture, 400, form))
    assert answer.status_code == 200
    assert answer.content_type == {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}[form]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in answer.headers
    assert Image.open(io.BytesIO(answer.data)).size == (400, 300)
    again = client.get(picture_url(picture, 400, form), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_not_kept_is_not_found(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        picture = a_picture(session)
    unknown = [
        f"/anh/{picture.key}-1200.jpg",
        f"/anh/{picture.key}-400.png",
        f"/anh/{'a' * 22}-400.jpg",
        f"/anh/{picture.key[:21]}-400.jpg",
        f"/anh/..%2f..%2f{'a' * 15}-400.jpg",
        f"/anh/{'.' * 22}-400.jpg",
    ]
    for path in unknown:
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Cache-Control"] == "no-store"
    with unit_of_work() as session:
        erase(session, session.merge(picture))
    assert client.get(picture_url(picture, 400)).status_code == 404


def test_the_element_names_every_form_and_size(app: Flask) -> None:
    with unit_of_work() as session:
        picture = a_picture(session)
    with app.test_request_context("/"):
        html = render_template_string(
            "{% from 'components/pictures.html' import kept_picture %}"
            "{{ kept_picture(picture, 'Mật ong <hoa> cà phê', sizes='50vw') }}",
            picture=picture,
        )
    assert html.count("<source ") == 2
    assert html.index("image/avif") < html.index("image/webp") < html.index("<img")
    assert f"/anh/{picture.key}-200.avif 200w, /anh/{picture.key}-400.avif 400w" in html
    assert f'src="/anh/{picture.key}-400.jpg"' in html
    assert 'width="640" height="480"' in html
    assert 'loading="lazy"' in html
    assert 'alt="Mật ong &lt;hoa&gt; cà phê"' in html


def test_pictures_of_another_host_are_let_in_by_the_policy(tmp_path: Path) -> None:

    folder = tmp_path
    url = "https://anh.example.vn/tep/"
    with empty_application(f"sqlite:///{folder / 'x.db'}", folder, MEDIA_URL=url) as app:
        with unit_of_work() as session:
            picture = a_picture(session)
        assert picture_url(picture, 200, "webp") == f"{url}{picture.key}-200.webp"
        policy = app.test_client().get("/khong-co").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://anh.example.vn;" in policy


@pytest.mark.parametrize(
    "url", ["anh/", "/anh", "//evil/anh/", "http://a.vn/", "https:///x/", "/a b/", "/a;x/", "/a?b/"]
)
def test_an_address_that_is_no_folder_stops_the_start(url: str, tmp_path: Path) -> None:

    with pytest.raises(SettingsError, match="MEDIA_URL"):
        make_settings("sqlite:///x.db", tmp_path, MEDIA_URL=url)


@guarded(Guard.VISITOR)
@takes_files(3_000_000)
def take_pictures() -> str:
    return " ".join(f"{name}:{len(content)}" for name, content in read_files("anh", most=2))


@guarded(Guard.VISITOR)
def take_words() -> str:
    return str(len(request.get_data()))


def test_only_views_that_take_files_take_large_ones(tmp_path: Path) -> None:
    with empty_application(f"sqlite:///{tmp_path / 'test.db'}", tmp_path) as app:
        _take_small_and_large(app)


def _take_small_and_large(app: Flask) -> None:
    app.add_url_rule("/thu/anh", view_func=take_pictures, methods=["POST"])
    app.add_url_rule("/thu/chu", view_func=take_words, methods=["POST"])
    client = app.test_client()

    def send(path: str, *sizes: int) -> tuple[int, str]:
        files = [(io.BytesIO(b"x" * size), f"{number}.jpg") for number, size in enumerate(sizes)]
        answer = client.post(path, data={"anh": files}, headers=SAME_ORIGIN)
        return answer.status_code, answer.text

    assert send("/thu/anh", 2_000_000) == (200, "0.jpg:2000000")
    assert send("/thu/anh", 4, 5, 6) == (200, "0.jpg:4 1.jpg:5")
    assert send("/thu/anh", 3_100_000)[0] == 413
    assert send("/thu/chu", 2_000_000)[0] == 413
    empty = client.post("/thu/anh", data={"anh": (io.BytesIO(b""), "")}, headers=SAME_ORIGIN)
    assert empty.text == ""


def test_the_script_is_told_in_few_words(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept": "application/json"}):
        kept, refused = answer_script(), answer_script(["a.jpg: hỏng"])
    assert kept is not None
    assert refused is not None
    assert (kept.status_code, kept.data) == (204, b"")
    assert (refused.status_code, refused.json) == (422, {"messages": ["a.jpg: hỏng"]})
    with app.test_request_context("/", headers={"Accept": "text/html,application/json;q=0.9,*/*;q=0.8"}):
        assert answer_script(["a.jpg: hỏng"]) is None


def test_the_server_lets_in_as_much_as_any_view_takes(app: Flask) -> None:
    most = {name: getattr(view, "most_bytes", 0) for name, view in app.view_functions.items()}
    assert max(most.values()) >= MAX_BYTES
    assert {name for name, bytes_ in most.items() if bytes_ > LARGEST_BODY} == set()
