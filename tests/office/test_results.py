"""Decisions from results on their pages: drafted by one, numbered and published by another, told of."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Membership, Person, SignIn
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.paper_models import PaperDecision, PaperState
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer, send_to_ministry
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.models import Certificate
from marketplace.database import db, unit_of_work
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.certification import a_certificate
from tests.factories.decisions import Held, a_held_session
from tests.factories.dossier_desk import in_conflict
from tests.factories.office import Desk
from tests.signin.browsing import Browser, letters, write

LIST = "/van-phong/quyet-dinh"
SIGNED: dict[str, Any] = {"so": "3021/QĐ-UBND", "ngay": "21/11/2026"}


@pytest.fixture
def held(desk: Desk) -> Held:
    """A closed session of the desk's province: one product of four stars, one of three, one of two."""
    found: Held = write(a_held_session, 4, 3, 2)
    assert found.province == desk.province
    return found


def page_of(held: Held) -> str:
    return f"{LIST}/tu-phien/{held.session}"


def drafted(office: Browser, held: Held, *positions: int, kind: str = "cong-nhan") -> str:
    chosen = [str(held.dossiers[position]) for position in positions]
    return str(office.send(page_of(held), ho_so=chosen, viec=kind).location)


def second_of(desk: Desk, app: Flask) -> Browser:
    second = Browser(app)
    second.enter_as(desk.second)
    return second


def dossier(number: int) -> Dossier:
    db.session.rollback()
    return db.session.get_one(Dossier, number, populate_existing=True)


def test_closed_sessions_wait_on_the_list(office: Browser, held: Held) -> None:
    page = office.open(LIST)
    assert "3 hồ sơ" in page.words
    assert page.soup.select(f'a[href="{page_of(held)}"]')
    drafted(office, held, 0, 1)
    page = office.open(LIST)
    assert "1 hồ sơ" in page.words
    assert "Quyết định công nhận, chưa có số" in page.words
    assert "Quyết định công nhận, chưa có số" in office.open("/van-phong", statements=16).words


def test_what_waits_is_shown_with_points_and_stars(office: Browser, held: Held) -> None:
    page = office.open(page_of(held))
    assert {form["action"] for form in page.soup.select("main form")} == {page_of(held)}
    assert "2 sản phẩm được công nhận" in page.words
    assert "1 sản phẩm chưa được công nhận" in page.words
    assert "89,00 điểm · HTX" in page.words
    assert "48,00 điểm · HTX" in page.words
    assert len(page.soup.select("input[name=ho_so][checked]")) == 3
    assert len(page.soup.select("main .btn.p")) == 1


def test_a_second_officer_publishes_and_everything_follows(
    desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 0, 1)
    mine = office.open(path)
    assert "Máy đã kiểm: 6 trên 6" in mine.words
    assert mine.soup.select('form[action$="/cong-bo"]') == []
    second = second_of(desk, app)
    page = second.open(path)
    assert "hiệu lực kể từ ngày ký" in page.words
    assert "Từ kết quả phiên 1 năm 2026" in page.words
    second.send(f"{path}/cong-bo", **SIGNED)
    assert dossier(held.dossiers[0]).state is DossierState.RECOGNISED
    product = db.session.get_one(Product, held.products[0], populate_existing=True)
    assert product.live_stars(clock.today()) == 4
    shown = second.open(path)
    assert "Quyết định 3021/QĐ-UBND" in shown.words
    [link] = shown.soup.select('main a[href^="/chung-nhan/"]')
    assert product.name in second.client.get(str(link["href"])).text
    assert "4 sao" in second.client.get(f"/san-pham/{product.slug}").text
    second.send(f"{path}/cong-bo", 409, **SIGNED)


def test_producers_and_communes_are_written_to(desk: Desk, office: Browser, held: Held, app: Flask) -> None:
    letters(app)
    path, told = drafted(office, held, 0), drafted(office, held, 2, kind="thong-bao")
    with unit_of_work() as session:
        commune = dossier(held.dossiers[0]).commune_id
        officer = accounts.a_member(session, Scope(ScopeKind.ADMIN_UNIT, commune), Role.COMMUNE_OFFICER)
        address = officer.email
    before = len(letters(app))
    second = second_of(desk, app)
    second.send(f"{path}/cong-bo", **SIGNED)
    second.send(f"{told}/cong-bo", so="125/TB-UBND", ngay="21/11/2026")
    new = letters(app)[: len(letters(app)) - before]
    subjects = [one.subject for one in new]
    assert any("được công nhận 4 sao" in subject for subject in subjects)
    assert any("kết quả hồ sơ" in subject for subject in subjects)
    assert address in {one.to for one in new}


