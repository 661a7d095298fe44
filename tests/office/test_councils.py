"""Pages of councils: set up by an office, scored by members who find their sessions and nothing else."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Membership, Person, SignIn
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.certification.councils.models import (
    Conflict,
    Council,
    CouncilMember,
    CouncilSession,
    Position,
    SessionDossier,
    SessionState,
)
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.database import db, unit_of_work
from marketplace.office.dot_plot import draw_dots
from tests.factories import accounts
from tests.factories.councils import Chamber, a_chamber, all_marks, an_evidence, row_of
from tests.signin.browsing import Browser, letters, write

LIST = "/van-phong/hoi-dong"


@pytest.fixture
def chamber(app: Flask) -> Chamber:
    """A council that scores a dossier, and two more that wait."""
    return a_chamber(dossiers=3)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser of somebody who is not signed in."""
    return Browser(app)


def at(chamber: Chamber, tail: str = "") -> str:
    return f"/van-phong/phien/{chamber.session}{tail}"


def case_at(chamber: Chamber, tail: str = "") -> str:
    return at(chamber, f"/ho-so/{chamber.dossier}{tail}")


def entered(app: Flask, chamber: Chamber, number: int) -> Browser:
    """Return a browser of a member of the council."""
    found = Browser(app)
    found.enter_as(chamber.people[number])
    return found


def marks(**changes: int) -> dict[str, Any]:
    return {f"c{code}": str(option) for code, option in all_marks(**changes).items()}


def fresh(model: type, **key: int) -> object:
    db.session.rollback()
    return row_of(db.session(), model, **key)


def test_an_office_sets_a_council_up_and_plans_a_session(app: Flask, browser: Browser) -> None:
    chamber = a_chamber(opened=False)
    browser.enter_as(chamber.officer)
    founded = browser.send(
        LIST,
        don_vi=str(chamber.province),
        ten="Hội đồng tỉnh",
        so="12/QĐ-UBND",
        ngay="2026-11-01",
        nguong="8",
    )
    path = str(founded.location)
    council = db.session.get_one(Council, int(path.rsplit("/", 1)[1]))
    assert (council.unit_id, council.spread_limit) == (chamber.province, Decimal(8))
    person = write(accounts.a_person)
    seat: dict[str, Any] = {"dia_chi": person.email, "co_quan": "Sở Y tế", "cuong_vi": "chair"}
    browser.send(f"{path}/thanh-vien", **seat)
    browser.send(f"{path}/thanh-vien", 409, **seat)
    assert "Sở Y tế" in browser.open(path).words
    planned = browser.send(f"{path}/phien", ngay_hop="2026-12-01", gio_hop="08:00", noi="Phòng A")
    page = browser.open(str(planned.location))
    assert page.heading == "Hội đồng, phiên 1 năm 2026"
    assert "01/12/2026" in page.words
    assert person.name in page.words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ten": " "}, "ten"),
        ({"ngay": "hôm nay"}, "ngay"),
        ({"ngay": "2027-01-01"}, "ngay"),
        ({"nguong": "0"}, "nguong"),
        ({"nguong": "nan"}, "nguong"),
        ({"nguong": "năm"}, "nguong"),
        ({"don_vi": "1000000"}, "don_vi"),
    ],
)
def test_a_council_is_refused_with_its_fault_beside_the_field(
    changes: dict[str, str], field: str, chamber: Chamber, browser: Browser
) -> None:
    browser.enter_as(chamber.officer)
    typed: dict[str, Any] = {
        "don_vi": str(chamber.province),
        "ten": "Hội đồng",
        "so": "12/QĐ-UBND",
        "ngay": "2026-11-01",
        "nguong": "10",
        **changes,
    }
    answer = browser.send(LIST, 422, **typed)
    assert f'href="#{field}"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Council)) == 1


def test_seats_go_to_people_with_an_account_and_never_to_oneself(chamber: Chamber, browser: Browser) -> None:
    browser.enter_as(chamber.officer)
    path = f"{LIST}/{chamber.council}/thanh-vien"
    seat: dict[str, Any] = {"co_quan": "Sở Y tế", "cuong_vi": "member"}
    assert "đăng ký trước" in browser.send(path, 422, dia_chi="nobody@example.vn", **seat).text
    assert "đăng ký trước" in browser.send(path, 422, dia_chi="@", **seat).text
    own = str(chamber.officer.email)
    browser.send(path, 403, dia_chi=own, **seat)
    other = str(write(accounts.a_person).email)
    browser.send(path, 422, dia_chi=other, co_quan="", cuong_vi="member")
    browser.send(path, 422, dia_chi=other, co_quan="Sở", cuong_vi="king")
    seats = db.session.scalar(sa.select(sa.func.count()).select_from(CouncilMember))
    assert seats == 5


