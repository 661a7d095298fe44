"""Several officers who draft, confirm and revoke at the same moment: one is heard, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.confirming import confirm_results
from marketplace.certification.decisions.from_results import draft_from_session
from marketplace.certification.decisions.paper_models import PaperDecision, PaperKind
from marketplace.certification.models import Certificate, Decision, RevocationReason
from marketplace.certification.oversight.grounds import Grounds
from marketplace.certification.oversight.models import Revocation
from marketplace.certification.oversight.revocations import decide_revocation, draft_revocation
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from tests.factories.certification import a_certificate
from tests.factories.decisions import Held, a_held_session, officer_of

AT_ONCE = 4
WORDS = "Kết luận 12/KL-SNNMT: cơ sở đã thôi sản xuất từ tháng 8."


@pytest.fixture
def held(app: Flask) -> Held:
    with unit_of_work() as session:
        return a_held_session(session, 4, 3)


def together(app: Flask, tasks: list[Callable[[], Any]]) -> list[str]:
    """Do all at the same moment, each in a transaction of its own, and return what each was told."""
    ready = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> str:
        with app.app_context():
            ready.wait()
            try:
                task()
            except MarketplaceError as refusal:
                return refusal.code
            return "done"

    db.session.rollback()
    with ThreadPoolExecutor(len(tasks)) as pool:
        told = list(pool.map(run, tasks))
    db.session.rollback()
    return sorted(told)


def officers(held: Held, number: int = AT_ONCE) -> list[Actor]:
    with unit_of_work() as session:
        return [officer_of(session, held.province) for _ in range(number)]


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def drafting(held: Held, actor: Actor, *positions: int) -> Callable[[], int]:
    kind, chosen, at = PaperKind.RECOGNITION, frozenset(held.dossiers[one] for one in positions), clock.now()

    def draft() -> int:
        with unit_of_work() as session:
            return draft_from_session(session, actor, held.session, kind, chosen, at).id

    return draft


def confirming(paper: int, actor: Actor, number: str = "3021/QĐ-UBND") -> Callable[[], None]:
    day, at = clock.today(), clock.now()

    def confirm() -> None:
        with unit_of_work() as session:
            confirm_results(session, actor, paper, number, day, at)

    return confirm


def test_a_result_is_drafted_by_one(held: Held, app: Flask) -> None:
    told = together(app, [drafting(held, actor, 0, 1) for actor in officers(held)])
    assert told == ["done"] + ["results_moved"] * (AT_ONCE - 1)
    assert count(PaperDecision) == 1


def test_a_draft_is_confirmed_by_one(held: Held, app: Flask) -> None:
    paper = drafting(held, held.officer, 0, 1)()
    told = together(app, [confirming(paper, actor) for actor in officers(held)])
    assert told == ["done"] + ["paper_closed"] * (AT_ONCE - 1)
    assert (count(Decision), count(Certificate)) == (1, 2)


def test_a_number_is_given_to_one(held: Held, app: Flask) -> None:
    papers = [drafting(held, held.officer, position)() for position in (0, 1)]
    pairs = zip(papers, officers(held, 2), strict=True)
    assert together(app, [confirming(paper, actor) for paper, actor in pairs]) == ["done", "number_taken"]
    assert (count(Decision), count(Certificate)) == (1, 1)


def revoking(number: int, actor: Actor) -> Callable[[], None]:
    day, at = clock.today(), clock.now()

    def decide() -> None:
        with unit_of_work() as session:
            decide_revocation(session, actor, number, "3100/QĐ-UBND", day, at)

    return decide


def grounds() -> Grounds:
    return Grounds(RevocationReason.PRODUCTION_STOPPED, WORDS, clock.today())


def certificates(held: Held) -> list[int]:
    with unit_of_work() as session:
        products = [session.get_one(Product, number) for number in held.products]
        return [a_certificate(session, product, 3).id for product in products]


def test_a_certificate_has_one_draft_of_its_revocation(held: Held, app: Flask) -> None:
    [certificate, _other] = certificates(held)
    said, at = grounds(), clock.now()

    def drafting_of(actor: Actor) -> Callable[[], None]:
        def draft() -> None:
            with unit_of_work() as session:
                draft_revocation(session, actor, certificate, said, at)

        return draft

    told = together(app, [drafting_of(actor) for actor in officers(held)])
    assert told == ["done"] + ["revocation_open"] * (AT_ONCE - 1)
    assert count(Revocation) == 1


def test_a_certificate_is_revoked_by_one(held: Held, app: Flask) -> None:
    [certificate, _other] = certificates(held)
    with unit_of_work() as session:
        number = draft_revocation(session, held.officer, certificate, grounds(), clock.now()).id
    told = together(app, [revoking(number, actor) for actor in officers(held)])
    assert told == ["done"] + ["revocation_closed"] * (AT_ONCE - 1)


def test_one_decision_may_revoke_two_at_once(held: Held, app: Flask) -> None:
    with unit_of_work() as session:
        said, at = grounds(), clock.now()
        numbers = [
            draft_revocation(session, held.officer, number, said, at).id
            for number in [
                a_certificate(session, session.get_one(Product, product), 3).id for product in held.products
            ]
        ]
    pairs = zip(numbers, officers(held, 2), strict=True)
    assert together(app, [revoking(*pair) for pair in pairs]) == ["done", "done"]
    assert count(Decision) == 1
