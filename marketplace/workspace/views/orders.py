"""Orders: the inbox in its parts, one order with all that is to be done, and a table of them."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.ordering.carriers import CARRIERS
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.deadlines import pay_by
from marketplace.ordering.models import Fulfillment, Order
from marketplace.ordering.order_queries import count_segments, get_order, list_orders, list_orders_between
from marketplace.ordering.order_segments import OPEN_RETURNS, Segment
from marketplace.producers.models import Producer
from marketplace.web.complaint_words import COMPLAINT_ENDS, COMPLAINT_KINDS, COMPLAINT_STATES, VOICES
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, csv_table, page
from marketplace.workspace.inbox_words import BY_SLUG, PARTS
from marketplace.workspace.order_history import list_happenings
from marketplace.workspace.order_lots import list_choices
from marketplace.workspace.order_pages import last_day_before, make_cards
from marketplace.workspace.order_table import write_orders
from marketplace.workspace.order_words import RETURNS
from marketplace.workspace.tenancy import own_producer
from marketplace.workspace.typed import Typed, read_required_day

DAYS_IN_TABLE = 31
MOST_DAYS_IN_TABLE = 366


@door.get("/<slug>/don-hang")
@requires(Role.OWNER, Role.STAFF)
def show_orders(slug: str) -> Response:
    """Show a part of the inbox, by default what waits for an answer, or what a search finds."""
    producer, session = own_producer(slug), db.session()
    part = BY_SLUG.get(request.args.get("muc", ""), PARTS[0])
    sought = request.args.get("q", "").strip()
    counts = count_segments(session, producer.id)
    shown = list_orders(session, producer.id, None if sought else part.segment, _page_number(), sought)
    return page(
        "orders",
        producer,
        segment=part,
        segments=PARTS,
        counts=counts,
        returns=counts[Segment.RETURNS],
        sought=sought,
        shown=shown,
        cards=make_cards(session, shown.orders, clock.now()),
        carrier=find_last_carrier(session, producer.id),
        carriers=CARRIERS,
        days=_days(),
    )


@door.get("/<slug>/don-hang/<int(max=2147483647):order_id>")
@requires(Role.OWNER, Role.STAFF)
def show_order(slug: str, order_id: int) -> Response:
    """Show an order: its goods, its buyer as long as needed, its money, and what can be done."""
    return order_page(own_producer(slug), order_id)


@door.get("/<slug>/don-hang/bang.csv")
@requires(Role.OWNER, Role.STAFF)
def export_orders(slug: str) -> Response:
    """Hand out the orders of some days as a table for spreadsheets, a row for each line."""
    producer, (first, last) = own_producer(slug), _days()
    session = db.session()
    orders = list_orders_between(session, producer.id, first, last)
    name = f"{producer.slug}-don-hang-{first:%Y%m%d}-{last:%Y%m%d}"
    return csv_table(name, write_orders(make_cards(session, orders, clock.now())))


def order_page(
    producer: Producer, order_id: int, faults: Faults = (), refusal: str = "", status: int = 0
) -> Response:
    """Return the page of an order as it stands now, with faults of a form or why a deed was refused."""
    session, now = db.session(), clock.now()
    whole = get_order(session, producer.id, order_id)
    complaints = list_complaints(session, [order_id])
    returning = any(one.state in OPEN_RETURNS for one in whole.returns)
    returning = returning or any(one.is_open for one in complaints)
    [card] = make_cards(session, [whole.order], now, returning=returning)
    placed = whole.order.placed_at or now
    facts: dict[str, Any] = {
        "card": card,
        "whole": whole,
        "complaints": complaints,
        "complaint_kinds": COMPLAINT_KINDS,
        "complaint_states": COMPLAINT_STATES,
        "complaint_ends": COMPLAINT_ENDS,
        "voices": VOICES,
        "happenings": list_happenings(whole.order, whole.returns),
        "return_marks": RETURNS,
        "carrier": find_last_carrier(session, producer.id) if card.left else "",
        "carriers": CARRIERS,
        "lot_choices": list_choices(session, card) if whole.order.confirmed_at else [],
        "may_give_up": card.waits_for_money and pay_by(placed) < now,
        "pay_by": last_day_before(pay_by(placed)),
        "refusal": refusal,
        "typed": request.form,
    }
    return page("order", producer, faults=faults, status=status, **facts)


def find_last_carrier(session: Session, producer_id: int) -> str:
    """Return whom a producer sent its last parcel with, nothing before the first."""
    last = (
        sa.select(Fulfillment.carrier)
        .join(Fulfillment.order)
        .where(Order.producer_id == producer_id, Fulfillment.carrier.is_not(None))
        .order_by(Fulfillment.id.desc())
    )
    return session.scalar(last.limit(1)) or ""


def _page_number() -> int:
    return max(request.args.get("trang", 1, type=int), 1)


def _days() -> tuple[date, date]:
    """Return the days of the table asked for; a month until today where none or too many are."""
    typed, today = Typed(request.args), clock.today()
    first = typed.read("tu_ngay", read_required_day, "")
    last = typed.read("den_ngay", read_required_day, "")
    if first is None or last is None or not 0 <= (last - first).days <= MOST_DAYS_IN_TABLE:
        return today - timedelta(days=DAYS_IN_TABLE), today
    return first, last
