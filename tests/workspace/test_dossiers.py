"""Dossiers in the workspace: opening one, seeing how it stands, handing it in and taking it back."""

from datetime import date

import pytest
from flask import Flask

from marketplace.certification.dossiers.evidence import list_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceFile
from marketplace.certification.dossiers.models import DossierKind, DossierState
from marketplace.certification.dossiers.queries import list_dossiers_of
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.dossiers import a_dossier_product
from tests.signin.browsing import letters
from tests.workspace.dossier_desk import a_dossier_desk

_S = DossierState


def test_a_dossier_is_opened_for_a_product_without_stars(app: Flask) -> None:
    desk = a_dossier_desk(app, None)
    page = desk.staff.open(f"{desk.base}/ho-so-ocop")
    assert "Chưa có hồ sơ nào đang làm" in page.words
    start = f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}"
    assert start in page.links()
    asked = desk.staff.open(start)
    assert [one["value"] for one in asked.soup.select("[name=loai]")] == ["first"]
    answer = desk.staff.send(start, loai="first")
    [dossier] = list_dossiers_of(desk.product.producer_id or 0)
    assert answer.location.endswith(f"/ho-so-ocop/{dossier.id}")
    assert (dossier.kind, dossier.state) == (DossierKind.FIRST, _S.DRAFT)
    page = desk.staff.open(f"{desk.base}/ho-so-ocop")
    assert start not in page.links(), "one at a time"
    assert "Đang soạn" in page.words
    again = desk.staff.send(start, 409, loai="first")
    assert f"đang có hồ sơ {dossier.code}" in again.text


@pytest.mark.parametrize("kind", ["", "khac", "upgrade"])
def test_a_kind_that_is_not_open_is_refused(app: Flask, kind: str) -> None:
    desk = a_dossier_desk(app, None)
    status = 409 if kind == "upgrade" else 422
    answer = desk.browser.send(f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}", status, loai=kind)
    assert 'href="#loai"' in answer.text
    assert list_dossiers_of(desk.product.producer_id or 0) == []


def test_the_window_is_told_where_a_certificate_runs(app: Flask) -> None:
    desk = a_dossier_desk(app, None, stars=3)
    page = desk.browser.open(f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}")
    assert "nộp từ 22/10/2026 đến 21/12/2026" in page.words
    assert page.one("[name=loai][checked]")["value"] == "reassess"
    assert {one["value"] for one in page.soup.select("[name=loai]")} == {"reassess", "upgrade"}


def test_a_product_far_from_its_end_is_led_to_more_stars(app: Flask) -> None:
    desk = a_dossier_desk(app, None)
    with unit_of_work() as session:
        a_certificate(session, session.merge(desk.product), 3, issued_on=date(2026, 8, 5))
    page = desk.browser.open(f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}")
    assert page.one("[name=loai][checked]")["value"] == "upgrade"


@pytest.mark.parametrize(
    ("issued_on", "asked", "told"),
    [
        (date(2024, 4, 20), "nộp từ 22/10/2026", "Nộp từ 22/10/2026 đến 21/12/2026"),
        (date(2024, 3, 1), "Đã quá lúc nộp", "Quá lúc nộp từ 01/11/2026, nộp ngay"),
        (date(2026, 8, 5), "nộp thì từ ngày 06/02/2029", "Nộp từ 06/02/2029 đến 07/04/2029"),
    ],
)
def test_a_dossier_to_be_evaluated_again_says_its_window(
    app: Flask, issued_on: date, asked: str, told: str
) -> None:
    desk = a_dossier_desk(app, None)
    with unit_of_work() as session:
        a_certificate(session, session.merge(desk.product), 5, issued_on=issued_on)
    start = f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}"
    assert asked in desk.browser.open(start).words
    at = desk.browser.send(start, loai="reassess").location
    assert told in desk.browser.open(at).words