def test_a_released_member_is_let_in_no_more(app: Flask, browser: Browser) -> None:
    chamber = a_chamber(opened=False)
    browser.enter_as(chamber.officer)
    member = entered(app, chamber, 4)
    assert member.open(at(chamber)).heading
    browser.send(f"{LIST}/{chamber.council}/thanh-vien/{chamber.members[4]}/thoi")
    assert member.client.get(at(chamber)).location == "/dang-nhap"
    member.enter_as(chamber.people[4])
    member.open(at(chamber), 404)
    held = sa.select(Membership.id).where(Membership.person_id == chamber.people[4].id)
    assert db.session.scalar(held) is None
    assert chamber.people[4].name in browser.open(f"{LIST}/{chamber.council}").words
    again: dict[str, Any] = {"dia_chi": chamber.people[4].email, "co_quan": "Sở", "cuong_vi": "member"}
    browser.send(f"{LIST}/{chamber.council}/thanh-vien", **again)


def test_nobody_leaves_a_council_in_the_middle_of_a_session(chamber: Chamber, browser: Browser) -> None:
    browser.enter_as(chamber.officer)
    browser.send(f"{LIST}/{chamber.council}/thanh-vien/{chamber.members[4]}/thoi", 409)
    browser.send(f"{LIST}/{chamber.council}/thanh-vien/99999/thoi", 404)


def test_a_session_is_refused_without_an_hour_or_a_place(chamber: Chamber, browser: Browser) -> None:
    browser.enter_as(chamber.officer)
    path = f"{LIST}/{chamber.council}/phien"
    fine: dict[str, Any] = {"ngay_hop": "2026-12-01", "gio_hop": "08:00", "noi": "Phòng A"}
    browser.send(path, 422, **{**fine, "gio_hop": "sáng"})
    browser.send(path, 422, **{**fine, "ngay_hop": ""})
    browser.send(path, 422, **{**fine, "noi": ""})
    browser.send(path, 404, **fine, dot="9999")
    browser.send(path, **fine, van_ban="1")
    [later] = db.session.scalars(sa.select(CouncilSession).where(CouncilSession.number == 2)).all()
    assert later.written


def test_the_agenda_is_made_before_the_session_begins(app: Flask, browser: Browser) -> None:
    chamber = a_chamber(dossiers=2, opened=False)
    browser.enter_as(chamber.officer)
    first, second = chamber.dossiers
    browser.send(at(chamber, "/ho-so"), 409, ho_so=str(first))
    browser.send(at(chamber, "/ho-so"), 422, ho_so="")
    browser.send(at(chamber, "/ho-so"), 404, ho_so="99999")
    assert "Mời ghi lý do" in browser.send(at(chamber, f"/ho-so/{second}/bo"), 422, ly_do=" ").text
    browser.send(at(chamber, f"/ho-so/{second}/bo"), ly_do="Chờ kiểm nghiệm")
    assert str(second) in [
        option["value"] for option in browser.open(at(chamber)).soup.select("#ho_so option[value]")
    ]
    browser.send(at(chamber, "/ho-so"), ho_so=str(second))
    browser.send(at(chamber, "/mo"))
    dossier = fresh(Dossier, id=second)
    assert isinstance(dossier, Dossier)
    assert dossier.state is DossierState.IN_COUNCIL
    browser.send(at(chamber, "/mo"), 409)
    browser.send(at(chamber, f"/ho-so/{second}/bo"), ly_do="Cơ sở xin hoãn")
    dossier = fresh(Dossier, id=second)
    assert isinstance(dossier, Dossier)
    assert dossier.state is DossierState.ADVISED


