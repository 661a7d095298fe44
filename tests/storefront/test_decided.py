"""What the public sees of a decision the moment after: shop, search, sitemap, register; and of its end."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.decisions.confirming import confirm_results
from marketplace.certification.decisions.from_results import draft_from_session
from marketplace.certification.decisions.paper_models import PaperKind
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.oversight.grounds import Grounds
from marketplace.certification.oversight.revocations import decide_revocation, draft_revocation
from marketplace.database import db, unit_of_work
from marketplace.jobs import do_all
from marketplace.search.actions import rebuild
from tests.factories.decisions import Held, a_held_session, officer_of

SECOND = 1.0
"""Of work, so that a busy machine changes nothing."""
WORDS = "Kết luận 12/KL-SNNMT: cơ sở đã thôi sản xuất từ tháng 8."


@pytest.fixture
def held(app: Flask) -> Held:
    """A closed session over a product that was drafted and never shown; the index knows nothing of it."""
    with unit_of_work() as session:
        held = a_held_session(session, 4)
        product = session.get_one(Product, held.products[0])
        product.publication = Publication.DRAFT
    rebuild()
    do_all()
    return held


def look(client: FlaskClient, path: str) -> str:
    """Return a page as somebody sees it who comes for the first time."""
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    return client.get(path).text


def decide(held: Held) -> None:
    kind, chosen, at = PaperKind.RECOGNITION, frozenset(held.dossiers), clock.now()
    with unit_of_work() as session:
        paper = draft_from_session(session, held.officer, held.session, kind, chosen, at).id
        second = officer_of(session, held.province)
    with unit_of_work() as session:
        confirm_results(session, second, paper, "3021/QĐ-UBND", clock.today(), at)


def revoke(held: Held) -> None:
    at = clock.now()
    with unit_of_work() as session:
        certificate = session.scalars(sa.select(Certificate)).one()
        grounds = Grounds(RevocationReason.PRODUCTION_STOPPED, WORDS, clock.today())
        number = draft_revocation(session, held.officer, certificate.id, grounds, at).id
        second = officer_of(session, held.province)
    with unit_of_work() as session:
        decide_revocation(session, second, number, "3022/QĐ-UBND", clock.today(), at)


def test_a_decision_is_everywhere_within_a_second(held: Held, client: FlaskClient) -> None:
    product = db.session.get_one(Product, held.products[0])
    page, name, words = f"/san-pham/{product.slug}", product.name, product.slug.replace("-", "+")
    assert name not in look(client, f"/san-pham?q={words}")
    assert page not in look(client, "/sitemap.xml")
    decide(held)
    began = time.process_time()
    do_all()
    found = look(client, f"/san-pham?q={words}&sao=4")
    assert time.process_time() - began < SECOND
    assert page in found
    shown = look(client, page)
    assert '<span class="plate t4' in shown
    assert "hasCertification" in shown
    assert page in look(client, "/sitemap.xml")
    assert "3021/QĐ-UBND" in look(client, "/chung-nhan")


def test_a_revocation_is_everywhere_within_a_second(held: Held, client: FlaskClient) -> None:
    decide(held)
    do_all()
    product = db.session.get_one(Product, held.products[0])
    page, words = f"/san-pham/{product.slug}", product.slug.replace("-", "+")
    assert '<span class="plate t4' in look(client, f"/san-pham?q={words}&sao=4")
    revoke(held)
    began = time.process_time()
    do_all()
    found = look(client, f"/san-pham?q={words}&sao=4")
    assert time.process_time() - began < SECOND
    assert '<span class="plate t4' not in found
    shown = look(client, page)
    assert "hasCertification" not in shown
    assert "Giấy chứng nhận đã bị thu hồi" in shown
    assert "Bị thu hồi" in look(client, "/chung-nhan")


def test_36_months_later_the_stars_are_gone(held: Held, client: FlaskClient) -> None:
    """R3 and R8: the last day of validity counts whole, the day after shows nothing."""
    decide(held)
    page = f"/san-pham/{db.session.get_one(Product, held.products[0]).slug}"
    last = clock.start_of(clock.add_months(clock.today(), 36)) + timedelta(hours=23, minutes=59)
    with clock.stopped(last):
        assert '<span class="plate t4' in look(client, page)
    with clock.stopped(last + timedelta(minutes=1)):
        assert '<span class="plate t4' not in look(client, page)