def test_a_draft_says_what_it_would_reach_and_what_is_next(app: Flask) -> None:
    desk = a_dossier_desk(app)
    page = desk.browser.open(desk.at)
    assert page.heading == desk.product.name
    assert "dưới 3 sao" in page.words
    assert "Đang soạn" in page.words
    assert page.one(".steps [aria-current]").get_text().strip() == "Soạn"
    assert page.texts("main .btn.p") == ["Chấm tiếp nhóm 1"]
    assert f"{desk.at}/cham/2#c2.2" in page.links(".hold"), "a gate leads to where it is scored"


def test_a_filled_draft_says_its_stars_and_leads_to_handing_in(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True)
    page = desk.browser.open(desk.at)
    assert "4 sao" in page.one("#ket-qua").get_text(" ")
    assert page.texts("main .btn.p") == ["Nộp hồ sơ"]
    assert "Tiêu chí nào cần cũng đã có" in page.words
    assert [link for link in page.links() if link.endswith(("mau-01", "mau-02"))] == [
        f"{desk.at}/mau-01",
        f"{desk.at}/mau-02",
    ]


def test_evidence_comes_before_facts(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True)
    desk.browser.send(f"{desk.at}/thong-tin", dai_dien="")
    page = desk.browser.open(desk.at)
    assert page.texts("main .btn.p") == ["Điền thông tin cơ sở"]
    assert "Còn 11 mục chưa điền" in page.words
    [piece] = list_evidence(desk.product.producer_id or 0)
    number = piece.id
    desk.browser.send(f"{desk.at}/minh-chung/2.2/bo", giay=number)
    page = desk.browser.open(desk.at)
    assert page.texts("main .btn.p") == ["Bổ sung minh chứng 2.2"]
    assert f"{desk.at}/minh-chung/2.2" in page.links()
    assert "Chưa có minh chứng cho 2.2" in desk.browser.open(f"{desk.at}/nop").words


def test_evidence_that_ran_out_is_told(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True)
    [piece] = list_evidence(desk.product.producer_id or 0)
    number = piece.id
    with unit_of_work() as session:
        session.get_one(EvidenceFile, number).valid_until = date(2026, 11, 20)
    page = desk.browser.open(desk.at)
    assert "Phiếu kiểm nghiệm không còn dùng được" in page.words
    assert page.texts("main .btn.p")[0].startswith("Bổ sung minh chứng")


def test_what_is_missing_is_named_and_led_to(app: Flask) -> None:
    desk = a_dossier_desk(app)
    page = desk.browser.open(f"{desk.at}/nop")
    assert "Chưa chấm 1.1" in page.words
    assert f"{desk.at}/cham/1#c1.1" in page.links("#nop")
    assert "Chưa điền: Người đại diện pháp luật" in page.words
    assert f"{desk.at}/thong-tin#dai_dien" in page.links("#nop")
    answer = desk.browser.send(f"{desk.at}/nop", 422, cam_doan="1")
    assert "còn thiếu" in answer.text
    assert desk.dossier().state is _S.DRAFT


def test_handing_in_asks_for_the_pledge_and_tells_everybody(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True)
    page = desk.browser.open(f"{desk.at}/nop")
    assert desk.dossier().commune.full_name in page.words
    assert "mang 5 mẫu" in page.words
    answer = desk.browser.send(f"{desk.at}/nop", 422)
    assert 'href="#cam_doan"' in answer.text
    assert letters(app) == []
    desk.browser.send(f"{desk.at}/nop", cam_doan="1")
    assert desk.dossier().state is _S.SUBMITTED
    sent = letters(app)
    assert any(one.to == desk.owner.email and desk.dossier().code in one.subject for one in sent)
    page = desk.browser.open(desk.at)
    assert "Xã đang xem xét" in page.words
    assert page.texts("main .btn.p") == []
    desk.browser.send(f"{desk.at}/nop", cam_doan="1")
    assert len([one for one in desk.dossier().steps if one.state is _S.SUBMITTED]) == 1, "sent twice"
    assert desk.browser.client.get(f"{desk.at}/nop").status_code == 303


