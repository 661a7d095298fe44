"""Recalls for tests."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.catalogue.models import Variant
from marketplace.database import unit_of_work
from marketplace.ordering.lot_models import OrderLineLot
from marketplace.ordering.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderGroup,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    StockItem,
)
from marketplace.places.models import AdminUnit
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.acts import RecallFacts, order_recall
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope

WORDS = "Phát hiện tạp chất trong mẫu kiểm nghiệm."
ADVICE = "Ngừng dùng ngay, giữ lại bao bì và gọi nơi bán."


def a_recall(
    scope: RecallScope, subject_id: int, *, by_office: bool = True, actor: Any = None, **changes: Any
) -> Recall:
    """Order a recall; its jobs still wait."""
    told = {"reason": RecallReason.CONTAMINATION, "words": WORDS, "advice": ADVICE, **changes}
    with unit_of_work() as session:
        facts = RecallFacts(scope=scope, id=subject_id, **told)
        return order_recall(session, actor, facts, by_office=by_office, at=clock.now())


def recalled(scope: RecallScope, subject_id: int, **changes: Any) -> Recall:
    """Order a recall and have all its jobs done."""
    recall = a_recall(scope, subject_id, **changes)
    jobs.do_all()
    return recall


def many_orders(session: Session, variant: Variant, lot: Lot, commune: AdminUnit, count: int) -> None:
    """Write many orders of one pack out of one lot, with numbers from 1 on; every other one was sent."""
    numbers, at = range(1, count + 1), clock.now()
    price = variant.price
    group = {
        "token_hash": "", "placed_at": at, "payment_method": PaymentMethod.CASH_ON_DELIVERY,
        "allowance_held": False, "buyer_name": "Trần Văn An", "ship_address": "Số 12",
        "ship_commune_id": commune.id, "ship_place": "Hà Nội", "goods_total": price, "shipping_total": 0,
        "total": price,
    }  # fmt: skip
    order = {
        "position": 1, "producer_id": lot.producer_id, "status": OrderStatus.PLACED, "placed_at": at,
        "confirmed_at": at, "packed_at": at, "seller_name": "HTX", "seller_address": "Hà Tĩnh",
        "goods_total": price, "shipping_fee": 0, "days_from": 1, "days_to": 2, "total": price,
    }  # fmt: skip
    line = {
        "variant_id": variant.id, "product_name": "Cam", "variant_name": "Túi", "sku": "S", "quantity": 1,
        "unit_price": price, "vat_percent": 8, "total": price,
    }  # fmt: skip
    tables: list[tuple[Any, list[dict[str, Any]]]] = [
        (OrderGroup, [
            {"id": n, "number": f"{n:014d}", "submit_hash": f"{n}", "buyer_phone": f"09{n:08d}", **group}
            for n in numbers
        ]),
        (Order, [{"id": n, "group_id": n, **order} for n in numbers]),
        (OrderLine, [{"id": n, "order_id": n, **line} for n in numbers]),
        (OrderLineLot, [
            {"order_line_id": n, "lot_id": lot.id, "quantity": 1, "sent": n % 2} for n in numbers
        ]),
        (Fulfillment, [{"id": n, "order_id": n, "position": 1, "shipped_at": at} for n in numbers if n % 2]),
        (FulfillmentLine, [
            {"fulfillment_id": n, "order_line_id": n, "quantity": 1} for n in numbers if n % 2
        ]),
    ]  # fmt: skip
    for model, rows in tables:
        session.execute(sa.insert(model), rows)
    session.execute(
        sa.update(StockItem)
        .where(StockItem.variant_id == variant.id)
        .values(on_hand=StockItem.on_hand + count // 2, allocated=StockItem.allocated + count // 2)
    )
