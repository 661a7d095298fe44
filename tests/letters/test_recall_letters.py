"""Who is told of a recall and how: buyers by short message and e-mail, points, and the people who made it."""

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.letters.recalls import send_email, tell_buyers, tell_trade
from marketplace.letters.short_messages import MOST_LETTERS, in_one_part, plain
from marketplace.ordering.fulfillment import confirm_order, ship
from marketplace.ordering.lot_models import RecallTold
from marketplace.ordering.lots import shelve
from marketplace.ordering.models import Order, OrderGroup, OrderLine
from marketplace.ordering.order_number import write_number
from marketplace.ordering.recalled import carry_out, take_recalled_off
from marketplace.sales_points.models import SalesPoint, SalesPointProduct
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.acts import lift_recall
from marketplace.traceability.recalls.models import Recall, RecallScope
from tests.factories import accounts
from tests.factories.lots import a_lot, a_material_lot, from_lot
from tests.factories.ordering import a_commune, ordered, product_of, seller_of, stocked
from tests.factories.recalls import ADVICE, WORDS, a_recall
from tests.signin.browsing import letters

SENT, OPEN = "0911111111", "0922222222"


@pytest.fixture
def variant(app: Flask) -> Variant:
    """A pack on the shelf in one lot; its owner and a point that stocks it can be written to."""
    with unit_of_work() as session:
        variant = stocked(session, "Nước mắm Ba Làng", on_hand=0)
        lot = a_lot(session, product_of(session, variant), variant_id=variant.id, quantity=Decimal(30))
        shelve(session, lot, clock.now(), add_to_stock=True)
        owner = accounts.a_person(session, email="chu@example.vn")
        accounts.an_owner(session, seller_of(session, variant).id, owner)
        a_point(session, variant, "Điểm bán có người coi", "0933333333", keeper="coi@example.vn")
        a_point(session, variant, "Điểm bán không người coi", "0944444444")
        return variant


def a_point(
    session: sa.orm.Session, variant: Variant, name: str, phone: str, keeper: str | None = None
) -> None:
    """Write a point that stocks a product, perhaps with somebody who keeps it here."""
    key = name.casefold()
    point = SalesPoint(slug=key.replace(" ", "-"), name=name, name_key=key, phone=phone, printed_province="")
    session.add(point)
    session.flush()
    session.add(SalesPointProduct(sales_point_id=point.id, product_id=variant.product_id))
    if keeper:
        person = accounts.a_person(session, email=keeper)
        accounts.a_member(session, Scope(ScopeKind.SALES_POINT, point.id), Role.KEEPER, person)
    session.flush()


@pytest.fixture
def orders(variant: Variant) -> tuple[Order, Order]:
    """An order that was sent, its buyer with an e-mail address, and one that waits."""
    with unit_of_work() as session:
        commune = a_commune(session)
    [sent] = ordered({variant.id: 1}, commune, phone=SENT, email="mua@example.vn").orders
    [waiting] = ordered({variant.id: 1}, commune, phone=OPEN).orders
    with unit_of_work() as session:
        confirm_order(session, sent.id, clock.now())
        ship(session, sent.id, None, None, None, clock.now())
    jobs.do_all()
    return sent, waiting


def clear(app: Flask) -> None:
    """Take away what was written so far, as a gateway does."""
    folder: Path = app.extensions["settings"].outbox
    for path in folder.iterdir() if folder.exists() else ():
        path.unlink()


def recall_of(variant: Variant) -> Recall:
    """Recall the only lot of a pack; the jobs wait."""
    db.session.rollback()
    return a_recall(RecallScope.LOT, db.session.scalar(sa.select(Lot.id)) or 0)


def numbers_of(order: Order) -> str:
    """Return the number of an order as people read it."""
    number = db.session.scalar(sa.select(OrderGroup.number).where(OrderGroup.id == order.group_id))
    return write_number(number or "")