def test_the_tasks_lead_from_dossiers_without_a_session_to_the_councils(app: Flask, browser: Browser) -> None:
    chamber = a_chamber(dossiers=2, opened=False)
    browser.enter_as(chamber.officer)
    tasks = browser.open("/van-phong", statements=12)
    assert tasks.heading == "Hôm nay không có việc chờ"
    assert "chờ xếp phiên" not in tasks.words
    browser.send(at(chamber, f"/ho-so/{chamber.dossiers[1]}/bo"), ly_do="Chờ kiểm nghiệm")
    tasks = browser.open("/van-phong", statements=12)
    assert tasks.heading == "Hôm nay: 1 việc"
    assert "1 hồ sơ chờ xếp phiên" in tasks.words
    assert LIST in tasks.links("main .board")
    with unit_of_work() as session:
        accounts.an_owner(session, chamber.producer, session.get_one(Person, chamber.officer.id))
        session.get_one(Dossier, chamber.dossiers[1]).producer_id = chamber.producer
    assert "chờ xếp phiên" not in browser.open("/van-phong", statements=12).words


def test_an_empty_session_does_not_begin(app: Flask, browser: Browser) -> None:
    chamber = a_chamber(dossiers=0, opened=False)
    browser.enter_as(chamber.officer)
    browser.send(at(chamber, "/mo"), 409)


def test_a_session_without_chair_or_with_too_few_does_not_begin(app: Flask, browser: Browser) -> None:
    for gone, words in (((0, 1), "chủ tịch"), ((2, 3, 4), "chưa quá nửa")):
        chamber = a_chamber(opened=False)
        browser.enter_as(chamber.officer)
        for number in gone:
            browser.send(at(chamber, f"/thanh-vien/{chamber.members[number]}/vang"))
        assert words in browser.send(at(chamber, "/mo"), 409).text
        browser.send(at(chamber, f"/thanh-vien/{chamber.members[gone[0]]}/moi"))
        browser.send(at(chamber, "/mo"))
        browser.send(at(chamber, f"/thanh-vien/{chamber.members[gone[1]]}/moi"), 409)


def test_who_signed_is_not_absent(chamber: Chamber, browser: Browser) -> None:
    chamber.score(4)
    browser.enter_as(chamber.officer)
    browser.send(at(chamber, f"/thanh-vien/{chamber.members[4]}/vang"), 409)
    browser.send(at(chamber, f"/thanh-vien/{chamber.members[3]}/vang"))
    assert "4 người dự" in browser.open(at(chamber)).words


def test_members_find_their_sessions_and_nothing_else_of_the_office(app: Flask, chamber: Chamber) -> None:
    member = entered(app, chamber, 2)
    page = member.open(LIST)
    assert page.heading == "Phiên hội đồng của tôi"
    assert page.links("main") == [at(chamber)]
    assert "/van-phong/quyet-dinh" not in page.links("body")
    other = a_chamber()
    for path in (
        "/van-phong",
        "/van-phong/quyet-dinh",
        f"{LIST}/{chamber.council}",
        at(other),
        case_at(other),
    ):
        member.open(path, 404)
    for path in (f"{LIST}/{chamber.council}/thanh-vien", at(chamber, "/ho-so")):
        member.send(path, 404)
    for path in (case_at(other, "/phieu"), case_at(other, "/ky"), at(other, "/bien-ban/ky")):
        member.send(path, 404)


def test_the_seat_waits_for_a_second_factor(app: Flask, chamber: Chamber) -> None:
    browser = Browser(app)
    browser.enter_as(chamber.people[0], SignInLevel.PASSWORD)
    assert browser.client.get(at(chamber)).location == "/tai-khoan/ma-6-so"


def test_another_province_finds_no_council(app: Flask, chamber: Chamber, browser: Browser) -> None:
    other = a_chamber()
    browser.enter_as(other.officer)
    for path in (f"{LIST}/{chamber.council}", at(chamber), case_at(chamber), at(chamber, "/bien-ban")):
        browser.open(path, 404)
    for path in (
        f"{LIST}/{chamber.council}/thanh-vien/{chamber.members[0]}/thoi",
        at(chamber, "/mo"),
        at(chamber, f"/thanh-vien/{chamber.members[0]}/vang"),
        case_at(chamber, "/lien-quan"),
        at(chamber, "/ket-thuc"),
    ):
        browser.send(path, 404)
    typed: dict[str, Any] = {"ngay_hop": "2026-12-01", "gio_hop": "08:00", "noi": "Phòng A"}
    browser.send(f"{LIST}/{chamber.council}/phien", 404, **typed)
    browser.send(at(chamber, f"/ho-so/{chamber.dossier}/bo"), 404, ly_do="Không")


