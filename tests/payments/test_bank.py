"""Bank transfers: counted once, led to the order they name, and nothing lost of what fits none."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, OrderGroup, PaymentMethod, PhoneAllowance
from marketplace.ordering.order_number import draw_number, write_number
from marketplace.payments.bank import Line, find_numbers, take_transfer
from marketplace.payments.errors import MoneyDiffers, NothingToPay
from marketplace.payments.models import (
    BankTransfer,
    Payment,
    PaymentSplit,
    Refund,
    RefundReason,
    TransferState,
)
from marketplace.payments.pay_on_delivery import pay_on_delivery
from tests.accounts.conftest import Race, race
from tests.factories.ordering import a_commune, ordered, stocked

__all__ = ["race"]


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    """An order of 180.000 ₫ and 90.000 ₫ of goods from two sellers, and 32.000 ₫ for sending each."""
    with unit_of_work() as session:
        commune = a_commune(session)
        cam = stocked(session, "Cam Khe Mây", price=90_000, weight_g=400)
        tea = stocked(session, "Chè Kỳ Sơn", price=90_000, weight_g=400)
    return ordered({cam.id: 2, tea.id: 1}, commune, method=PaymentMethod.VIETQR)


def take(message: str, amount: int, reference: str = "FT1") -> BankTransfer:
    with unit_of_work() as session:
        return take_transfer(session, Line(reference, amount, message, clock.now()), clock.now())


def cancel(*order_ids: int) -> None:
    for order_id in order_ids:
        with unit_of_work() as session:
            cancel_order(session, order_id, CancelReason.DECLINED, clock.now())


def paid() -> list[tuple[int, int]]:
    """What came in for each order and what of it goes back."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(sa.func.sum(PaymentSplit.captured), sa.func.sum(PaymentSplit.refunded))
        .group_by(PaymentSplit.order_id)
        .order_by(PaymentSplit.order_id)
    )
    return [(int(captured), int(refunded)) for captured, refunded in rows]


def refunds() -> Sequence[Any]:
    return db.session.execute(sa.select(Refund.reason, Refund.amount).order_by(Refund.id)).all()


def told(news: str) -> int:
    return sum(job.payload.get("news") == news for job in db.session.scalars(sa.select(Job)))


def test_a_transfer_that_names_its_order_pays_it(group: OrderGroup) -> None:
    transfer = take(f"MBVCB.123.{group.number}.CT tu 0011 toi 0022", group.total)
    assert (transfer.state, transfer.group_id) == (TransferState.MATCHED, group.id)
    assert paid() == [(212_000, 0), (122_000, 0)]
    assert told("order_paid") == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PhoneAllowance)) == 0


def test_the_same_transfer_counts_once(group: OrderGroup) -> None:
    first = take(group.number, group.total)
    assert take(group.number, group.total).id == first.id
    assert paid() == [(212_000, 0), (122_000, 0)]
    with pytest.raises(MoneyDiffers):
        take(group.number, group.total + 1)


def test_two_processes_that_hear_of_it_count_it_once(group: OrderGroup, race: Race) -> None:
    line = Line("FT1", group.total, group.number, clock.now())

    def hear(session: Session) -> None:
        take_transfer(session, line, clock.now())

    assert race(hear, hear) == ["done", "done"]
    assert paid() == [(212_000, 0), (122_000, 0)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BankTransfer)) == 1


def test_what_names_no_order_waits_for_people(group: OrderGroup) -> None:
    wrong = group.number[:-1] + ("0" if group.number[-1] != "0" else "1")
    for place, message in enumerate(("", "tra tien cam", draw_number(), wrong)):
        assert take(message, 50_000, f"FT{place}").state is TransferState.UNMATCHED
    assert paid() == []


def test_a_message_that_names_two_orders_waits_for_people(group: OrderGroup) -> None:
    with unit_of_work() as session:
        commune = a_commune(session, "Phúc Trạch", "Hà Tĩnh")
        other = stocked(session, "Bưởi")
    second = ordered({other.id: 1}, commune, method=PaymentMethod.VIETQR)
    transfer = take(f"{group.number} {second.number}", group.total)
    assert (transfer.state, transfer.group_id) == (TransferState.UNMATCHED, None)