def test_everybody_concerned_is_told_once(app: Flask, variant: Variant, orders: tuple[Order, Order]) -> None:
    clear(app)
    recall = recall_of(variant)
    told = {letter.to: letter for letter in letters(app)}
    assert set(told) == {
        SENT, "mua@example.vn", OPEN, "chu@example.vn", "coi@example.vn", "0944444444",
    }  # fmt: skip
    assert "ngung dung, giu bao bi" in told[SENT].body
    assert numbers_of(orders[0]) in told[SENT].body
    assert "tam dung gui" in told[OPEN].body
    for words in (WORDS, ADVICE, f"/thu-hoi/{recall.code}", "/don-hang/"):
        assert words in told["mua@example.vn"].body
    assert "rút khỏi kệ ngay" in told["coi@example.vn"].body
    assert "Rut khoi ke ngay" in told["0944444444"].body
    assert "Cần làm ngay" in told["chu@example.vn"].body
    db.session.rollback()
    kept = db.session.get_one(Recall, recall.id, populate_existing=True)
    assert (kept.buyers_told, kept.points_told, kept.orders_frozen) == (2, 2, 1)


def test_short_messages_fit_in_one_part(app: Flask, variant: Variant, orders: tuple[Order, Order]) -> None:
    clear(app)
    recall = recall_of(variant)
    short = [letter.body.strip() for letter in letters(app) if letter.by_phone]
    assert len(short) == 3
    for words in short:
        assert len(words) <= MOST_LETTERS
        assert words.isascii()
        assert words.endswith(f"/thu-hoi/{recall.code}")


