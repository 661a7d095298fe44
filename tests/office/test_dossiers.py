"""Dossiers at the desk of a commune, of a province, and what neither may see."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.models import Product
from marketplace.certification.councils.models import SessionState
from marketplace.certification.dossiers.actions import submit_dossier
from marketplace.certification.dossiers.models import (
    AdvisoryReport,
    CommuneFinding,
    CommuneLetter,
    Dossier,
    DossierState,
    DossierStep,
    MinistryFile,
    Topic,
)
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, rubric_of
from marketplace.database import db
from marketplace.web.score_sheets import field_of
from tests.factories.dossier_desk import (
    DossierDesk,
    a_dossier_desk,
    a_result,
    in_conflict,
    join_producer,
    state_of,
)
from tests.factories.dossiers import a_round, choices_for, the_owner
from tests.signin.browsing import Browser, letters, write

S = DossierState
ALL = "/van-phong/ho-so?trang_thai=tat_ca"
DESKS = {
    S.SUBMITTED: ("Gửi lên tỉnh", "Trả lại cơ sở"),
    S.FORWARDED: ("Tiếp nhận, giao tổ tư vấn", "Gửi yêu cầu bổ sung"),
    S.ACCEPTED: ("Trình hội đồng", "Gửi yêu cầu bổ sung"),
    S.PROPOSED: ("Đã gửi lên Bộ",),
    S.AT_MINISTRY: ("Ghi kết quả của Bộ",),
}


def path_of(desk: DossierDesk, rest: str = "") -> str:
    return f"/van-phong/ho-so/{desk.dossier}{rest}"


def examined(**changes: str) -> dict[str, str]:
    """What a commune's form holds when all is well."""
    found = {f"dat-{topic}": "co" for topic in Topic} | {f"loi-{topic}": "Đúng như hồ sơ." for topic in Topic}
    return {**found, "viec": "gui", "so": "45/UBND-KT", "ngay": "21/11/2026", "mau": "5", **changes}


def desk_in(state: DossierState, **facts: object) -> DossierDesk:
    desk: DossierDesk = write(a_dossier_desk, state, **facts)
    return desk


def one(desk: DossierDesk) -> Dossier:
    db.session.rollback()
    return db.session.get_one(Dossier, desk.dossier, populate_existing=True)


@pytest.mark.parametrize("state", list(S))
def test_each_state_has_its_page_and_its_desk(state: DossierState, browser: Browser) -> None:
    desk = desk_in(state)
    write(a_round, desk.province)
    browser.enter_as(desk.officer)
    if state is S.DRAFT:
        browser.open(path_of(desk), 404)
        return
    page = browser.open(path_of(desk))
    assert page.heading == "Cam Khe Mây"
    assert "Chủ thể tự chấm" in page.words
    buttons = page.texts("main form button")
    assert [words for words in DESKS.get(state, ()) if words not in buttons] == []
    assert bool(page.soup.select("main form")) == (state in DESKS)
    assert len(page.soup.select("main .btn.p")) <= 1


@pytest.mark.parametrize("who", ["commune_officer", "officer", "administrator"])
def test_a_commune_proposes_a_dossier_and_the_producer_is_told(
    who: str, browser: Browser, app: Flask
) -> None:
    desk = desk_in(S.SUBMITTED)
    letters(app)
    browser.enter_as(getattr(desk, who))
    browser.send(path_of(desk, "/xa"), 303, **examined())
    dossier = one(desk)
    assert (dossier.state, dossier.samples) == (S.FORWARDED, 5)
    letter = db.session.get_one(CommuneLetter, desk.dossier)
    assert (letter.number, letter.written_on) == ("45/UBND-KT", date(2026, 11, 21))
    assert letter.written_by == getattr(desk, who).id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CommuneFinding)) == 4
    assert desk.owner.email in {kept.to for kept in letters(app)[:2]}
    deeds = db.session.scalars(
        sa.select(Deed.action).where(Deed.actor_id == letter.written_by).order_by(Deed.seq)
    ).all()
    assert "dossier:move" in deeds