def test_a_member_scores_saves_and_signs(app: Flask, chamber: Chamber) -> None:
    member = entered(app, chamber, 1)
    sheet = member.open(case_at(chamber, "/phieu"))
    assert sheet.soup.select("form[action$='/ky']") == []
    begun: dict[str, Any] = {"c1.1": "1", "g1.1": "Vùng trồng 3 ha"}
    member.send(case_at(chamber, "/phieu"), **begun)
    assert member.open(case_at(chamber, "/phieu")).one("[name='g1.1']")["value"] == "Vùng trồng 3 ha"
    refused = member.send(case_at(chamber, "/ky"), 409)
    assert "chưa chấm nên chưa ký được" in refused.text
    member.send(case_at(chamber, "/phieu"), **marks())
    page = member.open(case_at(chamber, "/phieu"))
    assert len(page.soup.select("main .btn.p")) == 1
    member.send(case_at(chamber, "/ky"))
    assert "1/5 phiếu đã ký" in member.open(case_at(chamber)).words
    member.send(case_at(chamber, "/ky"), 409)
    member.send(case_at(chamber, "/phieu"), 409, **marks(c1_1=1))
    assert member.open(case_at(chamber, "/phieu")).one("fieldset[disabled]")
    member.send(case_at(chamber, "/phieu"), 409, **{"c1.1": "1"})
    member.send(case_at(chamber, "/phieu"), 422, **{"c1.1": "99"})


def test_signing_asks_who_it_is_once_more(app: Flask, chamber: Chamber) -> None:
    member = entered(app, chamber, 1)
    chamber.sheet(1)
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=clock.now() - timedelta(hours=1)))
    member.ask_again(case_at(chamber, "/ky"))
    row = db.session.scalars(sa.select(SheetRow).where(SheetRow.member_id == chamber.members[1])).one()
    assert row.signed_at is None


def told_of_points(text: str) -> list[str]:
    """Return what of a page could tell points: means, sums and dots."""
    return re.findall(r"class=\"dots\"|trung bình|Điểm của từng thành viên|TV\d", text)


def test_nobody_at_all_sees_a_sheet_or_sum_before_all_are_in(app: Flask, chamber: Chamber) -> None:
    chamber.score(0, 1, 2, 3, c1_1=1)
    administrator = write(accounts.an_administrator)
    secretary = Browser(app)
    secretary.enter_as(administrator)
    watchers = [entered(app, chamber, 0), entered(app, chamber, 4), secretary, Browser(app)]
    watchers[3].enter_as(chamber.officer)
    for watcher in watchers:
        page = watcher.open(case_at(chamber))
        assert "4/5 phiếu đã ký" in page.words
        assert told_of_points(page.response.text) == []
        assert 'class="dots"' not in watcher.open(at(chamber)).response.text
    own = watchers[1].open(case_at(chamber, "/phieu"))
    assert own.soup.select("form#cham [checked]") == []
    for watcher in (secretary, watchers[3]):
        watcher.open(case_at(chamber, "/phieu"), 404)


def test_once_all_are_in_the_points_are_shown_and_drawn(app: Flask, chamber: Chamber) -> None:
    chamber.score(0, 1, 2, 3)
    chamber.score(4, c1_1=1)
    page = entered(app, chamber, 2).open(case_at(chamber))
    assert len(page.soup.select(".dots circle")) == 5
    rows = page.texts("table.cells tbody tr")
    assert len(rows) == 6
    assert rows[0].startswith("TV1")
    assert "5/5" in page.words
    assert page.soup.select("form[action$='/chot']") == []
    leader = entered(app, chamber, 0).open(case_at(chamber))
    assert len(leader.soup.select("form[action$='/chot']")) == 1
    assert len(leader.soup.select("main .btn.p")) == 1


