"""Bringing the units into the database."""

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import register
from marketplace.database import db, unit_of_work
from marketplace.places.facts import Shipped
from marketplace.places.loading import load_units
from marketplace.places.models import AdminSuccession, AdminUnit, Level


@pytest.fixture
def held(app: Flask, few: Shipped) -> Shipped:
    """A few of the shipped units, already in the database."""
    with unit_of_work() as session:
        load_units(session, few)
    return few


def test_all_units_load_quickly_and_loading_again_changes_nothing(app: Flask, shipped: Shipped) -> None:
    started = time.process_time()
    with unit_of_work() as session:
        written = load_units(session)
    assert time.process_time() - started < 30
    assert written == len(shipped.units) + sum(map(len, shipped.successors.values()))
    version = register.current_version()
    with unit_of_work() as session:
        assert load_units(session) == 0
    assert register.current_version() == version


def test_all_units_and_successions_arrive(held: Shipped) -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AdminUnit)) == len(held.units)
    pairs = sum(map(len, held.successors.values()))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AdminSuccession)) == pairs
    mains = sa.select(sa.func.count()).select_from(AdminSuccession).where(AdminSuccession.main)
    assert db.session.scalar(mains) == len(held.successors)


def test_names_are_stored_for_looking_up(held: Shipped) -> None:
    unit = db.session.scalars(sa.select(AdminUnit).where(AdminUnit.key == "province-42")).one()
    names = (unit.name, unit.slug, unit.name_key, unit.full_name)
    assert names == ("Hà Tĩnh", "ha-tinh", "ha tinh", "tỉnh Hà Tĩnh")


def test_a_correction_changes_the_unit_and_keeps_its_id(held: Shipped) -> None:
    before = db.session.scalars(sa.select(AdminUnit).where(AdminUnit.key == "province-42")).one()
    version = register.current_version()
    units = {**held.units, "province-42": replace(held.units["province-42"], note="đã đối chiếu")}
    with unit_of_work() as session:
        assert load_units(session, Shipped(units, held.successors)) == 1
    db.session.expire_all()
    after = db.session.scalars(sa.select(AdminUnit).where(AdminUnit.key == "province-42")).one()
    assert (after.id, after.note) == (before.id, "đã đối chiếu")
    assert register.current_version() == version + 1


def test_a_corrected_succession_replaces_the_wrong_one(held: Shipped) -> None:
    key = "earlier-commune-20032"
    successors = {**held.successors, key: ("former-commune-20035",)}
    with unit_of_work() as session:
        assert load_units(session, Shipped(held.units, successors)) == 2
    former = sa.select(AdminUnit.id).where(AdminUnit.key == key).scalar_subquery()
    found = sa.select(AdminUnit.key).join(AdminSuccession, AdminSuccession.successor_id == AdminUnit.id)
    found = found.where(AdminSuccession.predecessor_id == former)
    assert db.session.scalars(found).all() == ["former-commune-20035"]


def test_units_know_their_parents(held: Shipped) -> None:
    orphans = sa.select(AdminUnit.key).where(AdminUnit.parent_id.is_(None), AdminUnit.level != Level.PROVINCE)
    assert db.session.scalars(orphans).all() == []
