"""Ideas at the office: the checklist, the answer, the book of slips, plans and roadmaps."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.ideas.answers import accept_idea, mark_potential, save_ticks, turn_away
from marketplace.certification.ideas.models import (
    BusinessPlan,
    IdeaCheck,
    IdeaState,
    IdeaTick,
    PlanState,
    ProductIdea,
    RoadmapStep,
)
from marketplace.certification.ideas.plans import approve_plan
from marketplace.certification.ideas.roadmap import MOST_STEPS, StepFacts, add_steps, hand_over, remove_step
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member, an_actor
from tests.factories.catalogue import a_product
from tests.factories.ideas import ALL_HOLD, a_plan, an_idea, an_officer_of
from tests.factories.lots import a_zone
from tests.factories.office import Desk
from tests.signin.browsing import Browser, letters

PATH = "/van-phong/y-tuong"
EVERY_LINE: dict[str, Any] = {f"dong-{check.value}": "dat" for check in IdeaCheck}


@pytest.fixture
def inspector(app: Flask, desk: Desk) -> Browser:
    """A browser of the commune's officer."""
    found = Browser(app)
    found.enter_as(desk.commune_officer)
    return found


def idea_of(desk: Desk, state: IdeaState = IdeaState.SUBMITTED, **changes: Any) -> int:
    with unit_of_work() as session:
        return an_idea(session, session.get_one(Producer, desk.producer), state, **changes).id


def idea(number: int) -> ProductIdea:
    db.session.rollback()
    return db.session.get_one(ProductIdea, number, populate_existing=True)


def ticks_of(number: int) -> dict[IdeaCheck, tuple[bool, str | None]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(IdeaTick).where(IdeaTick.idea_id == number))
    return {row.check: (row.holds, row.words) for row in rows}


def steps_of(number: int) -> list[RoadmapStep]:
    db.session.rollback()
    wanted = sa.select(RoadmapStep).where(RoadmapStep.idea_id == number).order_by(RoadmapStep.id)
    return list(db.session.scalars(wanted))


def test_what_waits_is_on_the_board_and_on_its_shelf(desk: Desk, inspector: Browser) -> None:
    number = idea_of(desk)
    board = inspector.open("/van-phong")
    assert "1 phiếu chờ xem" in board.words
    assert "Ý tưởng 1 việc" in board.texts(".onav a")
    listed = inspector.open(PATH)
    assert listed.texts(".rows a") == ["Mứt vỏ bưởi"]
    assert "Chờ xem (1)" in listed.texts(".chip")
    assert inspector.open(f"{PATH}?muc=da-nhan").texts(".rows a") == []
    assert inspector.open(f"{PATH}?nam=2025").texts(".rows a") == []
    assert f"{PATH}/{number}" in listed.links()


def test_ideas_and_plans_tell_how_long_they_wait_the_oldest_first(desk: Desk, inspector: Browser) -> None:
    accepted = idea_of(desk, IdeaState.ACCEPTED, name="Chè sen")
    young, old = idea_of(desk, name="Bún ngô"), idea_of(desk)
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, accepted))
        session.execute(sa.update(BusinessPlan).values(submitted_at=clock.now() - timedelta(days=3)))
        session.get_one(ProductIdea, accepted).submitted_at = clock.now() - timedelta(days=90)
        session.get_one(ProductIdea, old).submitted_at = clock.now() - timedelta(days=12)
    board = inspector.open("/van-phong", statements=16)
    [box] = [one for one in board.soup.select(".col") if "Ý tưởng và phương án" in one.get_text()]
    assert [" ".join(row.get_text(" ").split()) for row in box.select(".rows li")] == [
        "Mứt vỏ bưởi Phiếu đăng ký · HTX Cam Khe Mây chờ 12 ngày",
        "Chè sen Phương án · HTX Cam Khe Mây chờ 3 ngày",
        "Bún ngô Phiếu đăng ký · HTX Cam Khe Mây từ hôm nay",
    ]
    assert [str(link["href"]) for link in box.select(".rows a")] == [
        f"{PATH}/{old}", f"{PATH}/{accepted}/phuong-an", f"{PATH}/{young}",
    ]  # fmt: skip
    assert inspector.open(PATH).texts(".rows li div.row .tag")[0] == "chờ 12 ngày"
    assert "chờ 3 ngày" in inspector.open(f"{PATH}?muc=phuong-an").texts(".rows li div.row .tag")
    assert "chờ" not in inspector.open(f"{PATH}?muc=da-nhan").one(".rows").get_text().replace("chờ duyệt", "")