def test_who_is_in_conflict_neither_scores_nor_sees(app: Flask, chamber: Chamber) -> None:
    member = entered(app, chamber, 3)
    own: dict[str, Any] = {"thanh_vien": str(chamber.members[3])}
    refused = member.send(case_at(chamber, "/lien-quan"), 422, lien_quan="", **own)
    [typed] = BeautifulSoup(refused.text, "html.parser").select('details[open] input[name="lien_quan"]')
    assert (typed["id"], typed["aria-invalid"], typed["aria-describedby"]) == (
        "lien_quan",
        "true",
        "lien_quan-e",
    )
    assert 'href="#lien_quan"' in refused.text
    assert "Mời ghi lý do" in refused.text
    other: dict[str, Any] = {"thanh_vien": str(chamber.members[2]), "lien_quan": "Ghét nhau"}
    member.send(case_at(chamber, "/lien-quan"), 404, **other)
    member.send(case_at(chamber, "/lien-quan"), lien_quan="Vợ là giám đốc", **own)
    page = member.open(at(chamber))
    assert "bạn có liên quan" in page.words
    assert case_at(chamber) not in page.links()
    chamber.score(0, 1, 2, 4)
    for tail in ("", "/phieu"):
        assert "từ chính trang của chợ" not in member.open(case_at(chamber, tail), 403).words
    member.send(case_at(chamber, "/phieu"), 403, **marks())
    member.send(case_at(chamber, "/ky"), 403)
    assert len(entered(app, chamber, 0).open(case_at(chamber)).texts("table.cells tbody tr")) == 5


def test_an_administrator_of_the_producer_sees_nothing_either(app: Flask, chamber: Chamber) -> None:
    with unit_of_work() as session:
        administrator = accounts.an_administrator(session)
        accounts.an_owner(session, chamber.producer, administrator)
    chamber.score(0, 1, 2, 3, 4)
    browser = Browser(app)
    browser.enter_as(administrator)
    browser.open(case_at(chamber), 403)


def test_a_conflict_found_by_the_accounts_is_kept_though_signing_is_refused(
    app: Flask, chamber: Chamber
) -> None:
    chamber.score(0, 1, 2, 3)
    chamber.sheet(4)
    with unit_of_work() as session:
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, chamber.producer), Role.STAFF, chamber.people[4])
    entered(app, chamber, 4).send(case_at(chamber, "/ky"), 403)
    found = fresh(Conflict, member_id=chamber.members[4], dossier_id=chamber.dossier)
    assert isinstance(found, Conflict)
    case = fresh(SessionDossier, session_id=chamber.session, dossier_id=chamber.dossier)
    assert isinstance(case, SessionDossier)
    assert case.revealed_at is not None


def test_the_chair_talks_it_over_and_closes(app: Flask, chamber: Chamber) -> None:
    chamber.score(0, 1, 2, 3)
    chamber.sheet(4, **{f"c{criterion.replace('.', '_')}": 1 for criterion in all_marks()})
    chamber.sign(4)
    leader, member = entered(app, chamber, 0), entered(app, chamber, 1)
    page = leader.open(case_at(chamber))
    assert "cần thảo luận" in page.words
    refused = leader.send(case_at(chamber, "/chot"), 409)
    assert "Mời thảo luận lại" in refused.text
    member.send(case_at(chamber, "/chot"), 403, ly_do="Tôi muốn")
    member.send(case_at(chamber, "/thao-luan"), 403, noi_dung="Tôi muốn")
    leader.send(case_at(chamber, "/thao-luan"), 422, noi_dung="")
    leader.send(case_at(chamber, "/thao-luan"), noi_dung="Mục 1.1 hiểu khác nhau")
    blind = leader.open(case_at(chamber))
    assert "0/5 phiếu đã ký" in blind.words
    assert "Mục 1.1 hiểu khác nhau" in blind.words
    assert told_of_points(blind.response.text) == []
    chamber.sheet(4)
    for number in range(5):
        chamber.sign(number)
    leader.send(case_at(chamber, "/chot"))
    done = leader.open(case_at(chamber))
    assert "Đã chốt" in done.words
    assert done.soup.select("main form") == []
    leader.send(case_at(chamber, "/chot"), 409)
    assert leader.open(case_at(chamber, "/phieu")).one("fieldset[disabled]")


