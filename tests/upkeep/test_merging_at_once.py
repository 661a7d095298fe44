"""Mergers that meet something else at the same moment: nothing is left behind at a producer that went."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.identity import read_identity
from marketplace.accounts.invitations import accept_invitation, invite
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.ordering.checkout import place_order
from marketplace.ordering.models import Order
from marketplace.producers.models import FormerProducer, Producer
from marketplace.traceability.recalls.acts import RecallFacts, order_recall
from marketplace.traceability.recalls.models import RecallReason, RecallScope
from marketplace.traceability.recalls.new_lots import is_new_lot_recalled
from marketplace.upkeep.merging.acts import merge_producers
from marketplace.upkeep.merging.weighing import weigh
from tests.accounts.conftest import race as race  # noqa: PLC0414 - pytest finds it by this name
from tests.factories.accounts import a_person, an_actor, an_owner
from tests.factories.lots import a_lot
from tests.factories.ordering import a_checkout, a_commune, fill_cart, stocked, terms
from tests.factories.producers import a_producer
from tests.factories.recalls import ADVICE, WORDS

Race = Any


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """Two producers that are one, each with something on the shelf."""
    with unit_of_work() as session:
        made = [a_producer(session, name, phone=None) for name in ("HTX Một", "HTX Hai")]
        for producer in made:
            variant = stocked(session, f"Cam của {producer.name}", producer=producer)
            a_lot(session, session.get_one(Product, variant.product_id))
        return made[0].id, made[1].id


def merging(stays: int, goes: int) -> Any:
    """Return the deed of merging what an officer has just looked at."""
    work = db.session()
    stamp = weigh(work, work.get_one(Producer, stays), work.get_one(Producer, goes)).stamp
    work.rollback()
    return lambda session: merge_producers(session, None, stays, goes, stamp, clock.now())


def buying(two: tuple[int, int], number: int) -> Any:
    """Return the deed of ordering from the second producer, the checkout page open."""
    variant = db.session.scalar(
        sa.text(
            "SELECT v.id FROM variant v JOIN product p ON p.id = v.product_id WHERE p.producer_id = :one"
        ),
        {"one": two[1]},
    )
    token = fill_cart({variant: 1})
    with unit_of_work() as session:
        commune = a_commune(session, f"Cầu Giấy {number}", f"Hà Nội {number}")
        page = a_checkout(session, token, commune, phone=f"09{number:08d}")
    return lambda session: place_order(session, token, page, terms(), clock.now())


def test_two_that_merge_into_one_another_leave_one(race: Race, two: tuple[int, int]) -> None:
    stays, goes = two
    results = race(merging(stays, goes), merging(goes, stays), merging(stays, goes))
    assert results == ["NotFound", "NotFound", "done"]
    db.session.rollback()
    [left] = db.session.scalars(sa.select(Producer.id))
    assert set(db.session.scalars(sa.select(Product.producer_id))) == {left}
    [former] = db.session.scalars(sa.select(FormerProducer))
    assert {former.number, former.producer_id} == set(two)


@pytest.mark.parametrize("turn", range(3))
def test_a_checkout_under_way_is_counted_or_asked_again(race: Race, two: tuple[int, int], turn: int) -> None:
    buyers = [buying(two, 10 * turn + number) for number in range(3)]
    results = race(merging(*two), *buyers)
    assert set(results) <= {"done", "MergeOutdated", "QuoteChanged", "NothingToOrder", "DoubledSubmission"}
    db.session.rollback()
    merged = db.session.get(Producer, two[1]) is None
    orders = list(db.session.scalars(sa.select(Order.producer_id)))
    assert set(orders) <= {two[0] if merged else two[1]}
    assert len(orders) == results.count("done") - merged
    assert merged == ("MergeOutdated" not in results)


def recalling(two: tuple[int, int]) -> Any:
    """Return the deed of recalling all that the second producer makes."""
    facts = RecallFacts(RecallScope.PRODUCER, two[1], RecallReason.CONTAMINATION, WORDS, ADVICE)
    return lambda session: order_recall(session, None, facts, by_office=True, at=clock.now())


def making_a_lot(two: tuple[int, int]) -> Any:
    """Return the deed of asking whether a lot of the second producer would be recalled."""
    product = db.session.scalar(sa.select(Product.id).where(Product.producer_id == two[1]))
    db.session.rollback()
    return lambda session: is_new_lot_recalled(session, two[1], product)


@pytest.mark.parametrize("deed", [recalling, making_a_lot])
def test_who_holds_the_producer_before_its_goods_is_waited_for(
    race: Race, two: tuple[int, int], deed: Any
) -> None:
    held, goods = threading.Event(), threading.Event()
    here = threading.local()
    act, merge = deed(two), merging(*two)

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if " FOR " not in statement:
            return
        if hasattr(here, "holds") and not held.is_set():
            held.set()
            goods.wait(1)
        elif "FROM lot" in statement and not hasattr(here, "holds"):
            goods.set()

    def hold(session: Any) -> None:
        here.holds = True
        act(session)

    def follow(session: Any) -> None:
        held.wait(1)
        merge(session)

    sa.event.listen(db.engine, "after_cursor_execute", note)
    try:
        results = race(hold, follow)
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", note)
    assert results in (["done", "done"], ["MergeOutdated", "done"], ["NotFound", "done"])


@pytest.mark.parametrize("turn", range(3))
def test_an_invitation_accepted_meanwhile_leads_to_whoever_stands(
    race: Race, two: tuple[int, int], turn: int
) -> None:
    with unit_of_work() as session:
        inviter = an_actor(an_owner(session, two[1]), (Scope(ScopeKind.PRODUCER, two[1]), Role.OWNER))
        identity = read_identity(f"moi{turn}@example.vn")
        scope = Scope(ScopeKind.PRODUCER, two[1])
        token = invite(session, inviter, scope, Role.STAFF, identity, clock.now())
        invited = an_actor(a_person(session))
    accepting = lambda session: accept_invitation(session, invited, token, clock.now())  # noqa: E731
    results = race(merging(*two), accepting)
    assert results in (["done", "done"], ["MergeOutdated", "done"])
    db.session.rollback()
    held = set(db.session.scalars(sa.select(Membership.scope_id)))
    assert held == {two[0] if "MergeOutdated" not in results else two[1]}
