"""What a producer does with a return, by the end of the address, each in one transaction.

A deed returns the words that say it is done; with a field that is wrong it notes that and does nothing.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.models import Order
from marketplace.ordering.returns import approve_return, decline_return, receive_return
from marketplace.payments import settlement
from marketplace.payments.refund_ends import LONGEST_REFERENCE, list_cash_to_give_back, note_refund_done
from marketplace.payments.refunds import part_held_by_seller
from marketplace.payments.standings import standing_of
from marketplace.web.words import gettext as _
from marketplace.workspace.order_lots import read_lots
from marketplace.workspace.typed import Typed

ReturnDeed = Callable[[Session, Actor, Order, Return, Typed, datetime], str]


def approve(session: Session, actor: Actor, order: Order, asked: Return, typed: Typed, at: datetime) -> str:
    """Agree to a return."""
    approve_return(session, asked.id, at, typed.text("loi").strip() or None)
    return _("Đã đồng ý. Khách được báo và gửi hàng về.")


def decline(session: Session, actor: Actor, order: Order, asked: Return, typed: Typed, at: datetime) -> str:
    """Refuse a return, and say why."""
    decline_return(session, asked.id, typed.text("vi_sao"), at)
    return _("Đã trả lời không đồng ý. Khách được báo lý do.")


def receive(session: Session, actor: Actor, order: Order, asked: Return, typed: Typed, at: datetime) -> str:
    """Note that the goods are back; unless it holds cash to give back, the money is promised at once."""
    told = read_lots(typed, _("Mời gõ số, hoặc bỏ trống."), skip_empty=True)
    if typed.faults:
        return ""
    receive_return(session, asked.id, "kho" in typed.fields, at, told=told)
    standing = standing_of(session, order)
    if part_held_by_seller(session, order.id, standing, asked.refund_amount or 0):
        return _("Đã ghi là hàng về. Trả lại tiền cho khách rồi ghi ở đây.")
    settlement.refund_return(session, asked.id, at)
    if not standing.kept:
        return _("Đã ghi là hàng về. Khách chưa trả tiền nên không phải hoàn.")
    return _("Đã ghi là hàng về. Chợ hoàn tiền cho khách.")


def refund(session: Session, actor: Actor, order: Order, asked: Return, typed: Typed, at: datetime) -> str:
    """Note that the seller gave back cash that it had taken, and how."""
    how = read_how(typed)
    if typed.faults:
        return ""
    settlement.refund_return(session, asked.id, at)
    for one in list_cash_to_give_back(session, order.id, f"return:{asked.id}"):
        note_refund_done(session, actor, one.id, how, at)
    return _("Đã ghi là trả lại tiền. Khách được báo.")


def read_how(typed: Typed) -> str:
    """Return how money was given back, in words; note when they are missing or too long."""
    how = " ".join(typed.text("cach").split())
    if not 0 < len(how) <= LONGEST_REFERENCE:
        longest = LONGEST_REFERENCE
        typed.fault("cach", _("Mời ghi trả bằng cách nào, không quá %(longest)s chữ.", longest=longest))
    return how


RETURN_DEEDS: dict[str, ReturnDeed] = {
    "dong-y": approve,
    "tu-choi": decline,
    "hang-ve": receive,
    "hoan-tien": refund,
}