def test_minutes_are_written_signed_and_end_the_session(app: Flask) -> None:
    chamber = a_chamber((Position.CHAIR, Position.MEMBER, Position.MEMBER, Position.SECRETARY))
    secretary, chair = entered(app, chamber, 3), entered(app, chamber, 0)
    member = entered(app, chamber, 1)
    early = secretary.send(at(chamber, "/bien-ban"), 409, bien_ban="Sớm quá").text
    assert "Biên bản phiên 1 năm 2026" in early
    assert "chưa chốt kết quả" in early
    chamber.score(0, 1, 2)
    chair.send(case_at(chamber, "/chot"))
    secretary.send(at(chamber, "/ket-thuc"), 409)
    proposed = secretary.open(at(chamber, "/bien-ban")).one("textarea").get_text()
    assert "Thành viên 4, Thư ký" in proposed
    assert "Điểm trung bình 100,00" in proposed
    secretary.send(at(chamber, "/bien-ban"), 422, bien_ban=" ")
    member.send(at(chamber, "/bien-ban"), 404, bien_ban=proposed)
    secretary.send(at(chamber, "/bien-ban"), bien_ban=proposed)
    member.send(at(chamber, "/bien-ban/ky"), ban="1")
    member.send(at(chamber, "/bien-ban/ky"), 409, ban="1")
    secretary.send(at(chamber, "/bien-ban"), bien_ban=proposed + "\nÝ kiến khác: có.")
    late = BeautifulSoup(chair.send(at(chamber, "/bien-ban/ky"), 409, ban="1").text, "html.parser")
    assert "Mời đọc lại rồi ký" in late.select_one('main [role="alert"]').get_text()  # type: ignore[union-attr]
    assert late.select_one("article.paper") is not None
    assert "0/4 đã ký" in chair.open(at(chamber, "/bien-ban")).words
    for signer in (secretary, member):
        signer.send(at(chamber, "/bien-ban/ky"), ban="2")
    secretary.send(at(chamber, "/ket-thuc"), 409)
    chair.send(at(chamber, "/bien-ban/ky"), ban="2")
    page = chair.open(at(chamber, "/bien-ban"))
    assert "có." in page.words
    assert page.one("button[data-print]")
    assert page.one('script[src*="js/work"]')
    kept = chair.client.get(at(chamber, "/bien-ban.txt"))
    assert hashlib.sha256(kept.data).hexdigest() in page.words
    member.send(at(chamber, "/ket-thuc"), 404)
    secretary.send(at(chamber, "/ket-thuc"))
    held = fresh(CouncilSession, id=chamber.session)
    assert isinstance(held, CouncilSession)
    assert held.state is SessionState.CLOSED
    secretary.send(at(chamber, "/ket-thuc"), 409)
    assert "Phiên kết thúc" in secretary.open(at(chamber)).words


def test_what_a_session_refuses_is_told_on_its_own_page(app: Flask, chamber: Chamber) -> None:
    chamber.score(4)
    officer = Browser(app)
    officer.enter_as(chamber.officer)
    signed, other = chamber.members[4], chamber.dossiers[1]
    for tail, fields in (
        ("/mo", {}),
        ("/huy", {}),
        ("/ket-thuc", {}),
        (f"/thanh-vien/{signed}/vang", {}),
        (f"/thanh-vien/{signed}/moi", {}),
        ("/ho-so", {"ho_so": str(other)}),
    ):
        answer = officer.send(at(chamber, tail), 409, **fields)
        page = BeautifulSoup(answer.text, "html.parser")
        assert page.select_one("h1").get_text() == "Hội đồng, phiên 1 năm 2026", tail  # type: ignore[union-attr]
        assert page.select_one('main [role="alert"]') is not None, tail
        assert "/gio-hang" not in answer.text, tail


def test_a_session_is_ended_where_enough_have_signed(app: Flask) -> None:
    chamber = a_chamber((Position.CHAIR, Position.MEMBER, Position.MEMBER, Position.SECRETARY))
    secretary, chair = entered(app, chamber, 3), entered(app, chamber, 0)
    chamber.score(0, 1, 2)
    chair.send(case_at(chamber, "/chot"))
    secretary.send(at(chamber, "/bien-ban"), bien_ban="Biên bản phiên họp")
    ends = f'form[action="{at(chamber, "/ket-thuc")}"]'
    for number in (3, 1, 2):
        entered(app, chamber, number).send(at(chamber, "/bien-ban/ky"), ban="1")
        assert secretary.open(at(chamber)).soup.select(ends) == []
    chair.send(at(chamber, "/bien-ban/ky"), ban="1")
    assert secretary.open(at(chamber)).one(ends)


def test_there_is_no_text_of_minutes_before_they_are_written(app: Flask, chamber: Chamber) -> None:
    browser = Browser(app)
    browser.enter_as(chamber.officer)
    browser.open(at(chamber, "/bien-ban"))
    assert browser.client.get(at(chamber, "/bien-ban.txt")).status_code == 404


