"""Who waits for goods is told once, when they can be bought again, and forgotten."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts import privacy
from marketplace.accounts.errors import InvalidIdentity
from marketplace.accounts.privacy import Subject
from marketplace.catalogue.models import Publication, Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import restock_wishes
from marketplace.ordering.after_sale_errors import CanBeBought, TooManyWishes
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.restock_wishes import (
    KEPT_FOR,
    ask_to_be_told,
    erase_wishes,
    forget_old_wishes,
    tell_of_return,
)
from marketplace.ordering.stock import BACK_JOB, adjust, receive
from tests.conftest import NOON
from tests.factories.after_sale import news, step
from tests.factories.ordering import product_of, stocked

AN, BINH = "an@example.vn", "0912345678"


@pytest.fixture
def sold_out(app: Flask) -> int:
    """A variant of which nothing is left."""
    with unit_of_work() as session:
        variant = stocked(session, on_hand=2)
        adjust(session, variant.id, -2, "hỏng", clock.now())
        return variant.id


def contacts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(BackInStockWish.contact).order_by(BackInStockWish.id)))


def come_in(variant_id: int, quantity: int = 5) -> None:
    with unit_of_work() as session:
        receive(session, variant_id, quantity, "nhập kho", clock.now())


def back_jobs() -> int:
    db.session.rollback()
    wanted = sa.select(sa.func.count()).where(jobs.Job.kind == BACK_JOB)
    return db.session.scalar(wanted) or 0


def test_contacts_are_kept_in_one_spelling_and_once(sold_out: int) -> None:
    for typed in (" An@Example.vn ", AN, "+84 912 345 678", BINH):
        step(ask_to_be_told, sold_out, typed)
    assert contacts() == [AN, BINH]


@pytest.mark.parametrize("typed", ["", "an@", "0912", "số của tôi"])
def test_what_is_no_contact_is_refused(sold_out: int, typed: str) -> None:
    with pytest.raises(InvalidIdentity):
        step(ask_to_be_told, sold_out, typed)


def test_nobody_waits_for_what_can_be_bought(sold_out: int) -> None:
    come_in(sold_out)
    with pytest.raises(CanBeBought):
        step(ask_to_be_told, sold_out, AN)


def test_goods_that_are_not_on_view_are_not_found(sold_out: int) -> None:
    with pytest.raises(NotFound):
        step(ask_to_be_told, sold_out + 7, AN)
    with unit_of_work() as session:
        product_of(session, session.get_one(Variant, sold_out)).publication = Publication.WITHDRAWN
    with pytest.raises(NotFound):
        step(ask_to_be_told, sold_out, AN)


def test_there_is_a_limit_for_a_contact_and_for_a_variant(
    sold_out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work() as session:
        other = stocked(session, "Bưởi", on_hand=0).id
    monkeypatch.setattr(restock_wishes, "MOST_FOR_CONTACT", 1)
    step(ask_to_be_told, sold_out, AN)
    with pytest.raises(TooManyWishes):
        step(ask_to_be_told, other, AN)
    step(ask_to_be_told, sold_out, AN)
    monkeypatch.setattr(restock_wishes, "MOST_FOR_VARIANT", 1)
    with pytest.raises(TooManyWishes):
        step(ask_to_be_told, sold_out, BINH)
    step(ask_to_be_told, other, BINH)
    assert contacts() == [AN, BINH]


def test_all_who_wait_are_told_when_goods_come_in(sold_out: int) -> None:
    for contact in (AN, BINH):
        step(ask_to_be_told, sold_out, contact)
    come_in(sold_out)
    come_in(sold_out)
    assert back_jobs() == 1
    tell_of_return(sold_out)
    told = [about for what, about in news() if what == "back_in_stock"]
    assert told == list(db.session.scalars(sa.select(BackInStockWish.id).order_by(BackInStockWish.id)))


def test_nobody_is_told_of_what_is_gone_again(sold_out: int) -> None:
    step(ask_to_be_told, sold_out, AN)
    come_in(sold_out, 1)
    with unit_of_work() as session:
        adjust(session, sold_out, -1, "hỏng", clock.now())
    tell_of_return(sold_out)
    assert news() == []
    assert contacts() == [AN]


def test_without_wishes_no_job_is_left_behind(sold_out: int) -> None:
    come_in(sold_out)
    assert back_jobs() == 0


def test_the_letter_takes_the_wish_with_it(sold_out: int) -> None:
    step(ask_to_be_told, sold_out, AN)
    come_in(sold_out)
    jobs.do_all()
    assert contacts() == []


@pytest.mark.parametrize(("seconds", "kept"), [(0, 1), (1, 0)])
def test_wishes_are_forgotten_after_a_year(sold_out: int, seconds: int, kept: int) -> None:
    step(ask_to_be_told, sold_out, AN)
    with clock.stopped(NOON + KEPT_FOR + timedelta(seconds=seconds)):
        forget_old_wishes()
    assert len(contacts()) == kept


def test_wishes_are_handed_out_and_erased(sold_out: int) -> None:
    for contact in (AN, BINH):
        step(ask_to_be_told, sold_out, contact)
    subject = Subject(None, AN, None)
    with unit_of_work() as session:
        [told] = privacy.export(session, subject, NOON)["restock_wishes"]
        assert (told["contact"], told["product"]) == (AN, "Cam Khe Mây")
        assert privacy.export(session, Subject(3, None, None), NOON)["restock_wishes"] == []
        privacy.erase(session, subject, NOON)
        erase_wishes(session, Subject(3, None, None), NOON)
    assert contacts() == [BINH]
