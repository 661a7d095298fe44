"""Returns: what buyers want to give back, the answer, the goods that come, and the money that goes."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.ordering.after_sale_errors import InvalidReturn, ReturnMovedOn
from marketplace.ordering.after_sale_models import Return, ReturnState
from marketplace.ordering.errors import InvalidQuantity
from marketplace.ordering.lot_models import OrderLineLot
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.order_number import write_number
from marketplace.ordering.order_queries import WholeOrder, get_order
from marketplace.ordering.order_segments import OPEN_RETURNS
from marketplace.ordering.return_queries import list_open_returns, list_settled_returns, order_of_return
from marketplace.ordering.returnable import refund_for
from marketplace.ordering.returned_lots import list_doubtful
from marketplace.ordering.returns import MOST_WORDS, units_by_line
from marketplace.payments.refund_ends import find_cash_to_give_back, list_due_refunds, note_refund_done
from marketplace.payments.refunds import part_held_by_seller
from marketplace.payments.standings import standing_of
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.web.guards import requires
from marketplace.web.order_words import REFUND_REASONS, RETURN_REASONS
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.order_pages import OrderCard
from marketplace.workspace.order_words import REFUSALS, RETURNS
from marketplace.workspace.return_deeds import RETURN_DEEDS, read_how
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

NAMES = {"dong-y": "approve", "tu-choi": "decline", "hang-ve": "receive", "hoan-tien": "refund"}
"""What deeds are called on record."""


@door.get("/<slug>/doi-tra")
@requires(Role.OWNER, Role.STAFF)
def show_returns(slug: str) -> Response:
    """List the returns that wait, the cash that is to be given back, and what is settled."""
    return _list_page(own_producer(slug))


@door.get("/<slug>/doi-tra/<int(max=2147483647):return_id>")
@requires(Role.OWNER, Role.STAFF)
def show_return(slug: str, return_id: int) -> Response:
    """Show a return: goods, photographs, words, and what is to be done."""
    return _return_page(own_producer(slug), return_id)


@door.post(f"/<slug>/doi-tra/<int(max=2147483647):return_id>/<any({', '.join(map(repr, NAMES))}):deed>")
@requires(Role.OWNER, Role.STAFF)
def act_on_return(slug: str, return_id: int, deed: str) -> Response:
    """Answer a return, note that the goods are back, or that the money was given back."""
    producer, typed = own_producer(slug), Typed(request.form)
    order_of_return(db.session(), producer.id, return_id)
    try:
        words = _do(slug, return_id, deed, typed)
    except InvalidReturn as refusal:
        field = "vi_sao" if deed == "tu-choi" else "loi"
        said = _("Mời viết vài lời cho khách, không quá %(most)s chữ.", most=refusal.parameters["most"])
        return _return_page(producer, return_id, [(field, said)])
    except InvalidQuantity as refusal:
        words = _("Nhiều nhất %(most)s, và mỗi lô không quá số đã gửi.", most=refusal.parameters["most"])
        return _return_page(producer, return_id, [(refusal.parameters["field"], words)])
    except ReturnMovedOn as refusal:
        return _refused(producer, return_id, refusal)
    if typed.faults:
        return _return_page(producer, return_id, typed.faults)
    return go(f"/gian-hang/{slug}/doi-tra/{return_id}", words)


@door.post("/<slug>/doi-tra/hoan/<int(max=2147483647):refund_id>")
@requires(Role.OWNER, Role.STAFF)
def note_given_back(slug: str, refund_id: int) -> Response:
    """Note that cash the seller held was given back, and how."""
    producer, typed = own_producer(slug), Typed(request.form)
    how = read_how(typed)
    if typed.faults:
        return _list_page(producer, [(f"cach-{refund_id}", words) for _field, words in typed.faults])
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        if find_cash_to_give_back(session, own.id, refund_id) is None:
            raise NotFound(refund=refund_id)
        note_refund_done(session, actor, refund_id, how, clock.now())
    return go(f"/gian-hang/{slug}/doi-tra", _("Đã ghi là trả lại tiền. Khách được báo."))


def _do(slug: str, return_id: int, deed: str, typed: Typed) -> str:
    at = clock.now()
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        order = lock_order(session, order_of_return(session, own.id, return_id))
        asked = _find(get_order(session, own.id, order.id), return_id)
        before = asked.state
        words = RETURN_DEEDS[deed](session, actor, order, asked, typed, at)
        if asked.state is not before:
            scope = scope_of(own)
            journal.record(session, actor, f"return:{NAMES[deed]}", "return", return_id, scope, at=at)
    return words


def _doubtful(whole: WholeOrder, asked: Return) -> dict[int, list[OrderLineLot]]:
    """Return which lots the goods may be of, while they are on their way back, where that has to be said."""
    if asked.state is not ReturnState.APPROVED:
        return {}
    return list_doubtful(db.session(), whole.order, units_by_line(asked))


def _find(whole: WholeOrder, return_id: int) -> Any:
    return next(one for one in whole.returns if one.id == return_id)


def _refused(producer: Producer, return_id: int, refusal: MarketplaceError) -> Response:
    db.session.rollback()
    return _return_page(producer, return_id, refusal=str(REFUSALS[refusal.code]), status=refusal.status)


def _list_page(producer: Producer, faults: Faults = ()) -> Response:
    session = db.session()
    return page(
        "returns",
        producer,
        faults=faults,
        waiting=list_open_returns(session, producer.id),
        settled=list_settled_returns(session, producer.id),
        refunds=list_due_refunds(session, held_by_seller=True, producer_id=producer.id),
        marks=RETURNS,
        reasons=RETURN_REASONS,
        refund_reasons=REFUND_REASONS,
        code=write_number,
        typed=request.form,
    )


def _return_page(
    producer: Producer, return_id: int, faults: Faults = (), refusal: str = "", status: int = 0
) -> Response:
    session = db.session()
    whole = get_order(session, producer.id, order_of_return(session, producer.id, return_id))
    asked = _find(whole, return_id)
    returning = asked.state in OPEN_RETURNS
    card = OrderCard(whole.order, standing_of(session, whole.order), {}, clock.now(), returning)
    amount = asked.refund_amount
    if amount is None:
        amount = refund_for(whole.order, whole.returns, asked)
    return page(
        "return",
        producer,
        faults=faults,
        status=status,
        asked=asked,
        card=card,
        mark=RETURNS[asked.state],
        reason=RETURN_REASONS[asked.reason],
        amount=amount,
        doubtful=_doubtful(whole, asked),
        by_seller=part_held_by_seller(session, whole.order.id, card.standing, amount),
        most_words=MOST_WORDS,
        refusal=refusal,
        typed=request.form,
    )