def test_jobs_done_twice_write_the_same_files(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    clear(app)
    recall = recall_of(variant)
    before = len(letters(app))
    for _ in range(2):
        tell_buyers(recall.id, [order.id for order in orders], lifted=False)
        tell_trade(recall.id, lifted=False)
    assert len(letters(app)) == before
    assert db.session.execute(sa.select(sa.func.count()).select_from(RecallTold)).scalar_one() == 2


def test_the_end_of_a_recall_is_told_to_all_who_were_told_of_it(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    recall = recall_of(variant)
    jobs.do_all()
    clear(app)
    with unit_of_work() as session:
        lift_recall(session, Actor(accounts.a_person(session).id), recall, "Mẫu kiểm lại đạt.", clock.now())
    told = {letter.to: letter for letter in letters(app)}
    assert set(told) == {
        SENT, "mua@example.vn", OPEN, "chu@example.vn", "coi@example.vn", "0944444444",
    }  # fmt: skip
    assert "het thu hoi" in told[OPEN].body
    assert "Mẫu kiểm lại đạt." in told["mua@example.vn"].body


def test_nothing_personal_waits_in_the_queue(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    recall_of(variant)
    while jobs.do_next():
        payloads = str(db.session.execute(sa.select(Job.payload)).scalars().all())
        for personal in (SENT, OPEN, "mua@", "coi@", "don-hang"):
            assert personal not in payloads


def test_who_is_erased_is_not_written_to(app: Flask, variant: Variant, orders: tuple[Order, Order]) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(OrderGroup).values(buyer_phone="", buyer_email=None))
    clear(app)
    recall_of(variant)
    assert {letter.to for letter in letters(app)} == {"chu@example.vn", "coi@example.vn", "0944444444"}


def test_long_messages_lose_their_middle_and_never_their_address() -> None:
    address = "https://cho.example/thu-hoi/TH261121-ABCD"
    words = in_one_part(f"Chợ: THU HỒI {'Nước mắm ' * 40} {address}")
    assert len(words) <= MOST_LETTERS
    assert words.endswith(f".. {address}")
    assert in_one_part(f"Đã gỡ. {address}") == f"Da go. {address}"
    assert plain("“Đường” – mật…") == '"Duong" - mat...'


def lift_now(recall: Recall) -> None:
    """Have somebody else lift a recall; the jobs wait."""
    with unit_of_work() as session:
        lifter = Actor(accounts.a_person(session).id)
        lift_recall(session, lifter, session.get_one(Recall, recall.id), "Mẫu kiểm lại đạt.", clock.now())


def test_no_end_is_told_while_another_recall_touches_the_goods(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    of_lot = recall_of(variant)
    jobs.do_all()
    wider = a_recall(RecallScope.PRODUCT, variant.product_id)
    jobs.do_all()
    clear(app)
    lift_now(of_lot)
    assert letters(app) == []
    lift_now(wider)
    assert {letter.to for letter in letters(app)} == {
        SENT, "mua@example.vn", OPEN, "chu@example.vn", "coi@example.vn", "0944444444",
    }  # fmt: skip


def test_a_recall_not_carried_out_yet_keeps_the_end_of_another_untold(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    of_lot = recall_of(variant)
    jobs.do_all()
    lift_now(of_lot)
    a_recall(RecallScope.PRODUCT, variant.product_id)
    with unit_of_work() as session:
        session.execute(sa.delete(Job).where(Job.kind == "recalls.ordered"))
    clear(app)
    jobs.do_all()
    assert not [one for one in letters(app) if "het thu hoi" in one.body or "Hết thu hồi" in one.body]


def test_the_end_is_told_by_what_became_of_the_order(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    recall = recall_of(variant)
    jobs.do_all()
    with unit_of_work() as session:
        take_recalled_off(session, orders[1].id, clock.now())
    jobs.do_all()
    clear(app)
    lift_now(recall)
    told = {letter.to: letter.body for letter in letters(app)}
    assert "da huy, khong gui nua" in told[OPEN]
    assert "khong con bi thu hoi" in told[SENT]
    assert "đã gửi cho bạn không còn bị thu hồi" in told["mua@example.vn"]
    assert not [words for words in told.values() if "tiếp như thường" in words or "tiep nhu" in words]


def test_of_a_recall_lifted_before_its_letters_went_out_nobody_hears(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    recall = recall_of(variant)
    clear(app)
    with unit_of_work() as session:
        session.execute(sa.delete(Job).where(Job.kind == "recalls.ordered"))
    carry_out(recall.id)
    lift_now(recall)
    assert letters(app) == []
    db.session.rollback()
    assert db.session.get_one(Recall, recall.id, populate_existing=True).points_told == 0


def test_an_email_that_waited_is_not_sent_once_the_recall_is_lifted(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    recall = recall_of(variant)
    jobs.do_all()
    clear(app)
    lift_now(recall)
    jobs.do_all()
    clear(app)
    send_email(recall.id, f"order:{orders[0].id}", "recall_buyer", lifted=False)
    assert letters(app) == []


def test_who_got_a_part_is_not_told_to_cancel(app: Flask, variant: Variant) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
    [order] = ordered({variant.id: 3}, commune, phone=OPEN, email="mua@example.vn").orders
    with unit_of_work() as session:
        confirm_order(session, order.id, clock.now())
        line = session.scalar(sa.select(OrderLine.id).where(OrderLine.order_id == order.id)) or 0
        ship(session, order.id, {line: 1}, None, None, clock.now())
    jobs.do_all()
    clear(app)
    recall_of(variant)
    told = {letter.to: letter.body for letter in letters(app)}
    assert "phần chưa gửi đang dừng lại" in told["mua@example.vn"]
    assert "huỷ đơn" not in told["mua@example.vn"]
    assert "ngung dung hang da gui" in told[OPEN]


def test_letters_name_the_packs_that_material_went_into(
    app: Flask, variant: Variant, orders: tuple[Order, Order]
) -> None:
    with unit_of_work() as session:
        material = a_material_lot(session, seller_of(session, variant), "Cá cơm", code="NL01")
        made = product_of(session, variant)
        a_lot(session, made, variant_id=variant.id, code="NM-07", inputs=(from_lot(material),))
    clear(app)
    a_recall(RecallScope.LOT, material.id)
    told = {letter.to: letter.body for letter in letters(app)}
    for to in ("coi@example.vn", "chu@example.vn"):
        assert "- Nước mắm Ba Làng, lô NM-07: http" in told[to]
        assert "/10/NM-07" in told[to]
