"""Giving goods back from the page of an order: the form, its limits, photographs, and changing one's mind."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.ordering import returns
from marketplace.ordering.after_sale_models import Return, ReturnReason, ReturnState
from marketplace.ordering.models import OrderGroup, OrderLine
from marketplace.ordering.secret import order_secret
from marketplace.payments import settlement
from marketplace.places.models import AdminUnit
from marketplace.traceability.recalls.models import RecallScope
from tests.conftest import NOON
from tests.factories.after_sale import delivered_orders, step
from tests.factories.media import photo
from tests.factories.ordering import a_commune, ordered, seller_of, stocked
from tests.factories.recalls import recalled
from tests.pages import visit
from tests.storefront.pages import OWN_PAGE, Page, get

MOST_STATEMENTS = 10
FRESH_FRUIT, HONEY = 1, 4


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def honey(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Mật ong", on_hand=10, price=90_000, set_number=HONEY)


@pytest.fixture
def path(honey: Variant, commune: AdminUnit) -> str:
    """The page of a delivered order of three jars."""
    return page_of(delivered_orders({honey.id: 3}, commune)[0].group_id)


def page_of(group_id: int) -> str:
    """The path of an order's page."""
    db.session.rollback()
    number = db.session.scalars(sa.select(OrderGroup.number).where(OrderGroup.id == group_id)).one()
    return f"/don-hang/{number}/{order_secret(number)}"


def send(client: FlaskClient, path: str, *files: bytes, position: int = 1, **changes: Any) -> Page:
    """Fill the form in and send it, with files."""
    action = f"{path}/tra-hang/{position}"
    form = get(client, action).form(action)
    uploads = [(io.BytesIO(content), f"anh{place}.jpg") for place, content in enumerate(files)]
    told = {"ly_do": "damaged", "loi": "Nắp hộp bị vỡ.", **changes}
    return Page(client.post(action, data={**form, **told, "anh": uploads}, headers=OWN_PAGE))


def asked() -> list[Return]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Return).order_by(Return.id)))


def test_goods_are_given_back_with_a_photograph(client: FlaskClient, path: str) -> None:
    page = visit(client, f"{path}/tra-hang/1", statements=MOST_STATEMENTS)
    visit(client, f"/en{path}/tra-hang/1", statements=MOST_STATEMENTS)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "trả được tối đa 3" in page.words
    answer = send(client, path, photo(), photo(colour=(9, 9, 9)))
    assert (answer.status, answer.response.location) == (303, path)
    [one] = asked()
    assert (one.state, one.reason, one.words) == (
        ReturnState.REQUESTED, ReturnReason.DAMAGED, "Nắp hộp bị vỡ.",
    )  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 2
    page = visit(client, path, statements=MOST_STATEMENTS)
    assert "Trả hàng: 3 × Mật ong" in page.words
    assert "Chờ người bán trả lời" in page.words
    assert f"{path}/tra-hang/1" not in page.links()


def test_a_form_sent_twice_asks_once(client: FlaskClient, path: str) -> None:
    action = f"{path}/tra-hang/1"
    form = {**get(client, action).form(action), "ly_do": "damaged", "loi": "Nắp hộp bị vỡ."}
    assert send(client, path).status == 303
    again = client.post(action, data=form, headers=OWN_PAGE)
    assert again.status_code in {303, 422}
    assert len(asked()) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ly_do": ""}, "ly_do"),
        ({"ly_do": "whim"}, "ly_do"),
        ({"loi": " … "}, "loi"),
        ({"loi": "x" * 1001}, "loi"),
        ({"units": "0"}, "sl"),
        ({"units": "4"}, "sl"),
        ({"units": "-1"}, "sl"),
        ({"units": "một"}, "sl"),
    ],
)
def test_what_is_typed_wrong_is_told_twice_and_kept(
    client: FlaskClient, path: str, changes: dict[str, str], field: str
) -> None:
    action = f"{path}/tra-hang/1"
    line = next(name for name in get(client, action).form(action) if name.startswith("sl-"))
    sent: dict[str, Any] = dict(changes)
    if "units" in sent:
        sent[line] = sent.pop("units")
    page = send(client, path, **sent)
    assert page.status == 422
    assert page.title.startswith("Lỗi: ")
    [link] = page.soup.select(".errs a")
    assert str(link["href"])[1:] == (line if field == "sl" else field)
    assert page.soup.find(id=str(link["href"])[1:])
    assert page.words.count(link.get_text()) == 2
    assert (sent.get("loi") or "Nắp hộp bị vỡ.").strip() in page.soup.select("#loi")[0].get_text()
    assert asked() == []