def test_findings_are_kept_without_sending(browser: Browser, app: Flask) -> None:
    desk = desk_in(S.SUBMITTED)
    letters(app)
    told = len(letters(app))
    browser.enter_as(desk.commune_officer)
    some = {"viec": "luu", "dat-material": "khong", "loi-material": "Chưa thấy giấy mua lá."}
    browser.send(path_of(desk, "/xa"), 303, **some)
    [found] = db.session.scalars(sa.select(CommuneFinding)).all()
    assert (found.topic, found.holds, found.words) == (Topic.MATERIAL, False, "Chưa thấy giấy mua lá.")
    assert one(desk).state is S.SUBMITTED
    assert len(letters(app)) == told
    page = browser.open(path_of(desk))
    assert page.one('input[name="dat-material"][checked]')["value"] == "khong"
    assert page.one("#loi-material").get_text() == "Chưa thấy giấy mua lá."


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"dat-idea": "khong"}, "dat-idea"),
        ({"dat-idea": ""}, "dat-idea"),
        ({"loi-idea": " "}, "loi-idea"),
        ({"loi-idea": "x" * 1001}, "loi-idea"),
        ({"so": " "}, "so"),
        ({"so": "x" * 61}, "so"),
        ({"ngay": ""}, "ngay"),
        ({"ngay": "22/11/2026"}, "ngay"),
        ({"ngay": "20/11/2026"}, "ngay"),
        ({"mau": "4"}, "mau"),
        ({"mau": ""}, "mau"),
        ({"mau": "năm"}, "mau"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_moves(
    changes: dict[str, str], at: str, browser: Browser
) -> None:
    desk = desk_in(S.SUBMITTED)
    browser.enter_as(desk.commune_officer)
    answer = browser.send(path_of(desk, "/xa"), 422, **examined(**changes))
    assert f'href="#{at}"' in answer.text
    assert one(desk).state is S.SUBMITTED
    assert db.session.get(CommuneLetter, desk.dossier) is None


def test_services_of_tourism_come_without_samples(browser: Browser) -> None:
    desk = desk_in(S.SUBMITTED, set_number=26)
    browser.enter_as(desk.commune_officer)
    page = browser.open(path_of(desk))
    assert not page.soup.select("#mau")
    browser.send(path_of(desk, "/xa"), 303, **examined(mau=""))
    assert (one(desk).state, one(desk).samples) == (S.FORWARDED, None)


def test_a_dossier_goes_back_with_reasons(browser: Browser, app: Flask) -> None:
    desk = desk_in(S.SUBMITTED)
    letters(app)
    browser.enter_as(desk.commune_officer)
    answer = browser.send(path_of(desk, "/tra-lai"), 422, ly_do=" ")
    assert 'href="#ly_do"' in answer.text
    browser.send(path_of(desk, "/tra-lai"), ly_do="Thiếu giấy xác nhận của thôn.")
    assert one(desk).state is S.RETURNED
    assert any("Thiếu giấy xác nhận của thôn." in kept.body for kept in letters(app))
    browser.send(path_of(desk, "/tra-lai"), 409, ly_do="Lần nữa")


def test_what_was_sent_twice_moves_once(browser: Browser) -> None:
    desk = desk_in(S.SUBMITTED)
    browser.enter_as(desk.commune_officer)
    browser.send(path_of(desk, "/xa"), 303, **examined())
    answer = browser.send(path_of(desk, "/xa"), 409, **examined())
    assert "Hồ sơ đã sang bước khác" in answer.text
    forwarded = sa.select(DossierStep).where(DossierStep.state == S.FORWARDED)
    assert len(db.session.scalars(forwarded).all()) == 1


def test_a_province_takes_a_dossier_into_the_round_of_its_day(browser: Browser, app: Flask) -> None:
    desk = desk_in(S.FORWARDED)
    opened = write(a_round, desk.province, number=7).id
    write(a_round, desk.province, number=8, intake_until=date(2027, 4, 29), decided_by=date(2027, 6, 29))
    letters(app)
    browser.enter_as(desk.officer)
    page = browser.open(path_of(desk))
    assert page.one("#dot option[selected]")["value"] == str(opened)
    assert 'href="#dot"' in browser.send(path_of(desk, "/nhan"), 422, dot="").text
    browser.send(path_of(desk, "/nhan"), dot=opened)
    dossier = one(desk)
    assert (dossier.state, dossier.round_id, dossier.due_on) == (S.ACCEPTED, opened, date(2027, 2, 28))
    assert desk.owner.email in {kept.to for kept in letters(app)}


def test_a_round_of_others_or_closed_takes_nothing(browser: Browser) -> None:
    desk = desk_in(S.FORWARDED)
    closed = write(a_round, desk.province, number=1, intake_until=date(2026, 11, 20)).id
    foreign = write(a_round, desk.elsewhere, number=1).id
    browser.enter_as(desk.officer)
    assert "20/11/2026" in browser.send(path_of(desk, "/nhan"), 409, dot=closed).text
    browser.send(path_of(desk, "/nhan"), 404, dot=foreign)
    browser.send(path_of(desk, "/nhan"), 404, dot=999999)
    assert one(desk).state is S.FORWARDED


def test_what_was_completed_later_stays_in_the_round_it_was_proposed_for(browser: Browser) -> None:
    desk = desk_in(S.NEEDS_COMPLETION)
    closing = write(a_round, desk.province, number=1, intake_until=date(2026, 11, 21)).id
    later = clock.now() + timedelta(days=6)
    with clock.stopped(later):
        write(_complete, desk, later)
        browser.enter_as(desk.officer)
        assert browser.open(path_of(desk)).one("#dot option[selected]")["value"] == str(closing)
        browser.send(path_of(desk, "/nhan"), dot=closing)
    assert (one(desk).state, one(desk).round_id) == (S.ACCEPTED, closing)


def _complete(session: Session, desk: DossierDesk, at: datetime) -> None:
    dossier = session.get_one(Dossier, desk.dossier)
    submit_dossier(session, the_owner(session, session.get_one(Product, desk.product)), dossier, at)


@pytest.mark.parametrize("state", [S.FORWARDED, S.ACCEPTED])
def test_completion_is_asked_for_by_a_day_to_come(state: DossierState, browser: Browser, app: Flask) -> None:
    desk = desk_in(state)
    letters(app)
    browser.enter_as(desk.officer)
    path, words = path_of(desk, "/bo-sung"), "Nộp phiếu kiểm nghiệm còn hạn."
    assert 'href="#can"' in browser.send(path, 422, can="", han="30/11/2026").text
    assert 'href="#han"' in browser.send(path, 422, can=words, han="21/11/2026").text
    assert 'href="#han"' in browser.send(path, 422, can=words, han="mai").text
    browser.send(path, can=words, han="30/11/2026")
    dossier = one(desk)
    assert (dossier.state, dossier.due_on) == (S.NEEDS_COMPLETION, date(2026, 11, 30))
    assert any(words in kept.body for kept in letters(app))
    page = browser.open(path_of(desk))
    assert words in page.words
    assert page.soup.select("main form") == []


def advised(**changes: str) -> dict[str, str]:
    facts = {
        "thanh_vien": "Sở NN&MT; Sở Công Thương",
        "noi_dung": "Đủ giấy tờ.",
        "ngay_bao_cao": "21/11/2026",
    }
    return {**facts, **changes}


def test_advisers_report_without_a_sheet(browser: Browser) -> None:
    desk = desk_in(S.ACCEPTED)
    browser.enter_as(desk.officer)
    browser.send(path_of(desk, "/tu-van"), 422, **advised(ngay_khao_sat="20/11/2026"))
    browser.send(path_of(desk, "/tu-van"), 303, **advised(ngay_khao_sat="21/11/2026"))
    report = db.session.get_one(AdvisoryReport, desk.dossier)
    assert (report.words, report.visited_on) == ("Đủ giấy tờ.", date(2026, 11, 21))
    assert one(desk).state is S.ADVISED
    assert "Đủ giấy tờ." in browser.open(path_of(desk)).words


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"thanh_vien": ""}, "thanh_vien"),
        ({"noi_dung": ""}, "noi_dung"),
        ({"ngay_bao_cao": "x"}, "ngay_bao_cao"),
        ({"ngay_bao_cao": "1/12/2026"}, "ngay_bao_cao"),
        ({"ngay_khao_sat": "x"}, "ngay_khao_sat"),
    ],
)
def test_a_report_needs_people_words_and_its_day(changes: dict[str, str], at: str, browser: Browser) -> None:
    desk = desk_in(S.ACCEPTED)
    browser.enter_as(desk.officer)
    assert f'href="#{at}"' in browser.send(path_of(desk, "/tu-van"), 422, **advised(**changes)).text
    assert one(desk).state is S.ACCEPTED


