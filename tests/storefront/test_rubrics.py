"""The public rubrics and the trial scoring: what is told, and that nothing of it is kept."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from marketplace.catalogue.actions import publish_product
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.database import unit_of_work
from marketplace.storefront import sitemap
from marketplace.web.kept_pages import KeptPages
from tests.factories.catalogue import a_product
from tests.pages import Visited, squeeze, visit

ROOT = "/chuong-trinh/bo-tieu-chi"
ALL = list_rubrics()
FRUIT = f"{ROOT}/che-bien-tu-rau-cu-qua-hat"


def best(number: int, **lowered: int) -> dict[str, str]:
    """Return the fields of the best options of a set, some lowered: `c2_3=2` takes the second of 2.3."""
    fields = {f"c{leaf.code}": str(len(leaf.options)) for leaf in ALL[number - 1].leaves()}
    return fields | {name.replace("_", "."): str(option) for name, option in lowered.items()}


def try_out(client: FlaskClient, fields: dict[str, str], path: str = FRUIT, prefix: str = "") -> Visited:
    return visit(client, f"{prefix}{path}/cham-thu?{urlencode(fields)}", statements=0)


def rows(page: Visited) -> list[str]:
    """Return the lines of the result: by points, by marks, and the lower of the two."""
    return page.texts(".vs li")


def test_the_list_leads_to_all_sets_by_their_groups(client: FlaskClient) -> None:
    page = visit(client, ROOT, statements=1)
    assert page.links(".sets") == [f"{ROOT}/{rubric.slug}" for rubric in ALL]
    assert page.texts(".co h2.mb3") == list(dict.fromkeys(rubric.group.vi for rubric in ALL))
    assert page.texts("tbody tr")[0] == "1048/2019 từ 21/08/2019 35 25 40"
    assert page.texts("tbody tr")[-1] == "1489/2025 từ 06/07/2025 40 25 35"
    assert visit(client, f"/en{ROOT}").texts(".sets a")[1] == "2 Fresh meat, seafood, eggs and milk"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_set_has_a_page_with_all_of_it(client: FlaskClient, prefix: str) -> None:
    language = "en" if prefix else "vi"
    for rubric in ALL:
        page = visit(client, f"{prefix}{ROOT}/{rubric.slug}", statements=1)
        leaves = list(rubric.leaves())
        assert len(page.soup.select("fieldset[id]")) == len(leaves)
        nothing = sum(leaf.may_reach_nothing for leaf in leaves)
        options = [option for leaf in leaves for option in leaf.options]
        assert len(page.soup.select("input[type=radio]")) == len(options) + nothing
        assert len(page.soup.select(".gate")) == sum(option.gate is not None for option in options)
        assert len(page.soup.select("input[type=checkbox]")) == len(rubric.stops)
        for leaf in leaves:
            shown = squeeze(page.one(f"fieldset[id='c{leaf.code}']").get_text(" "))
            told = [leaf.words, *(option.words for option in leaf.options)]
            told += [note.words for note in leaf.notes] + [doubt.words for doubt in leaf.doubts]
            for words in told:
                assert squeeze(getattr(words, language)) in shown
        assert page.soup.select("main img, main [style]") == []


def test_marks_are_told_in_words_and_points_beside_each_option(client: FlaskClient) -> None:
    page = visit(client, f"{ROOT}/rau-cu-qua-hat-tuoi")
    assert (
        page.texts("#c4\\.1 .ro")[3]
        == "Bán ngoài cấp xã, từ 5 đại diện/đại lý phân phối trở lên mốc 4 sao 3 điểm"
    )
    assert page.texts("#c4\\.1 .ro")[0] == "Chưa đạt mức nào 0 điểm"
    assert "Chưa đạt mức nào" not in page.one("#c1\\.2").get_text()
    assert "Phải có (mức 2, 3 điểm):" in squeeze(page.one("#c1\\.6").get_text(" "))
    assert "In 13, dùng 3." in visit(client, f"{ROOT}/mat-ong-mat-khac").words


def test_one_of_two_cases_is_told_apart(client: FlaskClient) -> None:
    page = visit(client, f"{ROOT}/du-lich-cong-dong")
    assert page.texts("#c8 p.fw") == ["a) Dịch vụ do cộng đồng cung cấp", "b) Điểm dịch vụ du lịch"]
    assert "Hồ sơ bị loại khi" not in page.words


def test_groups_stand_closed_but_the_first_and_open_all_on_wish(client: FlaskClient) -> None:
    page = visit(client, FRUIT)
    groups = len(page.soup.select("details.rub"))
    assert len(page.soup.select("details.rub[open]")) == 1
    [wish] = [link for link in page.links() if link.endswith("mo=het")]
    assert len(visit(client, wish).soup.select("details.rub[open]")) == groups


def test_a_product_held_back_by_two_marks_is_told_which(client: FlaskClient) -> None:
    page = try_out(client, best(7, c2_3=2, c9=1, c4_1=3))
    assert rows(page) == ["Theo điểm: 93,00 /100 5 sao", "Theo mốc sao 3 sao", "Kết quả thử 3 sao"]
    assert page.texts(".hold a") == ["2.3 Phong cách, ghi nhãn hàng hóa", "9 Đảm bảo chất lượng sản phẩm"]
    assert page.links(".hold") == ["#c2.3", "#c9"]
    assert "Thêm 1 điểm." in page.texts(".hold li")[0]
    assert "Còn 2 mốc để được 4 sao" in page.words
    assert "Đạt cả 2 mốc: 96,00 điểm, 4 sao" in page.words
    assert "Đang đạt 16/18 mốc của 4 sao." in page.words
    opened = [group.h3.get_text() for group in page.soup.select("details.rub[open]") if group.h3]
    assert [words.split(".")[0] for words in opened] == ["2", "9"]
    checked = {str(one["name"]): str(one["value"]) for one in page.soup.select("input[checked]")}
    assert checked == best(7, c2_3=2, c9=1, c4_1=3)


def test_what_is_not_scored_counts_nothing_and_is_told(client: FlaskClient) -> None:
    page = try_out(client, {"c1.1": "1", "utm_source": "x"})
    assert "Còn 31 tiêu chí chưa chấm" in page.words
    assert rows(page)[-1] == "Kết quả thử dưới 3 sao"
    assert "Dưới 3 sao thì không có giấy chứng nhận." in page.words
    assert len(page.soup.select(".hold > li")) > len(page.soup.select("section > .hold > li")) == 6


def test_points_alone_may_be_missing(client: FlaskClient) -> None:
    marked = {
        f"c{leaf.code}": str(max(o.number for o in leaf.options if o.gate and o.gate <= 4))
        for leaf in ALL[25].leaves()
        if any(option.gate for option in leaf.options)
    }
    page = try_out(client, marked, f"{ROOT}/du-lich-cong-dong")
    assert rows(page)[1] == "Theo mốc sao 5 sao"
    assert "Còn thiếu 45,00 điểm để được 3 sao" in page.words
    assert page.soup.select(".hold") == []


def test_five_stars_are_only_proposed_by_the_province(client: FlaskClient) -> None:
    page = try_out(client, best(7))
    assert rows(page)[-1] == "Kết quả thử 5 sao"
    assert "Tỉnh không công nhận 5 sao" in page.words
    assert page.soup.select(".hold") == []


def test_a_finding_ends_the_scoring(client: FlaskClient) -> None:
    page = try_out(client, best(7) | {"dung": "4"})
    assert "Hồ sơ bị loại hoặc dừng chấm: Loại khi nguyên liệu nhập khẩu toàn bộ" in page.words
    assert len(rows(page)) == 2
    assert page.texts(".dock .t") == ["Kết quả thử dừng chấm"]


def test_stars_tried_out_never_look_like_stars_given(client: FlaskClient) -> None:
    page = try_out(client, best(7, c2_3=2))
    assert page.soup.select(".plate") == []
    assert len(page.soup.select(".would")) == 3
    assert "Chấm thử không được lưu ở đâu và không thay cho kết quả của hội đồng." in page.words


def test_a_trial_is_kept_by_nobody(client: FlaskClient, app: Flask) -> None:
    pages: KeptPages = app.extensions["kept_pages"]
    before = pages.bytes
    page = try_out(client, best(7))
    assert pages.bytes == before
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.response.headers
    assert page.one("meta[name=robots]")["content"] == "noindex"
    assert visit(client, FRUIT).response.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    "query", ["c1.1=5", "c1.1=x", "c1.1=-1", "c1.1=1111", "c1.2=0", "dung=99", "dung=x", "dung=0"]
)
def test_what_the_rubric_does_not_have_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{FRUIT}/cham-thu?{query}")
    assert answer.status_code == 422
    assert "không có trong bộ" in BeautifulSoup(answer.text, "html.parser").get_text()


@pytest.mark.parametrize("path", [f"{ROOT}/khong-co", f"{ROOT}/khong-co/cham-thu?c1.1=1"])
def test_an_unknown_set_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_one_may_begin_again_and_count_again(client: FlaskClient) -> None:
    page = try_out(client, best(7), prefix="/en")
    assert f"/en{FRUIT}" in page.links()
    assert page.one("form#cham")["action"] == f"/en{FRUIT}/cham-thu"
    buttons = page.soup.select("button[form=cham]")
    assert [button["class"][-1] for button in buttons] == ["dsk", "p"]


def test_products_footer_and_sitemap_lead_to_them(client: FlaskClient) -> None:
    with unit_of_work() as session:
        publish_product(session, a_product(session, "Cam Khe Mây"))
    page = visit(client, "/san-pham/cam-khe-may", statements=None)
    assert f"{ROOT}/rau-cu-qua-hat-tuoi" in page.links()
    assert ROOT in page.links(".foot")
    listed = client.get("/sitemap.xml").text
    assert ROOT in sitemap.FIXED
    assert all(f"{ROOT}/{rubric.slug}</loc>" in listed for rubric in ALL)