def test_staff_writes_and_the_owner_hands_in(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True)
    page = desk.staff.open(f"{desk.at}/nop")
    assert "Chủ gian hàng đăng nhập để nộp" in page.words
    assert page.soup.select("main form") == []
    assert "Rút hồ sơ" not in desk.staff.open(desk.at).words
    desk.staff.send(f"{desk.at}/nop", 404, cam_doan="1")
    desk.staff.send(f"{desk.at}/rut", 404)
    assert desk.dossier().state is _S.DRAFT


def test_services_of_tourism_bring_no_samples(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True, set_number=26)
    page = desk.browser.open(f"{desk.at}/nop")
    assert "mẫu đến UBND" not in page.words
    assert "không, dịch vụ du lịch" in desk.browser.open(f"{desk.at}/mau-01").words


def test_too_early_to_be_evaluated_again(app: Flask) -> None:
    desk = a_dossier_desk(app, None)
    with unit_of_work() as session:
        a_certificate(session, session.merge(desk.product), 5, issued_on=date(2026, 8, 5))
    desk.browser.send(f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}", loai="reassess")
    [dossier] = list_dossiers_of(desk.product.producer_id or 0)
    page = desk.browser.open(f"{desk.base}/ho-so-ocop/{dossier.id}/nop")
    assert "Còn thiếu" in page.words


def test_what_the_office_said_is_told(app: Flask) -> None:
    desk = a_dossier_desk(app, _S.RETURNED)
    page = desk.browser.open(desk.at)
    assert page.texts("main > .mt4 > p.said") == ["Thiếu giấy xác nhận nguyên liệu."]
    assert page.texts("main .btn.p") == ["Nộp lại hồ sơ"]
    desk.browser.send(f"{desk.at}/nop", cam_doan="1")
    assert desk.dossier().state is _S.SUBMITTED


def test_what_the_province_asked_for_has_a_day(app: Flask) -> None:
    desk = a_dossier_desk(app, _S.NEEDS_COMPLETION)
    page = desk.browser.open(desk.at)
    assert "Bổ sung đến hết 01/12/2026" in page.words
    assert page.texts("main .btn.p") == ["Gửi phần bổ sung"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (_S.ACCEPTED, "Tổ tư vấn"),
        (_S.IN_COUNCIL, "Các thành viên chấm riêng"),
        (_S.EVALUATED, "Chưa phải quyết định"),
        (_S.PROPOSED, "Tỉnh không công nhận 5 sao"),
        (_S.RECOGNISED, "Đã công nhận 4 sao"),
        (_S.NOT_RECOGNISED, "chỉ cấp từ 3 sao"),
        (_S.WITHDRAWN, "không ai xem xét nữa"),
    ],
)
def test_each_state_says_what_follows(app: Flask, state: DossierState, words: str) -> None:
    desk = a_dossier_desk(app, state)
    page = desk.browser.open(desk.at)
    assert words in page.words
    assert page.texts("main .btn.p") == []
    assert (f"{desk.at}/rut" in [form["action"] for form in page.soup.select("form")]) is (
        state is _S.ACCEPTED
    )
    assert desk.product.name in desk.browser.open(f"{desk.base}/ho-so-ocop").words


def test_taking_back_may_say_why_once_it_was_handed_in(app: Flask) -> None:
    desk = a_dossier_desk(app, _S.SUBMITTED)
    answer = desk.browser.send(f"{desk.at}/rut", 422, ly_do="x" * 2001)
    assert 'href="#ly_do"' in answer.text
    desk.browser.send(f"{desk.at}/rut", ly_do="Đổi bao bì")
    assert desk.dossier().state is _S.WITHDRAWN
    assert desk.dossier().steps[-1].words == "Đổi bao bì"
    desk.browser.send(f"{desk.at}/rut", 409, ly_do="Lần nữa")