def test_too_many_and_unsound_photographs_are_refused(client: FlaskClient, path: str) -> None:
    assert "tối đa 5 ảnh" in send(client, path, *[photo()] * 6).words
    page = send(client, path, b"GIF89a")
    assert page.status == 422
    assert page.soup.find("a", href="#anh")
    assert asked() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 0


def test_fresh_goods_go_back_for_a_fault_alone(client: FlaskClient, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        fruit = stocked(session, "Cam", on_hand=5, set_number=FRESH_FRUIT)
    path = page_of(delivered_orders({fruit.id: 2}, commune)[0].group_id)
    page = send(client, path, ly_do="changed_mind")
    assert page.status == 422
    assert page.soup.find("a", href="#ly_do")
    with clock.stopped(NOON + timedelta(hours=25)):
        assert "không còn món nào trả lại được" in get(client, f"{path}/tra-hang/1").words
    assert send(client, path).status == 303


def test_the_order_page_says_until_when_fresh_goods_can_be_complained_of(
    client: FlaskClient, commune: AdminUnit
) -> None:
    with unit_of_work() as session:
        fruit = stocked(session, "Cam", on_hand=5, set_number=FRESH_FRUIT)
    path = page_of(delivered_orders({fruit.id: 2}, commune)[0].group_id)
    words = get(client, path).words
    assert "Bạn đã nhận hàng. Hàng tươi: chỉ báo lỗi được đến 12:00 22/11/2026." in words
    assert "Đổi trả được" not in words
    with clock.stopped(NOON + timedelta(hours=25)):
        page = get(client, path)
    assert "Bạn đã nhận hàng. Đã hết hạn đổi trả." in page.words
    assert not page.soup.find("a", href=f"{path}/tra-hang/1")


def test_a_parcel_of_fresh_and_other_goods_has_two_ends(client: FlaskClient, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        jar = stocked(session, "Mật ong", on_hand=5, set_number=HONEY)
        seller = seller_of(session, jar)
        fruit = stocked(session, "Cam", on_hand=5, set_number=FRESH_FRUIT, producer=seller)
    path = page_of(delivered_orders({jar.id: 1, fruit.id: 2}, commune)[0].group_id)
    told = "Đổi trả được đến hết ngày 28/11/2026. Hàng tươi: chỉ báo lỗi được đến 12:00 22/11/2026."
    assert told in get(client, path).words
    with clock.stopped(NOON + timedelta(days=2)):
        assert told in get(client, path).words


def test_what_cannot_be_given_back_has_no_form(
    client: FlaskClient, honey: Variant, commune: AdminUnit, path: str
) -> None:
    on_its_way = page_of(ordered({honey.id: 1}, commune).id)
    with clock.stopped(NOON + timedelta(days=8)):
        late = visit(client, f"{path}/tra-hang/1", statements=MOST_STATEMENTS)
    for page in (late, visit(client, f"{on_its_way}/tra-hang/1", statements=MOST_STATEMENTS)):
        assert "không còn món nào trả lại được" in page.words
        assert not page.soup.select("form[enctype]")
    for position in (0, 2, 100):
        assert get(client, f"{path}/tra-hang/{position}").status == 404
    assert get(client, f"{path[:-1]}x/tra-hang/1").status == 404


def test_a_form_for_goods_that_were_asked_for_meanwhile_is_shown_again(
    client: FlaskClient, path: str
) -> None:
    action = f"{path}/tra-hang/1"
    form = {**get(client, action).form(action), "ly_do": "damaged", "loi": "Nắp hộp bị vỡ."}
    order_id = delivered_id()
    line = int(next(name for name in form if name.startswith("sl-")).removeprefix("sl-"))

    def meanwhile(*_: Any) -> None:
        step(returns.ask_return, order_id, {line: 2}, ReturnReason.DAMAGED, "Hai hộp vỡ.", [])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("marketplace.storefront.views.returns.claim", meanwhile)
        page = Page(client.post(action, data=form, headers=OWN_PAGE))
    assert page.status == 409
    assert "trả được tối đa 1" in page.words
    assert len(asked()) == 1


def delivered_id() -> int:
    db.session.rollback()
    return db.session.scalars(sa.text('SELECT id FROM "order"')).first() or 0


def test_a_return_is_taken_back_until_it_arrived(client: FlaskClient, path: str) -> None:
    send(client, path)
    [one] = asked()
    form = get(client, path).form(f"{path}/bo-tra-hang/{one.id}")
    back = f"{path}/bo-tra-hang/{one.id}"
    assert client.post(back, data={}, headers=OWN_PAGE).status_code == 403
    assert client.post(f"{path}/bo-tra-hang/{one.id + 1}", data=form, headers=OWN_PAGE).status_code == 404
    assert client.post(f"{path[:-1]}x/bo-tra-hang/{one.id}", data=form, headers=OWN_PAGE).status_code == 404
    assert client.post(back, data=form, headers=OWN_PAGE).status_code == 303
    assert asked()[0].state is ReturnState.CANCELED
    assert "Bạn đã thôi trả hàng" in get(client, path).words
    assert send(client, path, loi="Vỡ thật.").status == 303
    second = asked()[1].id
    step(returns.approve_return, second)
    step(returns.receive_return, second, False)
    assert client.post(f"{path}/bo-tra-hang/{second}", data=form, headers=OWN_PAGE).status_code == 409


def test_a_return_of_somebody_else_is_not_there(
    client: FlaskClient, path: str, honey: Variant, commune: AdminUnit
) -> None:
    other = page_of(delivered_orders({honey.id: 1}, commune, phone="0987654321")[0].group_id)
    send(client, other)
    form = get(client, other).form(f"{other}/bo-tra-hang/{asked()[0].id}")
    answer = client.post(f"{path}/bo-tra-hang/{asked()[0].id}", data=form, headers=OWN_PAGE)
    assert answer.status_code == 404
    assert asked()[0].state is ReturnState.REQUESTED


def test_the_buyer_reads_how_a_return_stands(client: FlaskClient, path: str) -> None:
    send(client, path)
    one = asked()[0].id
    step(lambda session, at: returns.approve_return(session, one, at, "Mời gửi lại giúp."))
    words = get(client, path).words.replace("\u00a0", " ")
    assert "Người bán đồng ý, chờ hàng về" in words
    assert "“Mời gửi lại giúp.”" in words
    assert "Được hoàn" in words
    step(returns.receive_return, one, False)
    page = get(client, path)
    assert "Người bán đã nhận lại hàng" in page.words
    assert "Đã trả lại hàng" in [tag.get_text(strip=True) for tag in page.soup.select(".ph .tag")]
    step(settlement.refund_return, one)
    assert "Đã trả lại tiền" in get(client, path).words


def test_a_refused_return_says_why(client: FlaskClient, path: str) -> None:
    send(client, path)
    step(returns.decline_return, asked()[0].id, "Hộp đã mở.")
    words = get(client, path).words
    assert "Người bán không nhận lại" in words
    assert "“Hộp đã mở.”" in words


def test_a_parcel_can_ask_only_so_often(client: FlaskClient, path: str) -> None:
    action = f"{path}/tra-hang/1"
    form = get(client, action).form(action)
    sent = {**form, "ly_do": "damaged", "loi": "Nắp vỡ."}
    most = WINDOWS[Rule.RETURN][0].count
    for _ in range(most):
        answer = client.post(action, data={**sent, "anh": (io.BytesIO(b"x"), "a.jpg")}, headers=OWN_PAGE)
        assert answer.status_code == 422
    refused = client.post(action, data=sent, headers=OWN_PAGE)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert asked() == []
    assert client.post(action, data={**sent, "csrf_token": ""}, headers=OWN_PAGE).status_code == 403


def test_recalled_goods_go_back_long_after_delivery(client: FlaskClient, path: str) -> None:
    assert "Hàng bị thu hồi" not in get(client, f"{path}/tra-hang/1").words
    with unit_of_work() as session:
        [product_id] = session.scalars(sa.select(Variant.product_id).join(OrderLine).distinct())
    recalled(RecallScope.PRODUCT, product_id)
    with clock.stopped(NOON + timedelta(days=60)):
        page = visit(client, path, statements=MOST_STATEMENTS + 3)
        assert f"{path}/tra-hang/1" in page.links()
        form = visit(client, f"{path}/tra-hang/1", statements=MOST_STATEMENTS + 2)
        assert "đang bị thu hồi" in form.words
        assert send(client, path, ly_do="recalled").status == 303
    assert asked()[0].reason is ReturnReason.RECALLED