def test_a_notice_has_neither_decision_nor_certificate(
    desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 2, kind="thong-bao")
    second = second_of(desk, app)
    page = second.open(path)
    assert "Dự thảo thông báo" in page.words
    assert "không được cấp giấy chứng nhận" in page.words
    second.send(f"{path}/cong-bo", 422, so="3021", ngay="21/11/2026")
    second.send(f"{path}/cong-bo", so="125/TB-UBND", ngay="21/11/2026")
    assert dossier(held.dossiers[2]).state is DossierState.NOT_RECOGNISED
    products = sa.select(Certificate).where(Certificate.product_id == held.products[2])
    assert db.session.scalars(products).all() == []
    assert "Thông báo 125/TB-UBND" in second.open(path).words


@pytest.mark.parametrize(
    ("changes", "at", "status"),
    [
        ({"ngay": "hôm qua"}, "ngay", 422),
        ({"ngay": "22/11/2026"}, "ngay", 422),
        ({"ngay": "20/11/2026"}, "ngay", 422),
        ({"so": "3021"}, "so", 422),
        ({"so": "4000/QĐ-BNNMT"}, "so", 422),
    ],
)
def test_what_was_typed_wrong_is_said_beside_it(
    changes: dict[str, str], at: str, status: int, desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 0)
    answer = second_of(desk, app).send(f"{path}/cong-bo", status, **{**SIGNED, **changes})
    assert f'href="#{at}"' in answer.text
    assert dossier(held.dossiers[0]).state is DossierState.EVALUATED


def test_a_number_is_given_once(desk: Desk, office: Browser, held: Held, app: Flask) -> None:
    first, other = drafted(office, held, 0), drafted(office, held, 1)
    second = second_of(desk, app)
    second.send(f"{first}/cong-bo", **SIGNED)
    assert "đã dùng cho một văn bản khác" in second.send(f"{other}/cong-bo", 409, **SIGNED).text


def test_the_author_cannot_publish_nor_can_strangers(
    desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 0)
    assert "Người soạn không tự xác nhận được" in office.send(f"{path}/cong-bo", 403, **SIGNED).text
    for person in (desk.stranger, desk.commune_officer):
        other = Browser(app)
        other.enter_as(person)
        for closed in (path, f"{path}/ban-in", page_of(held)):
            other.open(closed, 404)
        other.send(f"{path}/cong-bo", 404, **SIGNED)
        other.send(page_of(held), 404, ho_so=[str(held.dossiers[1])], viec="cong-nhan")
    assert dossier(held.dossiers[0]).state is DossierState.EVALUATED


def test_publishing_asks_who_it_is_once_more(desk: Desk, office: Browser, held: Held, app: Flask) -> None:
    path = drafted(office, held, 0)
    second = second_of(desk, app)
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=NOON - timedelta(minutes=11)))
    second.ask_again(f"{path}/cong-bo", **SIGNED)
    assert dossier(held.dossiers[0]).state is DossierState.EVALUATED


def test_choosing_nothing_or_what_is_gone_is_told(office: Browser, held: Held) -> None:
    assert "ít nhất một sản phẩm" in office.send(page_of(held), 422, viec="cong-nhan").text
    drafted(office, held, 0)
    gone: dict[str, Any] = {"ho_so": [str(held.dossiers[0])], "viec": "cong-nhan"}
    assert "Mời xem lại danh sách" in office.send(page_of(held), 409, **gone).text
    mixed: dict[str, Any] = {"ho_so": [str(held.dossiers[1]), "x", "9" * 12], "viec": "thong-bao"}
    office.send(page_of(held), 409, **mixed)