def test_a_draft_is_taken_back_without_words(app: Flask) -> None:
    desk = a_dossier_desk(app)
    desk.browser.send(f"{desk.at}/rut")
    assert desk.dossier().state is _S.WITHDRAWN


def test_a_rival_finds_nothing(app: Flask) -> None:
    desk, rival = a_dossier_desk(app, filled=True), a_dossier_desk(app)
    for base in (desk.base, rival.base):
        at = f"{base}/ho-so-ocop/{desk.dossier_id}"
        for page in ("", "/nop", "/cham/1", "/thong-tin", "/mau-01", "/mau-02", "/minh-chung/1.1"):
            rival.browser.open(f"{at}{page}", 404)
        for form in ("/nop", "/rut", "/cham/1", "/thong-tin", "/minh-chung/1.1", "/minh-chung/1.1/chon"):
            rival.browser.send(f"{at}{form}", 404, cam_doan="1", ly_do="x", giay="1")
    rival.browser.send(f"{rival.base}/ho-so-ocop/mo/{desk.product.slug}", 404, loai="first")
    assert desk.dossier().state is _S.DRAFT


def test_a_product_without_a_set_has_no_rubric(app: Flask) -> None:
    desk = a_dossier_desk(app, None)
    with unit_of_work() as session:
        other = a_product(session, "Chưa rõ bộ", producer=session.get_one(Producer, desk.product.producer_id))
        other.set_id = None
        slug = other.slug
    answer = desk.browser.send(f"{desk.base}/ho-so-ocop/mo/{slug}", 409, loai="first")
    assert "Chưa rõ" in answer.text


def test_the_list_takes_few_statements(app: Flask) -> None:
    desk = a_dossier_desk(app)
    with unit_of_work() as session:
        for number in range(5):
            product = a_dossier_product(session, f"Thêm {number}")
            product.producer_id = desk.product.producer_id
    few = desk.browser.open(f"{desk.base}/ho-so-ocop", statements=10)
    assert "Thêm 4" in few.words
    db.session.rollback()


def test_what_was_given_back_is_a_task_of_today(app: Flask) -> None:
    desk = a_dossier_desk(app, _S.NEEDS_COMPLETION, name="Cam Khe Mây")
    page = desk.browser.open(desk.base)
    assert page.texts(".todo h2")[0] == "Hồ sơ Cam Khe Mây cần sửa"
    assert "Bổ sung chậm nhất ngày 01/12/2026" in page.words
    assert desk.at in page.links(".todo")
    returned = a_dossier_desk(app, _S.RETURNED)
    assert "Xã trả lại kèm lý do" in returned.browser.open(returned.base).words
    quiet = a_dossier_desk(app, _S.SUBMITTED)
    assert "cần sửa" not in quiet.browser.open(quiet.base).words


def test_the_radar_leads_to_the_file(app: Flask) -> None:
    desk = a_dossier_desk(app, None, stars=4)
    page = desk.browser.open(f"{desk.base}/gia-han")
    assert page.texts("main .btn.p") == [f"Mở hồ sơ đánh giá lại {desk.product.name}"]
    assert f"{desk.base}/ho-so-ocop/mo/{desk.product.slug}" in page.links()
    other = a_dossier_desk(app, _S.DRAFT, stars=4)
    page = other.browser.open(f"{other.base}/gia-han")
    assert page.texts("main .btn.p") == [f"Làm tiếp hồ sơ {other.product.name}"]
    assert other.at in page.links()
    given = a_dossier_desk(app, _S.SUBMITTED, stars=4)
    page = given.browser.open(f"{given.base}/gia-han")
    assert page.heading == "Giấy OCOP: chưa có việc gấp", "the office has it"
    assert f"Hồ sơ {given.dossier().code} đang được xem xét" in page.words
    assert "Xem hồ sơ đang xét" in page.words
    assert "gia hạn" not in " ".join(given.browser.open(given.base).texts(".todo h2"))