def test_advisers_fill_a_sheet_bit_by_bit_and_it_is_signed_with_the_report(browser: Browser) -> None:
    desk = desk_in(S.ACCEPTED)
    browser.enter_as(desk.officer)
    rubric = rubric_of(one(desk))
    choices = {field_of(leaf): str(choices_for(rubric, 3)[leaf.code]) for leaf in rubric.leaves()}
    first = dict(list(choices.items())[:3])
    assert browser.send(path_of(desk, "/cham"), 303, **first).location == path_of(desk, "/cham")
    page = browser.open(path_of(desk, "/cham"))
    assert len(page.soup.select("#cham input[type=radio][checked]")) == 3
    answer = browser.send(path_of(desk, "/tu-van"), 422, **advised())
    assert 'href="#phieu"' in answer.text
    browser.send(path_of(desk, "/cham"), 303, **choices)
    page = browser.open(path_of(desk, "/cham"))
    assert "Hạng đề nghị" in page.words
    assert "3 sao" in page.texts(".vs .fin")[0]
    browser.send(path_of(desk, "/tu-van"), 303, **advised())
    row = find_sheet(db.session(), desk.dossier, SheetLevel.ADVISORY)
    assert row is not None
    assert row.signed_at == clock.now()
    browser.send(path_of(desk, "/cham"), 409, **first)
    assert browser.open(path_of(desk, "/cham")).soup.select("fieldset[disabled]")


