"""Deeds over a dossier that come too late are answered on its page, with what was typed."""

from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.certification.councils.conflicts import declare_conflict
from marketplace.certification.councils.models import Conflict, Position
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.database import unit_of_work
from tests.factories.councils import USUAL, Chamber, a_chamber
from tests.office.test_councils import LIST, at, case_at, entered, fresh, marks
from tests.signin.browsing import Browser


@pytest.fixture
def chamber(app: Flask) -> Chamber:
    """A council that scores a dossier, and has a secretary."""
    return a_chamber((*USUAL, Position.SECRETARY), dossiers=1)


def alert(browser: Browser, path: str, status: int, **fields: Any) -> str:
    """Send a form that is refused, and return what the page says first."""
    answer = browser.send(path, status, **fields)
    assert "main" in answer.text
    return answer.text.split('role="alert"')[1].split("</section>")[0].split("<form")[0]


def test_marks_that_come_after_the_signature_are_shown_as_not_kept(app: Flask, chamber: Chamber) -> None:
    chamber.score(0)
    member = entered(app, chamber, 0)
    typed = {**marks(c1_1=1), "g1.1": "Chưa thấy hợp đồng."}
    told = alert(member, case_at(chamber, "/phieu"), 409, **typed)
    assert "Vừa gõ mà chưa được lưu" in told
    assert told.count("<li>") == 1
    assert "Chưa thấy hợp đồng." in told
    row = fresh(SheetRow, member_id=chamber.members[0], dossier_id=chamber.dossier)
    assert isinstance(row, SheetRow)
    assert row.signed_at


def test_a_finding_that_ends_the_scoring_is_not_lost_either(app: Flask, chamber: Chamber) -> None:
    chamber.score(0)
    typed = {**marks(), "dung": "1", "dung-loi": "Nhãn giả."}
    told = alert(entered(app, chamber, 0), case_at(chamber, "/phieu"), 409, **typed)
    assert "Nhãn giả." in told


def test_marks_that_no_rubric_knows_are_refused_on_the_sheet(app: Flask, chamber: Chamber) -> None:
    told = alert(entered(app, chamber, 0), case_at(chamber, "/phieu"), 422, **{"c1.1": "99"})
    assert "Vừa gõ" not in told


def test_signing_twice_is_told_on_the_sheet(app: Flask, chamber: Chamber) -> None:
    chamber.score(0)
    answer = entered(app, chamber, 0).send(case_at(chamber, "/ky"), 409)
    assert "Phiếu đã khoá." in answer.text


def test_a_secretary_and_a_session_that_has_not_begun_have_no_sheet(app: Flask, chamber: Chamber) -> None:
    answer = entered(app, chamber, 5).send(case_at(chamber, "/phieu"), 403, **marks())
    assert f'action="{case_at(chamber, "/phieu")}"' not in answer.text
    assert "Tiến trình phiên" in answer.text
    planned = a_chamber(opened=False)
    early = entered(app, planned, 0).send(case_at(planned, "/phieu"), 409, **marks())
    assert "Tiến trình phiên" in early.text
    entered(app, planned, 0).send(case_at(chamber, "/phieu"), 404, **marks())


def test_who_turns_out_to_be_in_conflict_lands_on_the_session(app: Flask, chamber: Chamber) -> None:
    with unit_of_work() as session:
        own = chamber.member_now(1), chamber.session, chamber.dossier, chamber.members[1]
        declare_conflict(session, *own, "Em ruột.", clock.now())
    member = entered(app, chamber, 1)
    for path, fields in (("/phieu", marks()), ("/ky", {}), ("/thao-luan", {"noi_dung": "Vì thế."})):
        answer = member.send(case_at(chamber, path), 403, **fields)
        assert "bạn có liên quan, không chấm" in answer.text
        assert "Vì thế." not in answer.text


@pytest.mark.parametrize(
    ("tail", "field"), [("/thao-luan", "noi_dung"), ("/chot", "ly_do"), ("/lien-quan", "lien_quan")]
)
def test_words_that_come_after_the_result_are_given_back(
    tail: str, field: str, app: Flask, chamber: Chamber
) -> None:
    chamber.score(*range(5))
    chair = entered(app, chamber, 0)
    chair.send(case_at(chamber, "/chot"))
    typed = {field: "Nhãn lô 12 <thiếu> hạn dùng.", "thanh_vien": str(chamber.members[0])}
    told = alert(chair, case_at(chamber, tail), 409, **typed)
    assert "Nhãn lô 12 &lt;thiếu&gt; hạn dùng." in told
    assert fresh(Conflict, dossier_id=chamber.dossier) is None


def test_only_who_leads_talks_it_over_and_closes(app: Flask, chamber: Chamber) -> None:
    chamber.score(*range(5))
    for tail, field in (("/thao-luan", "noi_dung"), ("/chot", "ly_do")):
        answer = entered(app, chamber, 2).send(case_at(chamber, tail), 403, **{field: "Tôi thấy cần."})
        assert "Lời vừa gõ: Tôi thấy cần." in answer.text
    blind = a_chamber()
    answer = entered(app, blind, 0).send(case_at(blind, "/thao-luan"), 409, noi_dung="Sớm quá.")
    assert "Lời vừa gõ: Sớm quá." in answer.text
    assert at(blind) in answer.text


def test_what_a_council_refuses_is_told_on_its_page(app: Flask, chamber: Chamber) -> None:
    office = Browser(app)
    office.enter_as(chamber.officer)
    page = f"{LIST}/{chamber.council}"
    seat = {"dia_chi": str(chamber.people[0].email), "co_quan": "Sở Y tế", "cuong_vi": "member"}
    deeds: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("/thanh-vien", seat, 'value="Sở Y tế"'),
        (f"/thanh-vien/{chamber.members[0]}/thoi", {}, "Các phiên"),
        ("/ket-thuc", {}, "Các phiên"),
    )
    for tail, fields, kept in deeds:
        answer = office.send(page + tail, 409, **fields)
        assert 'role="alert"' in answer.text
        assert kept in answer.text
    assert office.send(f"{page}/thanh-vien/999999/thoi", 404)
    ended = a_chamber(opened=False)
    other = Browser(app)
    other.enter_as(ended.officer)
    other.send(at(ended, "/huy"))
    other.send(f"{LIST}/{ended.council}/ket-thuc")
    plan: dict[str, Any] = {"ngay_hop": "2026-12-01", "gio_hop": "08:00", "noi": "Phòng B"}
    assert "Các phiên" in other.send(f"{LIST}/{ended.council}/phien", 409, **plan).text
