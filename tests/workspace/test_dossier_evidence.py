"""Evidence at a criterion and on the shelf: sent once, used again, and never seen by others."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.evidence import list_evidence
from marketplace.certification.dossiers.models import DossierState
from marketplace.certification.dossiers.queries import list_uses
from marketplace.database import db, unit_of_work
from tests.factories.catalogue import a_variant
from tests.factories.lots import a_pdf
from tests.factories.media import photo
from tests.workspace.dossier_desk import DossierDesk, a_dossier_desk

FORM: dict[str, Any] = {
    "loai": "lab_test",
    "ten": "Phiếu kiểm nghiệm",
    "so": "KN-12",
    "den_ngay": "2027-03-01",
}


def a_file(content: bytes = b"") -> Any:
    return FileStorage(io.BytesIO(content or a_pdf("Kiểm nghiệm")), "kiem-nghiem.pdf")


def shelf(desk: DossierDesk) -> list[str]:
    db.session.rollback()
    return [one.title for one in list_evidence(desk.product.producer_id or 0)]


def uses(desk: DossierDesk) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(use.criterion, use.evidence.title) for use in list_uses(desk.dossier_id)]


def test_a_paper_is_sent_laid_and_taken_away(app: Flask) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.at}/minh-chung/2.2"
    desk.staff.send(f"{desk.at}/cham/2", 303, **{"c2.2": "3"})
    page = desk.staff.open(at)
    assert "cần ít nhất một minh chứng" in page.words
    desk.staff.send(at, **FORM, tep=a_file())
    page = desk.staff.open(at)
    assert "Phiếu kiểm nghiệm số KN-12" in page.words
    assert "Còn hạn đến 01/03/2027" in page.words
    assert "cần ít nhất một minh chứng" not in page.words
    assert "Phiếu kiểm nghiệm" in desk.staff.open(f"{desk.at}/cham/2").words
    [piece] = list_evidence(desk.product.producer_id or 0)
    desk.staff.send(f"{at}/bo", giay=piece.id)
    assert uses(desk) == []
    assert shelf(desk) == ["Phiếu kiểm nghiệm"], "it stays on the shelf"
    desk.staff.send(f"{at}/bo", 404, giay=piece.id)


def test_a_piece_is_used_again_without_being_sent(app: Flask) -> None:
    desk = a_dossier_desk(app)
    desk.browser.send(f"{desk.at}/minh-chung/2.2", **FORM, tep=a_file(photo()))
    [piece] = list_evidence(desk.product.producer_id or 0)
    assert piece.picture
    page = desk.browser.open(f"{desk.at}/minh-chung/2.3")
    assert "Lấy từ tủ giấy tờ" in page.words
    desk.browser.send(f"{desk.at}/minh-chung/2.3/chon", giay=piece.id)
    desk.browser.send(f"{desk.at}/minh-chung/2.3/chon", giay=piece.id)
    assert uses(desk) == [("2.2", piece.title), ("2.3", piece.title)]
    desk.browser.send(f"{desk.at}/minh-chung/9.9/chon", 404, giay=piece.id)


def test_pages_of_the_market_are_laid_by_one_tap(app: Flask) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.at}/minh-chung/2.3"
    page = desk.browser.open(at)
    buttons = [one["value"] for one in page.soup.select("[name=trang]")]
    assert buttons == ["trace"], "no story and no stall yet"
    with unit_of_work() as session:
        product = session.get_one(Product, desk.product.id)
        product.story = "Chuyện cây cam"
        a_variant(session, product)
    page = desk.browser.open(at)
    assert [one["value"] for one in page.soup.select("[name=trang]")] == ["trace", "story", "stall"]
    desk.browser.send(f"{at}/chon", trang="trace")
    desk.browser.send(f"{at}/chon", trang="stall")
    assert len(uses(desk)) == 2
    page = desk.browser.open(at)
    assert [one["value"] for one in page.soup.select("[name=trang]")] == ["story"]
    assert "Trang truy xuất nguồn gốc" in page.words
    assert f"/san-pham/{desk.product.slug}" in page.links()


def test_a_page_that_is_not_there_is_refused(app: Flask) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.at}/minh-chung/2.3"
    desk.browser.send(f"{at}/chon", trang="story")
    assert "chưa có trang này" in desk.browser.open(at).words
    assert uses(desk) == []
    desk.browser.send(f"{at}/chon", 404, trang="khac")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"loai": ""}, "loai"),
        ({"loai": "khac"}, "loai"),
        ({"ten": " "}, "ten"),
        ({"ten": "a" * 161}, "ten"),
        ({"so": "1" * 61}, "so"),
        ({"ngay_cap": "2026-11-22"}, "ngay_cap"),
        ({"ngay_cap": "x"}, "ngay_cap"),
        ({"ngay_cap": "2026-11-20", "den_ngay": "2026-11-19"}, "den_ngay"),
        ({"tep": b"GIF89a"}, "tep"),
        ({"tep": None}, "tep"),
    ],
)
@pytest.mark.parametrize("where", ["dossier", "shelf"])
def test_what_is_wrong_is_named(app: Flask, where: str, changes: dict[str, Any], field: str) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.at}/minh-chung/2.2" if where == "dossier" else f"{desk.base}/minh-chung"
    fields = {**FORM, **changes}
    content = fields.pop("tep", b"")
    if content is not None:
        fields["tep"] = a_file(content)
    answer = desk.browser.send(at, 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert shelf(desk) == []


def test_what_was_handed_in_stays_as_it_is(app: Flask) -> None:
    desk = a_dossier_desk(app, DossierState.SUBMITTED)
    at, before = f"{desk.at}/minh-chung/2.2", uses(desk)
    [piece] = list_evidence(desk.product.producer_id or 0)
    number = piece.id
    page = desk.browser.open(at)
    assert page.soup.select("main form") == []
    desk.browser.send(at, **FORM, tep=a_file())
    desk.browser.send(f"{at}/chon", giay=number)
    desk.browser.send(f"{at}/bo", giay=number)
    assert "đã nộp nên không sửa" in desk.browser.open(at).words
    desk.browser.send(f"{desk.base}/minh-chung/bo", giay=number)
    page = desk.browser.open(f"{desk.base}/minh-chung")
    assert "phải giữ lại" in page.words
    assert "Đã nộp trong hồ sơ, giữ lại" in page.words
    assert uses(desk) == before
    assert len(shelf(desk)) == 1, "nothing was put there beside a closed dossier"


def test_the_shelf_keeps_and_lets_go(app: Flask) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.base}/minh-chung"
    assert "Tủ còn trống" in desk.staff.open(at).words
    desk.staff.send(at, **{**FORM, "den_ngay": "2026-11-20"}, tep=a_file())
    page = desk.staff.open(at)
    assert "Đã hết hạn ngày 20/11/2026" in page.words
    [piece] = list_evidence(desk.product.producer_id or 0)
    assert piece.valid_until == date(2026, 11, 20)
    desk.staff.send(f"{at}/bo", giay=piece.id)
    assert shelf(desk) == []
    desk.staff.send(f"{at}/bo", 404, giay=piece.id)


def test_a_file_is_opened_by_its_own_people_alone(app: Flask) -> None:
    desk, rival = a_dossier_desk(app), a_dossier_desk(app)
    desk.browser.send(f"{desk.base}/minh-chung", **FORM, tep=a_file())
    [piece] = list_evidence(desk.product.producer_id or 0)
    path = f"/minh-chung/{piece.id}/tep"
    given = desk.staff.client.get(f"{desk.base}{path}")
    assert (given.status_code, given.data[:5], given.content_type) == (200, b"%PDF-", "application/pdf")
    assert "attachment" in given.headers["Content-Disposition"]
    assert "sandbox" in given.headers["Content-Security-Policy"]
    for base in (desk.base, rival.base):
        rival.browser.open(f"{base}{path}", 404)
    rival.browser.send(f"{rival.base}/minh-chung/bo", 404, giay=piece.id)
    rival.browser.send(f"{rival.at}/minh-chung/2.2/chon", 404, giay=piece.id)
    assert shelf(desk) == ["Phiếu kiểm nghiệm"]
    assert uses(rival) == []


def test_there_is_no_such_criterion(app: Flask) -> None:
    desk = a_dossier_desk(app)
    desk.browser.open(f"{desk.at}/minh-chung/2", 404)
    desk.browser.send(f"{desk.at}/minh-chung/9.9", 404, **FORM, tep=a_file())
    assert shelf(desk) == []
