"""The shipped register goes in cleanly, once, and the demo's samples are marked as such."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from biip.gtin import Gtin
from flask import Flask

from marketplace import clock, register
from marketplace.catalogue.models import (
    ClassifiedBy,
    Product,
    ProductAlias,
    ProductSet,
    SalePolicy,
    Variant,
    live_stars,
)
from marketplace.certification.models import Certificate
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import StockItem
from marketplace.producers.models import Producer, ProducerAlias
from marketplace.sales_points.models import SalesPoint, SalesPointProduct
from marketplace.upkeep import setup
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.setup import REGISTER, ShippedRegisterBroken, load_demo, load_facts


def count(what: type, *conditions: sa.SQLColumnExpression[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(what).where(*conditions)) or 0


def living_on(day: date) -> int:
    return count(Product, live_stars(day).is_not(None))


def test_the_register_and_its_samples(app: Flask) -> None:
    said: list[str] = []
    load_facts(said.append)
    load_demo(said.append)
    assert (count(Product), count(ProductAlias), count(Certificate)) == (322, 322, 322)
    assert (count(Producer), count(ProducerAlias), count(SalesPoint)) == (200, 3, 22)
    assert (living_on(date(2026, 11, 21)), living_on(date(2027, 1, 15))) == (40, 11)
    assert count(Product, Product.classified_by.not_in([ClassifiedBy.OURS, ClassifiedBy.SOURCE])) == 0
    _check_places()
    _check_alcohol()
    _check_samples()
    version = register.current_version()
    load_facts(said.append)
    load_demo(said.append)
    assert import_products(REGISTER / "products.csv").unchanged == 322
    assert register.current_version() == version
    assert import_products(REGISTER / "pending.csv").skipped == 42


def _check_places() -> None:
    assert count(Product, Product.province_id.is_(None)) == 0
    assert count(Producer, Producer.province_id.is_(None)) == 0


def _check_alcohol() -> None:
    wines = sa.select(ProductSet.sale_policy).join(Product, Product.set_id == ProductSet.id)
    living = wines.where(Product.name.startswith("Rượu"), Product.certified_until >= clock.today())
    assert db.session.scalars(living).all() == [SalePolicy.AGE_18] * 4


def _check_samples() -> None:
    assert count(Variant) > 400
    assert count(Variant, ~Variant.sample) == 0
    assert count(StockItem) == count(Variant)
    assert count(StockItem, ~StockItem.sample) == 0
    assert count(SalesPointProduct, ~SalesPointProduct.sample) == 0
    assert count(Producer, ~Producer.sample_contact, Producer.phone.is_not(None)) == 0
    assert count(Producer, ~Producer.sample_contact) == 4
    addresses = db.session.scalars(sa.select(Producer.printed_address).where(Producer.sample_contact))
    assert all("(địa chỉ mẫu)" in (address or "") for address in addresses)
    phones = db.session.scalars(sa.select(Producer.phone).where(Producer.sample_contact))
    assert all((phone or "").startswith("0900 000 ") for phone in phones)
    gtins = db.session.scalars(sa.select(Product.gtin).where(Product.gtin.is_not(None))).all()
    assert len(gtins) > 150
    assert all(gtin and gtin.startswith("0952") and Gtin.parse(gtin) for gtin in gtins)
    forbidden = sa.select(Variant.id).join(Product).join(ProductSet, ProductSet.id == Product.set_id)
    kept_back = (SalePolicy.LICENCE_REQUIRED, SalePolicy.DISPLAY_ONLY, SalePolicy.BOOKING)
    assert db.session.scalars(forbidden.where(ProductSet.sale_policy.in_(kept_back))).all() == []
    assert count(Product, Product.offered, Product.producer_id.is_(None)) == 0
    assert count(Product, Product.season_from.is_not(None)) > 5


def test_production_gets_no_register_and_no_samples(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "migrate", lambda: None)
    setup.set_up(demo=False, report=lambda line: None)
    assert (count(ProductSet), count(Product), count(Producer), count(StockItem)) == (26, 0, 0, 0)


def test_a_release_whose_register_does_not_go_in_says_so(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "producers.csv"
    broken.write_text("name,province\n=1+1,Hà Tĩnh\n", encoding="utf-8")
    monkeypatch.setattr(setup, "REGISTER", broken.parent)
    with pytest.raises(ShippedRegisterBroken, match="dòng 2, cột name"):
        load_demo(lambda line: None)
    with unit_of_work() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Producer)) == 0