def test_the_register_helps_to_answer(desk: Desk, inspector: Browser) -> None:
    with unit_of_work() as session:
        a_product(session, "Mứt vỏ bưởi Quảng Trị")
    page = inspector.open(f"{PATH}/{idea_of(desk)}")
    assert "Sổ đã có tên giống: Mứt vỏ bưởi Quảng Trị." in page.words
    assert "Cơ sở chọn bộ 7: " in page.words
    assert "Cơ sở chưa ghi vùng nguyên liệu nào." in page.words
    assert "Hợp tác xã" in page.texts("#dong-legal_form .hint")
    unsure = inspector.open(f"{PATH}/{idea_of(desk, name='Trà lá vối', set_number=None)}")
    assert "Sổ chưa có sản phẩm nào tên như vậy." in unsure.words
    assert "Cơ sở chưa chọn bộ" in unsure.words


def test_zones_in_the_commune_are_told_apart(desk: Desk, inspector: Browser) -> None:
    with unit_of_work() as session:
        producer = session.get_one(Producer, desk.producer)
        a_zone(session, producer, "Vườn trong xã", commune_id=desk.commune, province_id=desk.province)
        a_zone(session, producer, "Vườn nơi khác", province_id=desk.elsewhere)
    page = inspector.open(f"{PATH}/{idea_of(desk)}")
    assert "Cơ sở đã ghi 2 vùng nguyên liệu, 1 vùng trong xã." in page.words


def test_an_idea_is_taken_in_under_the_next_number(desk: Desk, inspector: Browser, app: Flask) -> None:
    first, second = idea_of(desk), idea_of(desk, name="Trà vỏ bưởi")
    other_year = idea_of(desk, year=2027)
    for number in (first, second, other_year):
        inspector.send(f"{PATH}/{number}", viec="nhan", **EVERY_LINE, loi="Mời viết phương án.")
    assert [idea(number).slip_number for number in (first, second, other_year)] == [1, 2, 1]
    assert idea(first).answered_by == desk.commune_officer.id
    page = inspector.open(f"{PATH}/{first}")
    assert "Xã đã nhận" in page.words
    assert "Cơ sở chưa nộp phương án." in page.words
    inspector.send(f"{PATH}/{first}", 409, viec="nhan", **EVERY_LINE)
    slip = inspector.open(f"{PATH}/{second}/phieu")
    assert "02/PĐK-…-…-2026" in slip.words
    assert "Mời viết phương án." in slip.words
    subjects = {one.subject for one in letters(app) if one.to == desk.owner.email}
    assert "Ý tưởng Mứt vỏ bưởi đã được xã nhận" in subjects


@pytest.mark.parametrize("missing", list(IdeaCheck))
def test_every_line_has_to_be_answered(missing: IdeaCheck, desk: Desk, inspector: Browser) -> None:
    number, field = idea_of(desk), f"dong-{missing.value}"
    lines: dict[str, Any] = {name: value for name, value in EVERY_LINE.items() if name != field}
    answer = inspector.send(f"{PATH}/{number}", 422, viec="nhan", **lines)
    assert f'href="#{field}"' in answer.text
    answer = inspector.send(f"{PATH}/{number}", 422, viec="nhan", **{**EVERY_LINE, field: "chua"})
    assert f'href="#{field}"' in answer.text
    assert idea(number).state is IdeaState.SUBMITTED


