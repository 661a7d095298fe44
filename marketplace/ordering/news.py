"""News of an order: left behind in the transaction of what happened, told by letters to whom it concerns."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from marketplace import jobs

JOB = "orders.news"


class OrderNews(StrEnum):
    """What can happen to an order or to money for it; each is a letter of its name."""

    ORDER_PLACED = "order_placed"
    ORDER_ARRIVED = "order_arrived"
    ORDER_PAID = "order_paid"
    ORDER_MONEY_IN = "order_money_in"
    ORDER_SHORT = "order_short"
    ORDER_EXPIRED = "order_expired"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_DECLINED = "order_declined"
    ORDER_TAKEN_BACK = "order_taken_back"
    ORDER_OVERDUE = "order_overdue"
    ORDER_READY = "order_ready"
    ORDER_SHIPPED = "order_shipped"
    ORDER_SHORTENED = "order_shortened"
    ORDER_DELIVERED = "order_delivered"
    DELIVERY_FAILED = "delivery_failed"
    RETURN_ASKED = "return_asked"
    RETURN_APPROVED = "return_approved"
    RETURN_DECLINED = "return_declined"
    RETURN_RECEIVED = "return_received"
    COMPLAINT_TOLD = "complaint_told"
    COMPLAINT_ANSWERED = "complaint_answered"
    COMPLAINT_CLOSED = "complaint_closed"
    REFUND_DUE = "refund_due"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    OFFICE_GAVE_BACK = "office_gave_back"
    BACK_IN_STOCK = "back_in_stock"


FOR_SELLER = frozenset(
    {
        OrderNews.ORDER_ARRIVED,
        OrderNews.ORDER_MONEY_IN,
        OrderNews.ORDER_TAKEN_BACK,
        OrderNews.ORDER_OVERDUE,
        OrderNews.RETURN_ASKED,
        OrderNews.COMPLAINT_TOLD,
        OrderNews.OFFICE_GAVE_BACK,
    }
)
"""News that the producer's people are told; all others go to the buyer."""


def tell(session: Session, news: OrderNews, about: int, at: datetime) -> None:
    """Leave news behind, to be told once the transaction is committed.

    `about` is the id of an order; of the order group for ORDER_PLACED, ORDER_PAID,
    ORDER_SHORT and ORDER_EXPIRED, of a refund for REFUND_DUE, REFUND_DONE and REFUND_FAILED, of a word of a
    complaint for COMPLAINT_ANSWERED and COMPLAINT_CLOSED, of a wish for BACK_IN_STOCK.
    """
    jobs.put(session, JOB, news=news, about=about, at=at.isoformat())


def tell_of_placing(session: Session, group_id: int, order_ids: Iterable[int], at: datetime) -> None:
    """Tell the buyer of a group, and the seller of each of its orders, that they are placed."""
    tell(session, OrderNews.ORDER_PLACED, group_id, at)
    for order_id in order_ids:
        tell(session, OrderNews.ORDER_ARRIVED, order_id, at)