def test_a_sheet_that_is_not_wanted_is_thrown_away(browser: Browser) -> None:
    desk = desk_in(S.ACCEPTED)
    browser.enter_as(desk.officer)
    browser.send(path_of(desk, "/cham"), dung="1")
    row = find_sheet(db.session(), desk.dossier, SheetLevel.ADVISORY)
    assert row is not None
    assert [stop.number for stop in row.stops] == [1]
    for _time in range(2):
        browser.send(path_of(desk, "/cham/bo"))
    assert find_sheet(db.session(), desk.dossier, SheetLevel.ADVISORY) is None
    browser.send(path_of(desk, "/tu-van"), 303, **advised())
    assert one(desk).state is S.ADVISED


def test_options_that_the_rubric_has_not_are_refused(browser: Browser) -> None:
    desk = desk_in(S.ACCEPTED)
    browser.enter_as(desk.officer)
    leaf = next(rubric_of(one(desk)).leaves())
    browser.send(path_of(desk, "/cham"), 422, **{field_of(leaf): "99"})
    assert find_sheet(db.session(), desk.dossier, SheetLevel.ADVISORY) is None


def test_a_file_goes_to_the_ministry_and_comes_back_with_its_points(browser: Browser) -> None:
    desk = desk_in(S.PROPOSED)
    write(a_result, desk.dossier)
    browser.enter_as(desk.officer)
    assert 'href="#to_trinh"' in browser.send(path_of(desk, "/len-bo"), 422, ngay_gui="21/11/2026").text
    assert "nhận đến hết 29/01/2027 thì quyết định trước hết 29/03/2027" in browser.open(path_of(desk)).words
    sent: dict[str, Any] = {"to_trinh": "88/TTr-UBND", "ngay_gui": "21/11/2026"}
    assert 'href="#bo_hen"' in browser.send(path_of(desk, "/len-bo"), 422, **sent, bo_hen="20/11/2026").text
    browser.send(path_of(desk, "/len-bo"), **sent)
    assert one(desk).state is S.AT_MINISTRY
    assert "Bộ quyết định trước hết ngày 29/03/2027" in browser.open(path_of(desk)).words
    path = path_of(desk, "/bo-tra-loi")
    assert 'href="#diem"' in browser.send(path, 422, diem="101", ngay_tra_loi="21/11/2026").text
    assert 'href="#diem"' in browser.send(path, 422, diem="chín", ngay_tra_loi="21/11/2026").text
    browser.send(path, diem="91,5", ngay_tra_loi="21/11/2026", loi_bo="Đạt")
    assert one(desk).state is S.AT_MINISTRY
    assert "91,50" in browser.open(path_of(desk)).words
    browser.send(path, diem="89,99", ngay_tra_loi="21/11/2026", loi_bo="Thiếu mã vùng trồng")
    kept = db.session.get_one(MinistryFile, desk.dossier)
    assert (str(kept.points), one(desk).state) == ("89.99", S.SENT_BACK)
    page = browser.open(path_of(desk))
    assert "Thiếu mã vùng trồng" in page.words
    assert {"/van-phong/hoi-dong", "/van-phong/quyet-dinh"} <= set(page.links("main"))


