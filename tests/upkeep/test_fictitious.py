"""Fictitious catalogues: of the size asked for, the same for a seed, and never to be taken for real."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import register
from marketplace.catalogue.models import Product, SalePolicy, Variant, live_stars
from marketplace.certification.models import Certificate, Decision
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.models import StockItem, StockMovement
from marketplace.producers.models import Producer
from marketplace.search.engine import REBUILD
from marketplace.upkeep.fictitious.catalogue import make_fictitious
from marketplace.upkeep.fictitious.invention import MARK, invent_product

TODAY = date(2026, 11, 21)


def count(what: type, *conditions: sa.SQLColumnExpression[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(what).where(*conditions)) or 0


@pytest.fixture
def catalogue(register: Flask) -> Flask:
    make_fictitious(200, seed=3)
    return register


def test_everything_says_that_it_is_made_up(catalogue: Flask) -> None:
    assert count(Product, Product.fictitious, Product.name.contains(MARK)) == count(Product) == 200
    assert count(Producer, Producer.name.contains(MARK), Producer.sample_contact) == count(Producer) == 50
    assert count(Decision, Decision.authority_name.contains(MARK)) == count(Decision) > 0
    assert count(Variant, ~Variant.sample) == 0
    gtins = db.session.scalars(sa.select(Product.gtin).where(Product.gtin.is_not(None))).all()
    assert all(gtin and gtin.startswith("0952") for gtin in gtins)


def test_it_holds_living_lapsed_and_undated_certificates(catalogue: Flask) -> None:
    living = count(Product, live_stars(TODAY).is_not(None))
    assert 80 < living < 160
    assert count(Certificate, Certificate.issued_on.is_(None)) > 0
    assert count(Product, Product.certified_until < TODAY) > 20


def test_what_products_repeat_agrees_with_what_they_repeat(catalogue: Flask) -> None:
    for product in db.session.scalars(sa.select(Product)):
        certificate = db.session.scalars(
            sa.select(Certificate).where(Certificate.product_id == product.id)
        ).one()
        assert product.certified_until == certificate.valid_until
        assert product.granted_stars == certificate.stars
        prices = sa.select(sa.func.min(Variant.price)).where(Variant.product_id == product.id)
        assert product.from_price == db.session.scalar(prices)
        assert product.words_folded.startswith(f" {product.name_folded.split()[0]} ")
    kept_back = sa.select(Product).where(Product.offered).options(sa.orm.joinedload(Product.set))
    policies = {product.set.sale_policy for product in db.session.scalars(kept_back) if product.set}
    assert policies <= {SalePolicy.NORMAL, SalePolicy.AGE_18}
    assert count(StockItem) == count(StockMovement) == count(Variant)


def test_asking_again_only_fills_up(catalogue: Flask) -> None:
    version = register.current_version()
    assert make_fictitious(200, seed=3) == 0
    assert register.current_version() == version
    steps: list[tuple[int, int]] = []
    assert make_fictitious(203, seed=3, progress=lambda done, total: steps.append((done, total))) == 3
    assert steps == [(3, 3)]
    assert (count(Product), count(Producer)) == (203, 51)
    assert register.current_version() == version + 1


def test_the_index_is_told(register: Flask) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(Job))
    make_fictitious(3)
    assert db.session.scalars(sa.select(Job.kind)).all() == [REBUILD]


def test_a_seed_makes_the_same_catalogue_again() -> None:
    assert invent_product(3, 17, TODAY) == invent_product(3, 17, TODAY)
    assert invent_product(3, 17, TODAY) != invent_product(4, 17, TODAY)