def test_what_is_planned_can_be_given_up_and_a_council_ended(app: Flask, browser: Browser) -> None:
    chamber = a_chamber(opened=False)
    browser.enter_as(chamber.officer)
    path = f"{LIST}/{chamber.council}"
    browser.send(f"{path}/ket-thuc", 409)
    assert browser.send(at(chamber, "/huy")).location == path
    browser.open(at(chamber), 404)
    browser.send(at(chamber, "/huy"), 404)
    browser.send(f"{path}/ket-thuc")
    page = browser.open(path)
    assert "Hội đồng kết thúc ngày 21/11/2026." in page.words
    assert page.soup.select("main form") == []


def test_a_dossier_of_another_session_is_not_there(app: Flask, chamber: Chamber, browser: Browser) -> None:
    other = a_chamber()
    browser.enter_as(chamber.officer)
    browser.open(at(chamber, f"/ho-so/{other.dossier}"), 404)
    member = entered(app, chamber, 0)
    member.send(at(chamber, f"/ho-so/{other.dossier}/phieu"), 404, **marks())
    member.open(case_at(chamber, "/phieu"))


def test_points_far_below_are_drawn_within_the_picture(app: Flask, chamber: Chamber) -> None:
    chamber.score(0, 1, 2, 3)
    chamber.score(4, **{f"c{criterion.replace('.', '_')}": 1 for criterion in all_marks()})
    drawn = entered(app, chamber, 0).open(case_at(chamber)).one(".dots")
    across = [float(str(dot["cx"])) for dot in drawn.select("circle")]
    assert len(across) == 5
    assert 0 < min(across) < max(across) < 340
    mean = drawn.select(".mt")[0]
    assert mean["text-anchor"] == "end"
    low = draw_dots([3, 4, 40], Decimal("15.67"))
    assert low.mean_anchor == "middle"
    assert draw_dots([3, 3, 40], Decimal("3.67")).mean_anchor == "start"


def test_what_members_lack_for_more_stars_is_told_with_heads_counted(app: Flask, chamber: Chamber) -> None:
    leaf = next(
        leaf for leaf in list_rubrics()[0].leaves() if any(option.gate == 3 for option in leaf.options)
    )
    below = next(option.number for option in leaf.options if option.gate == 3) - 1
    lacking = {f"c{leaf.code.replace('.', '_')}": below}
    chamber.score(0, 1, 2, **lacking)
    chamber.score(3, 4)
    page = entered(app, chamber, 1).open(case_at(chamber))
    assert "3/5 thành viên cùng nhận định." in page.words
    assert "dưới 3 sao" in page.texts(".vs .would")


def test_evidence_stands_beside_its_criterion(app: Flask, chamber: Chamber) -> None:
    with unit_of_work() as session:
        piece = an_evidence(session, chamber)
    member = entered(app, chamber, 1)
    [link] = [path for path in member.open(case_at(chamber, "/phieu")).links("form") if "minh-chung" in path]
    assert link == f"/van-phong/ho-so/{chamber.dossier}/minh-chung/{piece}"


def test_the_producer_is_told_of_the_result(app: Flask, chamber: Chamber) -> None:
    chamber.score(0, 1, 2, 3, 4)
    entered(app, chamber, 0).send(case_at(chamber, "/chot"))
    [letter] = letters(app)
    assert letter.to == chamber.owner.email


def test_a_secretary_has_no_sheet_and_all_in_conflict_leave_none(app: Flask) -> None:
    chamber = a_chamber((Position.CHAIR, Position.MEMBER, Position.SECRETARY))
    entered(app, chamber, 2).open(case_at(chamber, "/phieu"), 404)
    chamber.score(0, 1)
    for number in (0, 1):
        own: dict[str, Any] = {"thanh_vien": str(chamber.members[number]), "lien_quan": "Góp vốn"}
        entered(app, chamber, number).send(case_at(chamber, "/lien-quan"), **own)
    browser = Browser(app)
    browser.enter_as(chamber.officer)
    page = browser.open(case_at(chamber))
    assert "0/0 phiếu đã ký" in page.words
    assert "phải chuyển sang phiên khác" in page.words
    browser.send(at(chamber, f"/ho-so/{chamber.dossier}/bo"), ly_do="Không còn người chấm")