def test_nothing_goes_to_the_ministry_before_its_session_is_closed(browser: Browser) -> None:
    desk = desk_in(S.PROPOSED)
    write(a_result, desk.dossier, SessionState.SCORING)
    browser.enter_as(desk.officer)
    answer = browser.send(path_of(desk, "/len-bo"), 409, to_trinh="88/TTr-UBND", ngay_gui="21/11/2026")
    assert "Phiên đánh giá hồ sơ này chưa kết thúc" in answer.text
    assert one(desk).state is S.PROPOSED


def test_the_ministry_may_name_another_day_and_be_late(browser: Browser) -> None:
    desk = desk_in(S.PROPOSED)
    write(a_result, desk.dossier)
    browser.enter_as(desk.officer)
    sent: dict[str, Any] = {
        "to_trinh": "88/TTr-UBND",
        "ngay_gui": "21/11/2026",
        "bo_hen": "15/12/2026",
    }
    browser.send(path_of(desk, "/len-bo"), **sent)
    assert "quá hạn" not in browser.open("/van-phong").words
    with clock.stopped(clock.now() + timedelta(days=25)):
        browser.enter_as(desk.officer)
        tasks = browser.open("/van-phong")
        assert "1 Hồ sơ OCOP quá hạn" in tasks.texts(".col h2")
        assert "Đang ở Bộ" in tasks.words


def test_the_ministry_may_answer_without_points(browser: Browser) -> None:
    desk = desk_in(S.AT_MINISTRY)
    browser.enter_as(desk.officer)
    browser.send(path_of(desk, "/bo-tra-loi"), diem="", ngay_tra_loi="21/11/2026", loi_bo="Trả hồ sơ")
    assert one(desk).state is S.SENT_BACK


DEEDS: list[tuple[DossierState, str, dict[str, str], bool]] = [
    (S.SUBMITTED, "/xa", examined(), False),
    (S.SUBMITTED, "/tra-lai", {"ly_do": "Thiếu giấy"}, False),
    (S.FORWARDED, "/nhan", {"dot": "1"}, True),
    (S.FORWARDED, "/bo-sung", {"can": "Giấy", "han": "30/11/2026"}, True),
    (S.ACCEPTED, "/tu-van", advised(), True),
    (S.ACCEPTED, "/cham", {"dung": "1"}, True),
    (S.ACCEPTED, "/cham/bo", {}, True),
    (S.PROPOSED, "/len-bo", {"to_trinh": "1/TTr", "ngay_gui": "21/11/2026"}, True),
    (S.AT_MINISTRY, "/bo-tra-loi", {"diem": "80", "ngay_tra_loi": "21/11/2026"}, True),
]