@pytest.mark.parametrize("check", list(IdeaCheck))
def test_some_lines_have_to_hold(check: IdeaCheck, desk: Desk, inspector: Browser) -> None:
    number = idea_of(desk)
    lines: dict[str, Any] = {**EVERY_LINE, f"dong-{check.value}": "chua", f"loi-{check.value}": "Chưa rõ"}
    needed = check in {IdeaCheck.OWN_IDEA, IdeaCheck.LEGAL_FORM}
    inspector.send(f"{PATH}/{number}", 422 if needed else 303, viec="nhan", **lines)
    assert idea(number).state is (IdeaState.SUBMITTED if needed else IdeaState.ACCEPTED)


def test_the_checklist_is_kept_for_later(desk: Desk, inspector: Browser) -> None:
    number = idea_of(desk)
    lines: dict[str, Any] = {
        "dong-identity": "chua",
        "loi-identity": "Chưa kể chuyện làng",
        "dong-right_set": "dat",
    }
    unneeded: dict[str, Any] = {"loi-right_set": "thừa"}
    inspector.send(f"{PATH}/{number}", viec="luu", **lines, **unneeded)
    assert ticks_of(number) == {
        IdeaCheck.IDENTITY: (False, "Chưa kể chuyện làng"),
        IdeaCheck.RIGHT_SET: (True, None),
    }
    page = inspector.open(f"{PATH}/{number}")
    assert page.one("#loi-identity")["value"] == "Chưa kể chuyện làng"
    assert len(page.soup.select("input[checked]")) == 2
    answer = inspector.send(f"{PATH}/{number}", 422, **{**lines, "loi-identity": "x" * 301})
    assert 'href="#loi-identity"' in answer.text


@pytest.mark.parametrize(
    ("deed", "state", "told"),
    [
        ("tra-lai", IdeaState.RETURNED, "trả lại để bổ sung"),
        ("khong-nhan", IdeaState.DECLINED, "không được nhận"),
    ],
)
def test_turning_away_needs_words_and_says_them(
    deed: str, state: IdeaState, told: str, desk: Desk, inspector: Browser, app: Flask
) -> None:
    number = idea_of(desk)
    answer = inspector.send(f"{PATH}/{number}", 422, viec=deed, loi=" ")
    assert 'href="#loi"' in answer.text
    lines: dict[str, Any] = {"dong-local_material": "chua", "loi-local_material": "Bưởi mua nơi khác"}
    inspector.send(f"{PATH}/{number}", viec=deed, loi="Mời ghi vùng nguyên liệu.", **lines)
    assert idea(number).state is state
    assert ticks_of(number)[IdeaCheck.LOCAL_MATERIAL] == (False, "Bưởi mua nơi khác")
    [letter] = [one for one in letters(app) if one.to == desk.owner.email]
    assert told in letter.subject
    assert "Mời ghi vùng nguyên liệu." in letter.body
    assert "Nguyên liệu chính có ở địa phương" in letter.body
    assert "Mời ghi vùng nguyên liệu." in inspector.open(f"{PATH}/{number}").words
    inspector.send(f"{PATH}/{number}", 409, viec=deed, loi="Lần nữa")


def test_a_letter_that_is_overtaken_is_not_sent(desk: Desk, inspector: Browser, app: Flask) -> None:
    number = idea_of(desk)
    inspector.send(f"{PATH}/{number}", viec="tra-lai", loi="Mời ghi rõ.")
    with unit_of_work() as session:
        session.get_one(ProductIdea, number).state = IdeaState.SUBMITTED
    assert letters(app) == []


def test_officers_elsewhere_find_nothing(desk: Desk, app: Flask) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED)
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number))
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    assert stranger.open(PATH).texts(".rows a") == []
    assert "Mứt vỏ bưởi" not in stranger.client.get(f"{PATH}/danh-sach.csv").text
    for path in ("", "/phieu", "/phuong-an", "/lo-trinh"):
        stranger.open(f"{PATH}/{number}{path}", 404)
    for path in ("", "/tiem-nang", "/phuong-an", "/lo-trinh/gui", "/lo-trinh/1/xong", "/lo-trinh/1/bo"):
        stranger.send(f"{PATH}/{number}{path}", 404, viec="duyet", **EVERY_LINE)
    stranger.send(f"{PATH}/{number}/lo-trinh", 404, loi="Việc", han="2027-01-01")
    owner = Browser(app)
    owner.enter_as(desk.owner)
    owner.open(PATH, 404)