def test_what_was_unticked_stays_unticked_after_a_refusal(office: Browser, held: Held) -> None:
    drafted(office, held, 0)
    gone: dict[str, Any] = {"ho_so": [str(held.dossiers[0])], "viec": "cong-nhan"}
    page = BeautifulSoup(office.send(page_of(held), 409, **gone).text, "html.parser")
    by_form = [
        [one.has_attr("checked") for one in form.select('input[name="ho_so"]')]
        for form in page.select("main form")
    ]
    assert not any(by_form[0])
    assert all(by_form[1])
    fresh = office.open(page_of(held)).soup.select('input[name="ho_so"]')
    assert all(one.has_attr("checked") for one in fresh)


def test_a_draft_sent_back_is_drafted_again(desk: Desk, office: Browser, held: Held, app: Flask) -> None:
    path = drafted(office, held, 0)
    second_of(desk, app).send(f"{path}/rut")
    db.session.rollback()
    paper = db.session.get_one(PaperDecision, int(path.rsplit("/", 1)[1]), populate_existing=True)
    assert paper.state is PaperState.WITHDRAWN
    assert office.open(path).soup.select("main form") == []
    assert drafted(office, held, 0) != path


def test_members_of_a_producer_do_not_see_its_result(desk: Desk, office: Browser, held: Held) -> None:
    with unit_of_work() as session:
        producer = dossier(held.dossiers[0]).producer_id
        person = session.get_one(Person, desk.officer.id)
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, producer), Role.STAFF, person)
    assert "1 sản phẩm được công nhận" in office.open(page_of(held)).words
    refused = office.send(page_of(held), 403, ho_so=[str(held.dossiers[0])], viec="cong-nhan")
    assert "Bạn là thành viên" in refused.text


def test_who_is_in_conflict_does_not_see_the_result(desk: Desk, office: Browser, held: Held) -> None:
    write(in_conflict, desk.officer.id, held.dossiers[0])
    assert "1 sản phẩm được công nhận" in office.open(page_of(held)).words
    refused = office.send(page_of(held), 403, ho_so=[str(held.dossiers[0])], viec="cong-nhan")
    assert "có liên quan tới hồ sơ này" in refused.text


def test_a_member_of_the_producer_reads_that_they_are(
    desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 0)
    with unit_of_work() as session:
        producer = dossier(held.dossiers[0]).producer_id
        person = session.get_one(Person, desk.second.id)
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, producer), Role.STAFF, person)
    second = second_of(desk, app)
    assert "Bạn là thành viên của một chủ thể" in second.open(path).words
    second.send(f"{path}/cong-bo", 403, **SIGNED)


def test_who_is_barred_from_a_draft_finds_no_form_and_reads_why(
    desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 0)
    second = second_of(desk, app)
    assert second.open(path).soup.select(f'form[action="{path}/cong-bo"]')
    write(in_conflict, desk.second.id, held.dossiers[0])
    page = second.open(path)
    assert "có liên quan tới hồ sơ này" in page.words
    assert "Cán bộ khác của tỉnh xử lý bản này." in page.words
    assert page.soup.select("main form") == []
    second.send(f"{path}/cong-bo", 403, **SIGNED)
    second.send(f"{path}/rut", 403)
    assert office.open(path).soup.select(f'form[action="{path}/rut"]')


def test_a_machine_says_what_does_not_hold(desk: Desk, office: Browser, held: Held, app: Flask) -> None:
    path = drafted(office, held, 0, 1)
    with unit_of_work() as session:
        session.get_one(Dossier, held.dossiers[0]).points = Decimal(71)
        session.get_one(Dossier, held.dossiers[1]).stars = 4
        session.get_one(Product, held.products[1]).producer_id = desk.producer
        a_certificate(session, session.get_one(Product, held.products[0]), 3)
    second = second_of(desk, app)
    words = second.open(path).words
    for said in (
        "điểm khác kết quả",
        "hạng không phải mức thấp hơn",
        "không còn của chủ thể",
        "sổ đã có giấy",
    ):
        assert said in words
    assert "giấy 3 sao đến 05/08/2028" in words
    assert "chưa khớp" in second.send(f"{path}/cong-bo", 409, **SIGNED).text


def test_minutes_that_lack_signatures_are_told_of(desk: Desk, app: Flask) -> None:
    found: Held = write(a_held_session, 4, signers=2)
    officer = Browser(app)
    officer.enter_as(desk.officer)
    path = drafted(officer, found, 0)
    assert "Biên bản có 2 trên 3 chữ ký" in officer.open(path).words


