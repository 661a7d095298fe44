"""Inspections at the office: found, recorded, followed up and closed; and never those of elsewhere."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.models import Certificate
from marketplace.certification.oversight.models import Finding, Inspection, InspectionKind, Revocation
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.factories.oversight import ANSWER_BY, LABEL, MARK, WORDS, an_inspection
from tests.signin.browsing import Browser, letters

PAGE = "/van-phong/kiem-tra"
MINUTES: dict[str, Any] = {
    "loai": "unannounced",
    "ngay": "18/11/2026",
    "doan": "Sở Nông nghiệp và Môi trường",
    "loi": WORDS,
    "thay-information": "Nhãn lô 12 thiếu hạn dùng.\n\nTem mờ, quét không được.",
    "thay-mark_use": "Bảng hiệu còn in 5 sao.",
    "han": "05/12/2026",
}


def recorded(desk: Desk, *findings: Any, commune: bool = False, **changes: Any) -> int:
    """Record an inspection by the officer of the province, or of the commune."""
    person = desk.commune_officer if commune else desk.officer
    unit, role = (desk.commune, Role.COMMUNE_OFFICER) if commune else (desk.province, Role.PROVINCE_OFFICER)
    with unit_of_work() as session:
        actor = an_actor(person, (Scope(ScopeKind.ADMIN_UNIT, unit), role))
        return an_inspection(
            session, actor, session.get_one(Producer, desk.producer), *findings, **changes
        ).id


def kept(number: int) -> Inspection:
    db.session.rollback()
    return db.session.get_one(Inspection, number, populate_existing=True)


def findings_of(number: int) -> list[Finding]:
    db.session.rollback()
    wanted = sa.select(Finding).where(Finding.inspection_id == number).order_by(Finding.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def test_a_producer_or_a_product_is_found_by_name(desk: Desk, office: Browser) -> None:
    page = office.open(f"{PAGE}/moi?q=cam+khe")
    assert f"{PAGE}/moi/chu-the/{desk.producer}" in page.links()
    assert f"{PAGE}/moi/san-pham/{desk.waiting}" in page.links()
    assert "Không thấy cơ sở" in office.open(f"{PAGE}/moi?q=zzz").words
    assert "Không thấy cơ sở" not in office.open(f"{PAGE}/moi").words


def test_the_phone_of_the_office_is_kept_and_proposed_the_next_time(desk: Desk, office: Browser) -> None:
    path = f"{PAGE}/moi/san-pham/{desk.waiting}"
    assert office.open(path).one("#dien_thoai")["value"] == ""
    wrong = office.send(path, 422, **MINUTES, dien_thoai="12")
    assert 'href="#dien_thoai"' in wrong.text
    assert "Số điện thoại chưa đúng" in wrong.text
    office.send(path, **MINUTES, dien_thoai="0239 3 855 555")
    db.session.rollback()
    assert db.session.scalars(sa.select(Inspection.phone)).one() == "02393855555"
    assert office.open(path).one("#dien_thoai")["value"] == "02393855555"


def test_what_the_minutes_say_is_recorded_and_told(desk: Desk, office: Browser, app: Flask) -> None:
    answer = office.send(f"{PAGE}/moi/san-pham/{desk.waiting}", **MINUTES)
    db.session.rollback()
    [made] = db.session.query(Inspection).all()
    assert answer.location.endswith(f"{PAGE}/{made.id}")
    assert (made.product_id, made.producer_id, made.unit_id) == (desk.waiting, desk.producer, desk.province)
    assert [one.words for one in findings_of(made.id)] == [
        "Bảng hiệu còn in 5 sao.",
        "Nhãn lô 12 thiếu hạn dùng.",
        "Tem mờ, quét không được.",
    ]
    page = office.open(f"{PAGE}/{made.id}")
    assert page.heading == "Kiểm tra Cam Khe Mây"
    assert "3 chỗ chưa đạt" in page.words
    assert WORDS in page.words
    assert "Kiểm tra đột xuất 18/11/2026" in office.open(PAGE).words
    [letter] = letters(app)
    assert letter.to == desk.owner.email
    assert "Dùng nhãn hiệu OCOP, sao: Bảng hiệu còn in 5 sao." in letter.body
    assert "05/12/2026" in letter.body


def test_without_findings_it_is_closed_and_can_open_again(desk: Desk, office: Browser) -> None:
    fields = {name: value for name, value in MINUTES.items() if not name.startswith("thay")}
    office.send(f"{PAGE}/moi/chu-the/{desk.producer}", **fields)
    db.session.rollback()
    number = db.session.query(Inspection).one().id
    assert "Khép 21/11/2026" in office.open(f"{PAGE}/{number}").words
    office.send(f"{PAGE}/{number}/them", ve="safety", loi="Mẫu 3 vượt mức nấm men.", han="05/12/2026")
    assert kept(number).closed_on is None
    assert "Mẫu 3 vượt mức nấm men." in office.open(f"{PAGE}/{number}").words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loai": "no"}, "Mời chọn một loại."),
        ({"ngay": "31/02/2026"}, "Mời gõ ngày"),
        ({"ngay": "22/11/2026"}, "Ngày này phải từ"),
        ({"han": ""}, "mời ghi ngày phải sửa xong"),
        ({"han": "01/11/2026"}, "Ngày này phải từ 18/11/2026"),
        ({"doan": ""}, "Mời viết từ 3 đến 300 chữ."),
        ({"loi": "ngắn"}, "Mời viết từ 10 đến 2000 chữ."),
        ({"thay-safety": "x"}, "Mời viết từ 5 đến 1000 chữ."),
        ({"thay-safety": "Chỗ bẩn ở kho.\n" * 31}, "ghi được nhiều nhất 30"),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(
    changes: dict[str, str], words: str, desk: Desk, office: Browser
) -> None:
    answer = office.send(f"{PAGE}/moi/chu-the/{desk.producer}", 422, **{**MINUTES, **changes})
    assert words in answer.text
    assert "Bảng hiệu còn in 5 sao." in answer.text
    assert db.session.query(Inspection).count() == 0


def test_the_form_sent_twice_leads_to_the_first(desk: Desk, office: Browser) -> None:
    first = office.send(f"{PAGE}/moi/chu-the/{desk.producer}", **MINUTES).location
    assert office.send(f"{PAGE}/moi/chu-the/{desk.producer}", **MINUTES).location == first
    assert "đã có trong sổ" in office.open(first).soup.get_text()
    assert len(deeds("inspection:record")) == 1


def test_findings_are_mended_and_the_inspection_closed(desk: Desk, office: Browser, app: Flask) -> None:
    number = recorded(desk, LABEL, MARK)
    first, second = findings_of(number)
    path = f"{PAGE}/{number}"
    fields: dict[str, Any] = {"loi_xong": "In lại nhãn.", "ngay_xong": "20/11/2026"}
    for changes, words in (
        ({"ngay_xong": ""}, "Mời gõ ngày"),
        ({"loi_xong": "ok"}, "Mời viết từ 5 đến 500 chữ."),
        ({"ngay_xong": "22/11/2026"}, "Ngày này phải từ 18/11/2026 đến 21/11/2026"),
    ):
        assert words in office.send(f"{path}/xong/{first.id}", 422, **{**fields, **changes}).text
    office.send(f"{path}/xong/{first.id}", **fields)
    office.send(f"{path}/xong/{first.id}", 409, **fields)
    page = office.open(path)
    assert "Sửa xong 20/11/2026 In lại nhãn." in page.words
    assert "Còn 1 chỗ chưa sửa xong" in page.words
    assert "Còn 1 chỗ chưa sửa xong" in office.send(f"{path}/khep", 409).text
    office.send(f"{path}/xong/{second.id}", **fields)
    office.send(f"{path}/khep")
    assert "khép 21/11/2026" in office.open(PAGE).words
    office.send(f"{path}/khep", 409)
    [letter] = letters(app)
    assert "Mọi chỗ chưa đạt đã được ghi là sửa xong." in letter.body


def test_what_showed_later_needs_topic_words_and_day(desk: Desk, office: Browser) -> None:
    number = recorded(desk, LABEL)
    whole: dict[str, Any] = {"ve": "safety", "loi": "Mẫu 3 vượt mức nấm men.", "han": "05/12/2026"}
    for changes, words in (
        ({"ve": "no"}, "Mời chọn một mục."),
        ({"han": ""}, "Mời gõ ngày"),
        ({"han": "20/11/2026"}, "Ngày này phải từ 21/11/2026"),
        ({"loi": "x"}, "Mời viết từ 5 đến 1000 chữ."),
    ):
        assert words in office.send(f"{PAGE}/{number}/them", 422, **{**whole, **changes}).text
    for _ in range(29):
        office.send(f"{PAGE}/{number}/them", **whole)
    assert "nhiều nhất 30" in office.send(f"{PAGE}/{number}/them", 409, **whole).text


def test_a_revocation_rests_on_it(desk: Desk, office: Browser, app: Flask) -> None:
    number = recorded(desk, MARK)
    of_product = sa.select(Certificate.id).where(Certificate.product_id == desk.waiting)
    [certificate] = db.session.scalars(of_product)
    page = office.open(f"{PAGE}/{number}")
    [asked] = [link for link in page.links() if "/thu-hoi-giay/moi" in link]
    chosen = f"/van-phong/thu-hoi-giay/moi/{certificate}?kiem_tra={number}"
    assert f"kiem_tra={number}" in asked
    assert chosen in office.open(asked).links()
    form = office.open(chosen)
    assert form.one('input[name="kiem_tra"]')["value"] == str(number)
    assert f"{PAGE}/{number}" in form.links()
    words = "Biên bản 08: bảng hiệu in 5 sao."
    grounds: dict[str, Any] = {"ly_do": "mark_misused", "loi": words, "ngay": "19/11/2026"}
    path = f"/van-phong/thu-hoi-giay/moi/{certificate}"
    kept_field = office.send(path, 422, kiem_tra=number, **{**grounds, "ly_do": ""})
    assert f'name="kiem_tra" value="{number}"' in kept_field.text
    office.send(path, 404, kiem_tra=number + 999, **grounds)
    office.send(path, kiem_tra=number, **grounds)
    db.session.rollback()
    revocation = db.session.query(Revocation).one()
    assert revocation.inspection_id == number
    assert f"{PAGE}/{number}" in office.open(f"/van-phong/thu-hoi-giay/{revocation.id}").links()
    page = office.open(f"{PAGE}/{number}")
    assert "Đang có bản soạn thu hồi" in page.words
    assert "nên chưa khép được" in page.words
    office.send(f"{PAGE}/{number}/khep", 409)
    second = Browser(app)
    second.enter_as(desk.second)
    second.send(f"/van-phong/thu-hoi-giay/{revocation.id}/quyet-dinh", so="3100/QĐ-UBND", ngay="21/11/2026")
    office.send(f"{PAGE}/{number}/khep")
    assert kept(number).closed_on == clock.today()


def test_late_ones_stand_red_among_the_tasks(desk: Desk, office: Browser) -> None:
    recorded(desk, LABEL)
    assert "Kiểm tra quá ngày hẹn" not in office.open("/van-phong", statements=16).words
    late = recorded(desk, LABEL, kind=InspectionKind.UNANNOUNCED, answer_by=clock.today())
    with unit_of_work() as session:
        session.get_one(Inspection, late).answer_by = clock.today().replace(day=20)
    page = office.open("/van-phong", statements=16)
    assert "1 Kiểm tra quá ngày hẹn" in page.words
    assert f"{PAGE}/{late}" in page.links()
    assert "Kiểm tra cơ sở 1 việc" in page.texts(".onav a")


def test_a_commune_reads_what_the_province_wrote_and_goes_on_with_its_own(
    desk: Desk, browser: Browser
) -> None:
    above, own = recorded(desk, LABEL), recorded(desk, LABEL, commune=True)
    browser.enter_as(desk.commune_officer)
    page = browser.open(f"{PAGE}/{above}")
    assert "bạn xem được, không sửa được" in page.words
    assert not page.soup.select("main form")
    [finding] = findings_of(above)
    browser.send(f"{PAGE}/{above}/xong/{finding.id}", 404, loi_xong="In lại nhãn.", ngay_xong="20/11/2026")
    browser.send(f"{PAGE}/{above}/khep", 404)
    [finding] = findings_of(own)
    browser.send(f"{PAGE}/{own}/xong/{finding.id}", loi_xong="In lại nhãn.", ngay_xong="20/11/2026")
    assert "Soạn thu hồi giấy" not in browser.open(f"{PAGE}/{own}").words


def test_the_office_beyond_its_units_finds_nothing(desk: Desk, browser: Browser) -> None:
    number = recorded(desk, LABEL)
    [finding] = findings_of(number)
    for person in (desk.stranger, desk.owner):
        browser.enter_as(person)
        for path in (f"{PAGE}/{number}", f"{PAGE}/moi/chu-the/{desk.producer}"):
            browser.open(path, 404)
        for path, fields in (
            (f"{PAGE}/moi/chu-the/{desk.producer}", MINUTES),
            (f"{PAGE}/moi/san-pham/{desk.waiting}", MINUTES),
            (f"{PAGE}/{number}/them", {"ve": "safety", "loi": "Kho bẩn.", "han": "05/12/2026"}),
            (f"{PAGE}/{number}/xong/{finding.id}", {"loi_xong": "In lại.", "ngay_xong": "20/11/2026"}),
            (f"{PAGE}/{number}/khep", {}),
        ):
            browser.send(path, 404, **fields)
    assert len(findings_of(number)) == 1
    assert kept(number).answer_by == ANSWER_BY
    browser.enter_as(desk.stranger)
    assert "18/11/2026" not in browser.open(PAGE).words


def test_a_finding_of_another_inspection_is_not_there(desk: Desk, office: Browser) -> None:
    number = recorded(desk, LABEL)
    other = recorded(desk, MARK, kind=InspectionKind.UNANNOUNCED)
    [finding] = findings_of(other)
    office.send(f"{PAGE}/{number}/xong/{finding.id}", 404, loi_xong="In lại.", ngay_xong="20/11/2026")
    assert findings_of(other)[0].mended_on is None
