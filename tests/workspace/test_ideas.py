"""Ideas in the workspace: slips, plans, products and roadmaps of a producer."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.certification.ideas.models import (
    BusinessPlan,
    IdeaState,
    PlanState,
    ProductIdea,
    RoadmapStep,
)
from marketplace.certification.ideas.roadmap import StepFacts, add_steps
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product, a_set
from tests.factories.ideas import a_plan, an_idea, an_officer_of
from tests.factories.places import make_commune, make_province
from tests.signin.browsing import write
from tests.workspace.conftest import Shop, open_shop

SLIP: dict[str, Any] = {
    "ten": "Mứt vỏ bưởi",
    "bo": "",
    "nam": "2026",
    "nguon_goc": "Vỏ bưởi xưa nay bỏ đi.",
    "nguyen_lieu": "Bưởi của 12 hộ trong xã.",
    "thi_truong": "Khách du lịch.",
}
PLAN: dict[str, Any] = {
    "muc_tieu": "2 tấn mứt",
    "nguyen_lieu": "20 tấn bưởi",
    "cong_nghe": "Lò sấy",
    "lao_dong": "8 người",
    "thi_truong": "Chợ OCOP",
    "tien_do": "Tháng 6 bán",
    "von_co": "200.000.000",
    "von_vay": "",
    "ho_tro": "50.000.000 đ",
}


@pytest.fixture
def maker(app: Flask) -> Shop:
    """A shop in a commune that the register knows."""
    shop = open_shop(app, "HTX Cam Khe Mây")
    province = write(make_province, code="42")
    commune = write(make_commune, "Hương Đô", province, code="18073")
    with unit_of_work() as session:
        producer = session.get_one(Producer, shop.producer.id)
        producer.commune_id, producer.province_id = commune.id, province.id
        a_set(session)
    return shop


def idea_of(shop: Shop, state: IdeaState = IdeaState.ACCEPTED, **changes: Any) -> int:
    with unit_of_work() as session:
        return an_idea(session, session.get_one(Producer, shop.producer.id), state, **changes).id


def ideas() -> list[ProductIdea]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ProductIdea).order_by(ProductIdea.id)))


def plan_of() -> BusinessPlan:
    db.session.rollback()
    return db.session.scalars(sa.select(BusinessPlan)).one()


def test_a_slip_goes_to_the_commune(maker: Shop) -> None:
    assert "Cơ sở chưa đăng ký ý tưởng nào." in maker.staff_browser.open(f"{maker.base}/y-tuong").words
    form = maker.staff_browser.open(f"{maker.base}/y-tuong/moi")
    assert "xã Hương Đô, tỉnh Hà Tĩnh" in form.words
    assert form.texts("#nam option") == ["2026", "2027"]
    chosen = str(form.soup.select("#bo option")[7]["value"])
    maker.staff_browser.send(f"{maker.base}/y-tuong/moi", **{**SLIP, "bo": chosen})
    [idea] = ideas()
    assert (idea.name, idea.state, idea.set_number, idea.year) == (
        "Mứt vỏ bưởi",
        IdeaState.SUBMITTED,
        7,
        2026,
    )
    page = maker.browser.open(f"{maker.base}/y-tuong/{idea.id}")
    assert "Đã nộp, xã đang xem" in page.words
    assert "Bộ 7: " in page.words
    assert "Đã nộp, xã đang xem" in maker.browser.open(f"{maker.base}/y-tuong").words
    slip = maker.browser.open(f"{maker.base}/y-tuong/{idea.id}/phieu")
    assert "…/PĐK-42-18073-2026" in slip.words
    assert "Kính gửi: Uỷ ban nhân dân xã Hương Đô, tỉnh Hà Tĩnh" in slip.words


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ten", " "),
        ("ten", "x" * 201),
        ("bo", "bo-la"),
        ("nam", "2025"),
        ("nam", "2028"),
        ("nam", "năm nay"),
        ("nguon_goc", ""),
        ("nguyen_lieu", "x" * 4001),
        ("thi_truong", "\n \n"),
    ],
)
def test_what_is_wrong_with_a_slip_is_named(maker: Shop, field: str, typed: str) -> None:
    answer = maker.browser.send(f"{maker.base}/y-tuong/moi", 422, **{**SLIP, field: typed})
    assert f'href="#{field}"' in answer.text
    assert ideas() == []


def test_everything_wrong_is_named_at_once(maker: Shop) -> None:
    answer = maker.browser.send(f"{maker.base}/y-tuong/moi", 422, **dict.fromkeys(SLIP, ""))
    assert "Có 5 chỗ cần sửa" in answer.text


def test_the_same_idea_is_not_registered_twice(maker: Shop) -> None:
    maker.browser.send(f"{maker.base}/y-tuong/moi", **SLIP)
    answer = maker.browser.send(f"{maker.base}/y-tuong/moi", 409, **{**SLIP, "ten": "mứt  VỎ bưởi"})
    assert "đã đăng ký ý tưởng" in answer.text
    maker.browser.send(f"{maker.base}/y-tuong/moi", **{**SLIP, "nam": "2027"})
    assert len(ideas()) == 2


def test_who_lies_in_no_known_commune_is_told_whom_to_call(shop: Shop) -> None:
    write(a_set)
    answer = shop.browser.send(f"{shop.base}/y-tuong/moi", 409, **SLIP)
    assert "Mời gọi văn phòng OCOP" in answer.text


def test_what_was_returned_is_mended_and_handed_in_again(maker: Shop) -> None:
    number = idea_of(maker, IdeaState.RETURNED)
    at = f"{maker.base}/y-tuong/{number}"
    page = maker.browser.open(at)
    assert "Mời ghi rõ vùng nguyên liệu." in page.words
    assert f"{at}/sua" in page.links()
    form = maker.browser.open(f"{at}/sua")
    assert form.one("#ten")["value"] == "Mứt vỏ bưởi"
    assert form.one("#bo option[selected]")["value"]
    maker.browser.send(f"{at}/sua", 422, **{**SLIP, "ten": ""})
    maker.browser.send(f"{at}/sua", **{**SLIP, "ten": "Mứt bưởi dẻo"})
    [idea] = ideas()
    assert (idea.name, idea.state) == ("Mứt bưởi dẻo", IdeaState.SUBMITTED)
    maker.browser.send(f"{at}/sua", 409, **SLIP)
    assert maker.browser.client.get(f"{at}/sua").status_code == 303


def test_mending_into_another_idea_is_refused(maker: Shop) -> None:
    number = idea_of(maker, IdeaState.RETURNED)
    idea_of(maker, IdeaState.SUBMITTED, name="Trà vỏ bưởi")
    answer = maker.browser.send(f"{maker.base}/y-tuong/{number}/sua", 409, **{**SLIP, "ten": "Trà vỏ bưởi"})
    assert "đã đăng ký ý tưởng" in answer.text


def test_an_idea_is_withdrawn_once(maker: Shop) -> None:
    number = idea_of(maker, IdeaState.SUBMITTED)
    maker.browser.send(f"{maker.base}/y-tuong/{number}/rut")
    assert ideas()[0].state is IdeaState.WITHDRAWN
    maker.browser.send(f"{maker.base}/y-tuong/{number}/rut", 409)
    assert "Không làm ý tưởng này nữa" not in maker.browser.open(f"{maker.base}/y-tuong/{number}").words


def test_a_plan_is_kept_unfinished_and_handed_in_whole(maker: Shop) -> None:
    number = idea_of(maker)
    at = f"{maker.base}/y-tuong/{number}"
    assert f"{at}/phuong-an" in maker.browser.open(at).links()
    maker.browser.open(f"{at}/phuong-an")
    maker.browser.open(f"{at}/phuong-an/in", 404)
    maker.browser.send(f"{at}/phuong-an", muc_tieu="2 tấn mứt")
    assert (plan_of().state, plan_of().goals) == (PlanState.DRAFT, "2 tấn mứt")
    answer = maker.browser.send(f"{at}/phuong-an", 422, **{**PLAN, "tien_do": ""}, viec="nop")
    assert 'href="#tien_do"' in answer.text
    assert (plan_of().state, plan_of().labour) == (PlanState.DRAFT, "8 người")
    maker.browser.send(f"{at}/phuong-an", **PLAN, viec="nop")
    plan = plan_of()
    assert (plan.state, plan.own_capital, plan.borrowed, plan.support) == (
        PlanState.SUBMITTED,
        200_000_000,
        0,
        50_000_000,
    )
    assert "250.000.000" in maker.browser.open(f"{at}/phuong-an/in").words
    assert "Đã nộp, văn phòng đang xem" in maker.browser.open(f"{at}/phuong-an").words
    maker.browser.send(f"{at}/phuong-an", 409, **PLAN)
    maker.browser.send(f"{at}/phuong-an/lay-lai")
    assert plan_of().state is PlanState.DRAFT
    assert maker.browser.open(f"{at}/phuong-an").one("#von_co")["value"] == "200.000.000"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("von_co", "nhiều"), ("von_vay", "2.000.000.000.000"), ("muc_tieu", "x" * 4001), ("ho_tro", "1,5")],
)
def test_what_is_wrong_with_a_plan_is_named(maker: Shop, field: str, typed: str) -> None:
    at = f"{maker.base}/y-tuong/{idea_of(maker)}/phuong-an"
    answer = maker.browser.send(at, 422, **{**PLAN, field: typed})
    assert f'href="#{field}"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BusinessPlan)) == 0


def test_without_money_no_plan_is_handed_in(maker: Shop) -> None:
    at = f"{maker.base}/y-tuong/{idea_of(maker)}/phuong-an"
    answer = maker.browser.send(at, 422, **{**PLAN, "von_co": "", "ho_tro": ""}, viec="nop")
    assert 'href="#von_co"' in answer.text


def test_before_the_commune_took_it_in_there_is_no_plan(maker: Shop) -> None:
    at = f"{maker.base}/y-tuong/{idea_of(maker, IdeaState.SUBMITTED)}/phuong-an"
    assert "Xã nhận ý tưởng rồi mới viết phương án." in maker.browser.open(at).words
    maker.browser.send(at, 409, **PLAN)


def test_words_of_the_office_stand_over_a_returned_plan(maker: Shop) -> None:
    number = idea_of(maker)
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number), PlanState.RETURNED)
    at = f"{maker.base}/y-tuong/{number}"
    assert "Mời ghi rõ tiến độ." in maker.browser.open(at).words
    assert "Mời ghi rõ tiến độ." in maker.browser.open(f"{at}/phuong-an").words


def test_an_idea_becomes_a_new_product_by_its_name(maker: Shop) -> None:
    number = idea_of(maker)
    at = f"{maker.base}/y-tuong/{number}"
    assert "Mời chọn một sản phẩm." in maker.browser.send(f"{at}/san-pham", 422).text
    maker.browser.send(f"{at}/san-pham", san_pham="*")
    [idea] = ideas()
    page = maker.browser.open(at)
    assert "Ý tưởng này đã thành sản phẩm Mứt vỏ bưởi." in page.words
    maker.browser.send(f"{at}/san-pham", san_pham="*")
    assert ideas()[0].product_id == idea.product_id
    [link] = [link for link in page.links() if link.endswith("/buoc-1")]
    assert "Mứt vỏ bưởi" in maker.browser.open(link).soup.text
    [way] = [link for link in page.links() if "/ho-so-ocop/" in link]
    assert maker.browser.open(way).heading


def test_an_idea_becomes_a_product_that_is_there(maker: Shop, rival: Shop) -> None:
    number = idea_of(maker)
    at = f"{maker.base}/y-tuong/{number}"
    with unit_of_work() as session:
        own = a_product(session, "Mứt bưởi", producer=session.get_one(Producer, maker.producer.id)).slug
        other = a_product(session, "Mứt gừng", producer=session.get_one(Producer, rival.producer.id)).slug
    assert "Mứt bưởi" in maker.browser.open(at).texts("#san_pham option")
    maker.browser.send(f"{at}/san-pham", 404, san_pham=other)
    maker.browser.send(f"{at}/san-pham", san_pham=own)
    assert ideas()[0].product_id is not None


def test_a_step_is_finished_and_a_late_one_shows(maker: Shop) -> None:
    number = idea_of(maker)
    with unit_of_work() as session:
        idea = session.get_one(ProductIdea, number)
        officer = an_officer_of(session, session.get_one(Producer, idea.producer_id))
        late = StepFacts(words="Xin giấy an toàn thực phẩm", due_on=date(2026, 11, 20), criterion=None)
        soon = StepFacts(words="In nhãn mới", due_on=date(2026, 11, 21))
        steps = [step.id for step in add_steps(session, officer, idea, [late, soon], clock.now())]
    at = f"{maker.base}/y-tuong/{number}"
    page = maker.browser.open(at)
    assert "Quá hạn từ 20/11/2026" in page.words
    assert "Hạn 21/11/2026" in page.words
    assert "Lộ trình xong 0 trên 2 , quá hạn 1" in page.words.replace("2, ", "2 , ")
    maker.staff_browser.send(f"{at}/lo-trinh/{steps[0]}/xong")
    db.session.rollback()
    assert db.session.get_one(RoadmapStep, steps[0]).done_on == date(2026, 11, 21)
    assert "Xong ngày 21/11/2026" in maker.browser.open(at).words
    other = idea_of(maker, name="Trà vỏ bưởi")
    maker.browser.send(f"{maker.base}/y-tuong/{other}/lo-trinh/{steps[1]}/xong", 404)


def test_a_rival_finds_none(maker: Shop, rival: Shop) -> None:
    number = idea_of(maker)
    with unit_of_work() as session:
        a_plan(session, session.get_one(ProductIdea, number), PlanState.SUBMITTED)
    for base in (maker.base, rival.base):
        at = f"{base}/y-tuong/{number}"
        for path in ("", "/sua", "/phieu", "/phuong-an", "/phuong-an/in"):
            rival.browser.open(f"{at}{path}", 404)
        rival.browser.send(f"{at}/sua", 404, **SLIP)
        rival.browser.send(f"{at}/phuong-an", 404, **PLAN)
        rival.browser.send(f"{at}/san-pham", 404, san_pham="*")
        for path in ("rut", "phuong-an/lay-lai", "lo-trinh/1/xong"):
            rival.browser.send(f"{at}/{path}", 404)
    rival.browser.open(f"{maker.base}/y-tuong", 404)
    rival.browser.send(f"{maker.base}/y-tuong/moi", 404, **SLIP)
    assert [idea.state for idea in ideas()] == [IdeaState.ACCEPTED]