def test_the_paper_is_printed_as_it_will_be_signed(
    desk: Desk, office: Browser, held: Held, app: Flask
) -> None:
    path = drafted(office, held, 0, 1)
    page = office.open(f"{path}/ban-in")
    for words in ("UỶ BAN NHÂN DÂN", "Độc lập – Tự do – Hạnh phúc", "26/2026/QĐ-TTg", "36 tháng", "89,00"):
        assert words in page.words
    assert page.one("button[data-print]")
    assert page.one('script[src*="js/work"]')
    assert "……/QĐ-UBND" in page.words
    second_of(desk, app).send(f"{path}/cong-bo", **SIGNED)
    assert "ngày 21 tháng 11 năm 2026" in office.open(f"{path}/ban-in").words


def test_the_paper_way_has_no_print(desk: Desk, office: Browser) -> None:
    fields: dict[str, Any] = {
        "don_vi": str(desk.province),
        "so": "3021/QĐ-UBND",
        "ngay": "18/11/2026",
        f"sao-{desk.uncertified}": "4",
    }
    path = office.send(f"{LIST}/moi", **fields, viec="soan").location
    assert office.client.get(f"{path}/ban-in").location == path


def test_the_page_asks_little_of_the_database(office: Browser, held: Held) -> None:
    path = drafted(office, held, 0, 1)
    office.open(path, statements=20)
    office.open(page_of(held))


def test_an_administrator_sees_every_province(desk: Desk, held: Held, app: Flask) -> None:
    other = Browser(app)
    other.enter_as(desk.administrator)
    assert "3 hồ sơ" in other.open(LIST).words
    assert "2 sản phẩm được công nhận" in other.open(page_of(held)).words
    other.open(f"{LIST}/tu-phien/999", 404)
    other.open(f"{LIST}/tu-bo/9999", 404)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership))


def test_what_the_ministry_sent_back_is_drafted_on_its_page(desk: Desk, office: Browser, app: Flask) -> None:
    found: Held = write(a_held_session, 5)
    at, day = clock.now(), clock.today()
    with unit_of_work() as session:
        back = session.get_one(Dossier, found.dossiers[0])
        send_to_ministry(session, found.officer, back, "45/TTr-UBND", day, at)
        record_ministry_answer(session, found.officer, back, Decimal("85.5"), "Dưới 90 điểm.", day, at)
    page = f"{LIST}/tu-bo/{desk.province}"
    assert office.open(LIST).soup.select(f'a[href="{page}"]')
    assert "85,50 điểm" in office.open(page).words
    assert "ít nhất một sản phẩm" in office.send(page, 422, viec="cong-nhan").text
    path = str(office.send(page, ho_so=[str(found.dossiers[0])], viec="cong-nhan").location)
    second = second_of(desk, app)
    assert "Xét kết quả đánh giá của hội đồng cấp trung ương" in second.open(path).words
    second.send(f"{path}/cong-bo", **SIGNED)
    assert (dossier(found.dossiers[0]).state, dossier(found.dossiers[0]).granted) == (
        DossierState.RECOGNISED,
        4,
    )
    assert "Không còn kết quả nào" in office.open(page).words


def test_the_ministrys_own_decision_tells_producer_and_commune(
    desk: Desk, office: Browser, app: Flask
) -> None:
    found: Held = write(a_held_session, 5)
    with unit_of_work() as session:
        lying = session.get_one(Dossier, found.dossiers[0])
        send_to_ministry(session, found.officer, lying, "45/TTr-UBND", clock.today(), clock.now())
    letters(app)
    fields: dict[str, Any] = {
        "don_vi": str(desk.province),
        "so": "4123/QĐ-BNNMT",
        "ngay": "21/11/2026",
        f"sao-{found.products[0]}": "5",
        "viec": "soan",
    }
    path = str(office.send(f"{LIST}/moi", **fields).location)
    second_of(desk, app).send(f"{path}/xac-nhan")
    assert dossier(found.dossiers[0]).state is DossierState.RECOGNISED
    assert any("được công nhận 5 sao OCOP" in one.subject for one in letters(app))