def test_nobody_judges_what_is_their_own(desk: Desk, app: Flask, inspector: Browser) -> None:
    number = idea_of(desk)
    accepted = idea_of(desk, IdeaState.ACCEPTED, name="Trà vỏ bưởi")
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, accepted))
        a_member(session, Scope(ScopeKind.PRODUCER, desk.producer), Role.STAFF, desk.commune_officer)
    inspector.open(f"{PATH}/{number}", 404)
    inspector.send(f"{PATH}/{number}", 404, viec="nhan", **EVERY_LINE)
    scope = Scope(ScopeKind.PRODUCER, desk.producer)
    member = an_actor(desk.commune_officer, (scope, Role.STAFF))
    for deed in (
        lambda s, i: save_ticks(s, member, i, {}, clock.now()),
        lambda s, i: accept_idea(s, member, i, ALL_HOLD, "", clock.now()),
        lambda s, i: turn_away(s, member, i, IdeaState.DECLINED, {}, "Không", clock.now()),
        lambda s, i: mark_potential(s, member, i, True, clock.now()),
        lambda s, i: approve_plan(s, member, i, "", clock.now()),
        lambda s, i: add_steps(s, member, i, [], clock.now()),
        lambda s, i: remove_step(s, member, i, 1, clock.now()),
        lambda s, i: hand_over(s, member, i, clock.now()),
    ):
        with pytest.raises(ConflictOfDuty), unit_of_work() as session:
            deed(session, session.get_one(ProductIdea, accepted))


def test_a_plan_is_read_and_approved(desk: Desk, office: Browser, app: Flask) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED)
    office.open(f"{PATH}/{number}/phuong-an", 404)
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number))
    assert "1 phương án chờ duyệt" in office.open("/van-phong").words
    assert f"{PATH}/{number}/phuong-an" in office.open(f"{PATH}?muc=phuong-an").links()
    page = office.open(f"{PATH}/{number}/phuong-an")
    assert "300.000.000" in page.words
    office.send(f"{PATH}/{number}/phuong-an", viec="duyet", loi="Đúng hướng.")
    assert db.session.scalars(sa.select(BusinessPlan)).one().state is PlanState.APPROVED
    assert "Đúng hướng." in office.open(f"{PATH}/{number}/phuong-an").words
    office.send(f"{PATH}/{number}/phuong-an", 409, viec="duyet")
    assert any("đã được duyệt" in one.body for one in letters(app))


def test_a_plan_is_returned_with_words(desk: Desk, office: Browser, app: Flask) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED)
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number))
    office.send(f"{PATH}/{number}/phuong-an", 422, viec="tra-lai")
    office.send(f"{PATH}/{number}/phuong-an", viec="tra-lai", loi="Mời ghi tiến độ từng tháng.")
    assert db.session.scalars(sa.select(BusinessPlan)).one().state is PlanState.RETURNED
    [letter] = [one for one in letters(app) if "cần viết thêm" in one.subject]
    assert "Mời ghi tiến độ từng tháng." in letter.body