@pytest.mark.parametrize(("state", "rest", "fields", "of_province"), DEEDS)
def test_who_has_no_business_there_moves_nothing(
    state: DossierState, rest: str, fields: dict[str, str], of_province: bool, browser: Browser
) -> None:
    desk = desk_in(state)
    outsiders = [desk.stranger, desk.owner, *([desk.commune_officer] if of_province else [])]
    for person in outsiders:
        browser.enter_as(person)
        browser.send(path_of(desk, rest), 404, **fields)
    write(join_producer, desk.officer, desk.producer)
    browser.enter_as(desk.officer)
    browser.send(path_of(desk, rest), 404, **fields)
    assert state_of(db.session(), desk.dossier) is state


@pytest.mark.parametrize(("state", "rest", "fields", "_of_province"), DEEDS)
def test_for_who_is_in_conflict_a_dossier_is_not_there(
    state: DossierState, rest: str, fields: dict[str, str], _of_province: bool, browser: Browser
) -> None:
    desk = desk_in(state)
    browser.enter_as(desk.officer)
    assert path_of(desk) in browser.open(ALL).links()
    write(in_conflict, desk.officer.id, desk.dossier)
    browser.enter_as(desk.officer)
    assert path_of(desk) not in browser.open(ALL).links()
    browser.open(path_of(desk), 404)
    browser.send(path_of(desk, rest), 404, **fields)
    assert state_of(db.session(), desk.dossier) is state


@pytest.mark.parametrize("rest", ["", "/tieu-chi", "/mau-03", "/cham"])
def test_pages_are_there_for_those_of_the_place_alone(rest: str, browser: Browser) -> None:
    desk = desk_in(S.ACCEPTED)
    for person in (desk.stranger, desk.owner):
        browser.enter_as(person)
        browser.open(path_of(desk, rest), 404)
    browser.enter_as(desk.officer)
    assert browser.open(path_of(desk, rest)).heading
    browser.enter_as(desk.commune_officer)
    browser.open(path_of(desk, rest), 404 if rest == "/cham" else 200)


@pytest.mark.parametrize("state", [S.FORWARDED, S.ACCEPTED, S.PROPOSED, S.AT_MINISTRY])
def test_a_commune_reads_on_but_has_no_desk_any_more(state: DossierState, browser: Browser) -> None:
    desk = desk_in(state)
    browser.enter_as(desk.commune_officer)
    assert browser.open(path_of(desk)).soup.select("main form") == []


def test_form_03_says_what_was_found(browser: Browser) -> None:
    desk = desk_in(S.FORWARDED)
    browser.enter_as(desk.commune_officer)
    page = browser.open(path_of(desk, "/mau-03"))
    assert "Kèm công văn số 12/TTr-UBND" in page.words
    assert page.texts("article tbody td.r") == ["Đạt"] * 4
    assert "Hồ sơ đạt cả bốn nội dung" in page.words
    assert page.one("button[data-print]")
    assert page.one('script[src*="js/work"]')


def test_form_03_says_what_is_still_to_be_found(browser: Browser) -> None:
    desk = desk_in(S.SUBMITTED)
    browser.enter_as(desk.commune_officer)
    page = browser.open(path_of(desk, "/mau-03"))
    assert "chưa đề nghị đánh giá" in page.words
    assert "Còn nội dung chưa có nhận xét" in page.words


def test_who_is_late_is_told_at_once(browser: Browser) -> None:
    desk = desk_in(S.SUBMITTED)
    browser.enter_as(desk.officer)
    with clock.stopped(clock.now() + timedelta(days=40)):
        browser.enter_as(desk.officer)
        assert "Hồ sơ OCOP quá hạn" in browser.open("/van-phong").words
        late = browser.open("/van-phong/ho-so?han=qua_han")
        assert late.texts(".rows a") == [f"HS-2026-{desk.dossier:05} Cam Khe Mây"]
        assert "quá hạn" in late.texts(".rows .tag")[0]