def test_an_order_that_waits_for_a_card_takes_no_transfer(app: Flask) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
        cam = stocked(session)
    drafted = ordered({cam.id: 1}, commune, method=PaymentMethod.CARD)
    assert take(drafted.number, drafted.total).state is TransferState.UNMATCHED


def test_too_little_is_divided_and_the_rest_still_owed(group: OrderGroup) -> None:
    take(group.number, 100_000)
    assert sum(captured for captured, _ in paid()) == 100_000
    assert told("order_paid") == 0
    take(group.number, group.total - 100_000, "FT2")
    assert paid() == [(212_000, 0), (122_000, 0)]
    assert told("order_paid") == 1


def test_too_much_waits_for_people(group: OrderGroup) -> None:
    take(group.number, group.total + 5_000)
    take(group.number, group.total, "FT2")
    assert paid() == [(212_000 + 5_000 + group.total, 0), (122_000, 0)]
    assert refunds() == []


def test_money_for_a_canceled_order_is_promised_back(group: OrderGroup) -> None:
    cancel(*(order.id for order in group.orders))
    assert take(group.number, group.total).state is TransferState.MATCHED
    assert refunds() == [(RefundReason.CANCELED, group.total)]
    take(group.number, 10_000, "FT2")
    assert refunds() == [(RefundReason.CANCELED, group.total), (RefundReason.CANCELED, 10_000)]
    assert told("refund_due") == 2


def test_the_part_of_a_canceled_parcel_is_promised_back_and_no_more(group: OrderGroup) -> None:
    cancel(group.orders[1].id)
    take(group.number, group.total + 1_000)
    assert refunds() == [(RefundReason.CANCELED, 122_000)]
    assert paid() == [(212_000 + 122_000 + 1_000, 122_000)]
    take(group.number, 2_000, "FT2")
    assert len(refunds()) == 1


def test_who_pays_at_the_door_after_all_owes_it_there(group: OrderGroup) -> None:
    for _ in range(2):
        with unit_of_work() as session:
            pay_on_delivery(session, group.id)
    db.session.rollback()
    assert db.session.get_one(OrderGroup, group.id).payment_method is PaymentMethod.CASH_ON_DELIVERY
    assert take(group.number, group.total).state is TransferState.MATCHED


def test_who_paid_something_does_not_change_to_cash(group: OrderGroup) -> None:
    take(group.number, 1_000)
    with pytest.raises(NothingToPay), unit_of_work() as session:
        pay_on_delivery(session, group.id)


def test_what_is_canceled_is_not_paid_at_the_door(group: OrderGroup) -> None:
    cancel(*(order.id for order in group.orders))
    with pytest.raises(NothingToPay), unit_of_work() as session:
        pay_on_delivery(session, group.id)


def test_long_messages_are_cut_and_still_understood(group: OrderGroup) -> None:
    transfer = take("x" * 400 + group.number, group.total)
    assert (len(transfer.message), transfer.state) == (300, TransferState.MATCHED)


def test_a_payment_is_named_as_the_bank_names_it(group: OrderGroup) -> None:
    take(group.number, group.total, "FT26325/1")
    assert db.session.scalars(sa.select(Payment.reference)).all() == ["FT26325/1"]


mangled = st.sampled_from(["{}", "CT DEN:{}", "ocop{}mua cam", "{} GD 6325 21/11", "MBVCB.1.{}.CT tu 9"])


@given(st.integers(0, 2**32), mangled, st.booleans(), st.booleans(), st.sampled_from(["", " ", "-", " - "]))
def test_numbers_are_found_however_they_are_mangled(
    seed: int, frame: str, lower: bool, misread: bool, between: str
) -> None:
    number = draw_number()
    typed = write_number(number).replace("-", between)
    if misread:
        typed = typed.replace("0", "O").replace("1", "I" if seed % 2 else "l")
    message = frame.format(typed)
    assert number in find_numbers(message.lower() if lower else message)


@given(st.text(max_size=300))
def test_any_message_can_be_read(message: str) -> None:
    assert all(len(number) == 14 for number in find_numbers(message))