def test_a_potential_product_gets_steps_from_its_set(desk: Desk, office: Browser, app: Flask) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED)
    office.send(f"{PATH}/{number}/tiem-nang", co="1")
    assert idea(number).potential
    assert office.open(f"{PATH}?muc=tiem-nang").texts(".rows a") == ["Mứt vỏ bưởi"]
    at = f"{PATH}/{number}/lo-trinh"
    page = office.open(at)
    offered = [str(box["value"]) for box in page.soup.select('input[name="chon"]')]
    assert page.one("#han")["value"] == "2027-04-29"
    assert len(office.open(f"{at}?sao=4").soup.select('input[name="chon"]')) > len(offered) > 1
    office.send(at, chon=offered[:2], loi="Tập huấn an toàn thực phẩm", han="20/11/2026", sao="3")
    assert [step.criterion for step in steps_of(number)] == [*offered[:2], None]
    page = office.open(at)
    assert [str(box["value"]) for box in page.soup.select('input[name="chon"]')] == offered[2:]
    assert "Lộ trình xong 0 trên 3 , quá hạn 3" in page.words.replace("3, ", "3 , ")
    first, second, third = (step.id for step in steps_of(number))
    office.send(f"{at}/{first}/xong")
    office.send(f"{at}/{second}/bo")
    assert [(step.id, step.done_on) for step in steps_of(number)] == [
        (first, date(2026, 11, 21)),
        (third, None),
    ]
    office.send(f"{at}/gui")
    [letter] = [one for one in letters(app) if one.to == desk.owner.email]
    assert "Lộ trình của Mứt vỏ bưởi: 1 việc cần làm" in letter.subject
    assert "20/11/2026: Tập huấn an toàn thực phẩm" in letter.body
    office.send(f"{at}/{first}/xong", chua="1")
    assert steps_of(number)[0].done_on is None
    office.send(f"{PATH}/{number}/tiem-nang", co="0")
    assert not idea(number).potential


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"loi": "Việc", "han": "ngày mai"}, "han"),
        ({"loi": "Việc", "han": "2036-01-01"}, "han"),
        ({"loi": "", "han": "2027-01-01"}, "loi"),
        ({"loi": "x" * 301, "han": "2027-01-01"}, "loi"),
        ({"chon": "99.9", "han": "2027-01-01"}, "loi"),
    ],
)
def test_what_is_wrong_with_a_step_is_named(
    fields: dict[str, Any], field: str, desk: Desk, office: Browser
) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED)
    answer = office.send(f"{PATH}/{number}/lo-trinh", 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert steps_of(number) == []


def test_a_roadmap_has_an_end(desk: Desk, office: Browser) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED)
    with unit_of_work() as session:
        whole = session.get_one(ProductIdea, number)
        officer = an_officer_of(session, session.get_one(Producer, desk.producer))
        add_steps(
            session,
            officer,
            whole,
            [StepFacts(words="Việc", due_on=date(2027, 1, 1))] * MOST_STEPS,
            clock.now(),
        )
    office.send(f"{PATH}/{number}/lo-trinh", 409, loi="Việc nữa", han="2027-01-01")
    assert len(steps_of(number)) == MOST_STEPS


def test_a_roadmap_waits_until_the_idea_is_taken_in(desk: Desk, office: Browser) -> None:
    number = idea_of(desk)
    assert "Lộ trình lập sau khi nhận ý tưởng." in office.open(f"{PATH}/{number}/lo-trinh").words
    office.send(f"{PATH}/{number}/lo-trinh", 409, loi="Việc", han="2027-01-01")
    office.send(f"{PATH}/{number}/tiem-nang", 409, co="1")
    taken = idea_of(desk, IdeaState.ACCEPTED, name="Trà vỏ bưởi")
    office.send(f"{PATH}/{taken}/lo-trinh/gui", 404)
    unsure = idea_of(desk, IdeaState.ACCEPTED, name="Trà lá vối", set_number=None)
    assert "Chưa chọn bộ sản phẩm" in office.open(f"{PATH}/{unsure}/lo-trinh").words


def test_the_list_prints_and_downloads(desk: Desk, office: Browser) -> None:
    number = idea_of(desk, IdeaState.ACCEPTED, name="=Mứt vỏ bưởi")
    idea_of(desk, name="Trà vỏ bưởi")
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number))
    page = office.open(f"{PATH}/danh-sach?nam=2026")
    assert "=Mứt vỏ bưởi (bộ 7)" in page.words
    assert "Trà vỏ bưởi" not in page.words
    assert "Chưa nhận ý tưởng nào." in office.open(f"{PATH}/danh-sach?nam=2025").words
    table = office.client.get(f"{PATH}/danh-sach.csv?nam=x").text
    assert "'=Mứt vỏ bưởi" in table
    assert "21" in table.splitlines()[1]
