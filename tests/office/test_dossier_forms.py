"""Forms 01 and 02 as an office opens them: what the producer filled in, for its own units alone."""

import pytest
from flask import Flask

from marketplace.certification.dossiers.models import DossierState
from tests.factories.dossier_desk import a_dossier_desk
from tests.signin.browsing import Browser, write


@pytest.mark.parametrize(
    ("form", "words"), [("mau-01", "Cam đoan những thông tin"), ("mau-02", "ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN")]
)
def test_officers_of_the_place_read_the_forms(app: Flask, form: str, words: str) -> None:
    desk = write(a_dossier_desk, DossierState.FORWARDED)
    path = f"/van-phong/ho-so/{desk.dossier}"
    for person in (desk.commune_officer, desk.officer, desk.administrator):
        browser = Browser(app)
        browser.enter_as(person)
        assert f"{path}/{form}" in browser.open(path).links()
        page = browser.open(f"{path}/{form}")
        assert words in page.words
        assert "Nguyễn Thị Mận" in page.words
    for person in (desk.stranger, desk.owner):
        browser = Browser(app)
        browser.enter_as(person)
        browser.open(f"{path}/{form}", 404)


def test_a_draft_is_its_producers_own(app: Flask) -> None:
    desk = write(a_dossier_desk, DossierState.DRAFT)
    browser = Browser(app)
    browser.enter_as(desk.officer)
    browser.open(f"/van-phong/ho-so/{desk.dossier}/mau-01", 404)
