import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.database import unit_of_work
from marketplace.places.models import Level
from marketplace.search.queries import Suggestion
from marketplace.search.suggesting import Kind
from marketplace.storefront.suggested import address_of, mark
from tests.factories.catalogue import WHITE_SPIRIT, a_set
from tests.storefront.shelves import a_province, on_shelf

JSON = {"Accept": "application/json"}


def test_rows_are_grouped_with_addresses_and_marks(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        on_shelf(session, "Bưởi Phúc Trạch", province=a_province(session, "Hà Tĩnh", "ha-tinh", "42"))
    groups = client.get("/goi-y?q=buoi+phuc", headers=JSON).get_json()["groups"]
    products = next(group for group in groups if group["name"] == "Sản phẩm")
    [row] = products["suggestions"]
    assert row["url"].startswith("/san-pham/buoi-phuc-trach")
    assert row["parts"] == [["Bưởi Phúc ", True], ["Trạch", False]]
    assert row["picture"].startswith("/anh/buoi-phuc-trach")


def test_people_get_a_fragment_programs_get_json(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        on_shelf(session, "Cam Khe Mây")
    fragment = client.get("/goi-y?q=cam", headers={"Accept": "text/html"})
    assert fragment.content_type.startswith("text/html")
    assert "<mark>Cam </mark>Khe Mây" in fragment.text
    assert "<html" not in fragment.text
    assert fragment.headers["Vary"] == "Accept"
    assert "Set-Cookie" not in fragment.headers


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_groups_and_sets_are_named_in_the_language_of_the_page(
    app: Flask, client: FlaskClient, prefix: str
) -> None:
    with unit_of_work() as session:
        kept = a_set(session, WHITE_SPIRIT)
    groups = client.get(f"{prefix}/goi-y?q=spirit", headers=JSON).get_json()["groups"]
    rows = [row for group in groups for row in group["suggestions"]]
    named = ["".join(words for words, _ in row["parts"]) for row in rows]
    assert (kept.name in named, kept.name_en in named) == (not prefix, bool(prefix))


def test_nothing_and_rubbish_are_answered(app: Flask, client: FlaskClient) -> None:
    assert client.get("/goi-y", headers=JSON).get_json() == {"groups": []}
    assert client.get("/goi-y?q=%01%ff<script>", headers=JSON).status_code == 200
    assert "&lt;b&gt;" in client.get("/goi-y?q=<b>").text


def place(label: str, slug: str, level: Level, detail: str = "", *, former: bool = False) -> Suggestion:
    return Suggestion(Kind.PLACE, label, slug, detail, level, former)


def test_every_kind_leads_to_its_page(app: Flask) -> None:
    with app.test_request_context("/"):
        assert address_of(Suggestion(Kind.PRODUCER, "HTX Cam", "htx-cam")) == "/chu-the/htx-cam"
        assert address_of(Suggestion(Kind.GROUP, "Đồ uống", "do-uong")) == "/san-pham?nhom=do-uong"
        assert address_of(Suggestion(Kind.SET, "Rượu trắng", "ruou-trang")) == "/san-pham?bo=ruou-trang"
        province = place("tỉnh Hà Tĩnh", "ha-tinh", Level.PROVINCE)
        assert address_of(province) == "/san-pham?tinh=ha-tinh"
        commune = place("xã Phúc Trạch", "phuc-trach", Level.COMMUNE, "tỉnh Hà Tĩnh")
        assert address_of(commune) == "/san-pham?tinh=ha-tinh&xa=phuc-trach"
        former = place("tỉnh Quảng Bình", "quang-binh", Level.PROVINCE, former=True)
        assert address_of(former).startswith("/san-pham?tinh=t%E1%BB%89nh+Qu")
        district = place("huyện Quảng Trạch", "quang-trach", Level.DISTRICT, "tỉnh Quảng Bình", former=True)
        assert address_of(district).startswith("/san-pham?xa=huy%E1%BB%87n")


def test_words_are_marked_from_their_beginning_only() -> None:
    assert mark("Mật ong rừng", ("ong",)) == (("Mật ", False), ("ong ", True), ("rừng", False))
    assert mark("Đũa móc", ("dua", "moc")) == (("Đũa móc", True),)
    assert mark("Hồng", ("ong",)) == (("Hồng", False),)
