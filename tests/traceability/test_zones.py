"""Zones and sites: where they lie, what they are certified to, and that they stay where lots know them."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer, QualityKind
from marketplace.register import raise_version
from marketplace.traceability.events.models import BizStep
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.lots.inputs import read_inputs
from marketplace.traceability.zones.chain import canonical_text, first_broken
from marketplace.traceability.zones.errors import InvalidPlace, PlaceInUse, PlaceNameTaken
from marketplace.traceability.zones.keeping import hold
from marketplace.traceability.zones.models import (
    MaterialZone,
    Site,
    SiteKind,
    ZoneLine,
    ZoneLinesOnlyGrow,
)
from marketplace.traceability.zones.placing import Place
from marketplace.traceability.zones.sites import (
    SiteFacts,
    add_site,
    change_site,
    get_own_site,
    list_sites,
    retire_site,
)
from marketplace.traceability.zones.zones import (
    ZoneFacts,
    add_zone,
    change_zone,
    get_own_zone,
    list_zones,
    retire_zone,
)
from tests.accounts.conftest import race as race  # noqa: PLC0414 - pytest finds it by this name
from tests.conftest import NOON
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.lots import a_lot, a_zone, from_zone
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

GLN, OTHER_GLN = "9520000000011", "9520000000028"


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return make_commune(session, "Phúc Trạch", make_province(session), lat=18.2, lon=105.8)


@pytest.fixture
def owner(app: Flask) -> Producer:
    with unit_of_work() as session:
        return a_producer(session)


@pytest.fixture
def actor(app: Flask) -> Actor:
    with unit_of_work() as session:
        return an_actor(a_person(session).id)


@pytest.fixture
def zone_facts(commune: AdminUnit) -> ZoneFacts:
    return ZoneFacts(
        name=" Vườn  xóm 7 ",
        crop="bưởi",
        place=Place(commune_id=commune.id, address="Xóm 7"),
        growing_area_code="VN-HTOR-0012",
        area_ha=Decimal("3.25"),
        standard=QualityKind.VIETGAP,
        certificate_number="VietGAP-TT-13-01",
        certificate_issuer="Vinacert",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 11, 21),
    )


@pytest.fixture
def site_facts(commune: AdminUnit) -> SiteFacts:
    return SiteFacts(name="Xưởng", kind=SiteKind.WORKSHOP, place=Place(commune_id=commune.id), gln=GLN)


def added_zone(owner: Producer, facts: ZoneFacts) -> MaterialZone:
    with unit_of_work() as session:
        return add_zone(session, None, owner, facts, NOON)


def added_site(owner: Producer, facts: SiteFacts) -> Site:
    with unit_of_work() as session:
        return add_site(session, None, owner, facts, NOON)


def used(owner: Producer, zone: MaterialZone | None = None, site: Site | None = None) -> None:
    with unit_of_work() as session:
        inputs = (from_zone(zone),) if zone else ()
        a_lot(session, a_product(session, producer=owner), inputs=inputs, site_id=site.id if site else None)


def test_a_zone_lies_in_the_middle_of_its_commune_until_a_point_is_taken(
    owner: Producer, zone_facts: ZoneFacts
) -> None:
    zone = added_zone(owner, zone_facts)
    assert (zone.name, zone.full_address) == ("Vườn xóm 7", "Xóm 7, xã Phúc Trạch, tỉnh Hà Tĩnh")
    assert (zone.lat, zone.lon, zone.point_accuracy) == (18.2, 105.8, "commune centroid")
    place = replace(zone_facts.place, lat=18.21, lon=105.81)
    exact = added_zone(owner, replace(zone_facts, name="Vườn 2", place=place))
    assert (exact.lat, exact.lon, exact.point_accuracy) == (18.21, 105.81, None)
    [first, _] = deeds("material_zone:add")
    assert first.subject_id == str(zone.id)


def test_a_certificate_holds_to_the_end_of_its_last_day(owner: Producer, zone_facts: ZoneFacts) -> None:
    zone = added_zone(owner, zone_facts)
    held = [zone.is_certified(date(2026, *day)) for day in ((1, 1), (11, 21), (11, 22))]
    assert held == [True, True, False]
    assert not zone.is_certified(date(2025, 12, 31))
    assert not MaterialZone(standard=None, valid_until=date(2026, 12, 31)).is_certified(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 121}),
        ("crop", {"crop": ""}),
        ("growing_area_code", {"growing_area_code": "x" * 41}),
        ("area_ha", {"area_ha": Decimal(0)}),
        ("area_ha", {"area_ha": Decimal(1_000_001)}),
        ("area_ha", {"area_ha": Decimal("1E+40")}),
        ("area_ha", {"area_ha": Decimal("0.0004")}),
        ("standard", {"standard": None}),
        ("certificate_number", {"certificate_number": None}),
        ("certificate_issuer", {"certificate_issuer": ""}),
        ("valid_until", {"valid_until": None}),
        ("valid_until", {"valid_from": date(2027, 1, 1)}),
        ("commune_id", {"place": Place(commune_id=404)}),
    ],
)
def test_what_a_zone_cannot_be(
    owner: Producer, zone_facts: ZoneFacts, field: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidPlace) as refusal:
        added_zone(owner, replace(zone_facts, **wrong))
    assert refusal.value.parameters["field"] == field


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("address", {"address": "x" * 301}),
        ("point", {"lat": 48.8, "lon": 105.8}),
        ("point", {"lat": 18.2, "lon": 2.3}),
    ],
)
def test_where_a_zone_cannot_lie(
    owner: Producer, zone_facts: ZoneFacts, field: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidPlace) as refusal:
        added_zone(owner, replace(zone_facts, place=replace(zone_facts.place, **wrong)))
    assert refusal.value.parameters["field"] == field


def test_a_place_is_a_commune_of_today(owner: Producer, zone_facts: ZoneFacts, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        assert commune.parent_id is not None
        province = session.get_one(AdminUnit, commune.parent_id)
        former = make_commune(session, "Hương Trạch", province, valid_to=date(2025, 6, 30))
    for unit in (province, former):
        with pytest.raises(InvalidPlace):
            added_zone(owner, replace(zone_facts, place=Place(commune_id=unit.id)))


def test_names_and_numbers_stand_for_one_place(
    owner: Producer, zone_facts: ZoneFacts, site_facts: SiteFacts
) -> None:
    added_zone(owner, zone_facts)
    added_site(owner, site_facts)
    with pytest.raises(PlaceNameTaken):
        added_zone(owner, zone_facts)
    with pytest.raises(PlaceNameTaken):
        added_site(owner, replace(site_facts, gln=None))
    with pytest.raises(PlaceNameTaken):
        added_site(owner, replace(site_facts, name="Xưởng 2"))
    with pytest.raises(InvalidPlace):
        added_site(owner, replace(site_facts, name="Xưởng 2", gln="12"))


def test_what_is_used_stays_where_it_is(
    owner: Producer, zone_facts: ZoneFacts, site_facts: SiteFacts, commune: AdminUnit, actor: Actor
) -> None:
    def move_zone(session: Session, number: int, facts: ZoneFacts) -> None:
        change_zone(session, actor, owner, session.get_one(MaterialZone, number), facts, NOON)

    def move_site(session: Session, number: int, facts: SiteFacts) -> None:
        change_site(session, actor, owner, session.get_one(Site, number), facts, NOON)

    zone, site = added_zone(owner, zone_facts), added_site(owner, site_facts)
    with unit_of_work() as session:
        assert commune.parent_id is not None
        other = make_commune(session, "Hương Đô", session.get_one(AdminUnit, commune.parent_id))
    elsewhere = Place(commune_id=other.id)
    with unit_of_work() as session:
        move_zone(session, zone.id, replace(zone_facts, place=elsewhere))
        move_site(session, site.id, replace(site_facts, place=elsewhere))
        move_site(session, site.id, replace(site_facts, place=elsewhere, gln=OTHER_GLN))
    used(owner, zone, site)
    back = Place(commune_id=commune.id)
    refused: list[Callable[[Session], None]] = [
        lambda session: move_zone(session, zone.id, replace(zone_facts, place=back)),
        lambda session: move_site(session, site.id, replace(site_facts, place=back, gln=OTHER_GLN)),
        lambda session: move_site(session, site.id, replace(site_facts, place=elsewhere, gln=GLN)),
        lambda session: move_site(session, site.id, replace(site_facts, place=elsewhere, gln=None)),
    ]
    for act in refused:
        with pytest.raises(PlaceInUse), unit_of_work() as session:
            act(session)
    with unit_of_work() as session:
        move_zone(session, zone.id, replace(zone_facts, name="Vườn cũ", place=elsewhere))
    assert get_own_zone(db.session(), zone.id, owner.id).name == "Vườn cũ"
    assert len(deeds("material_zone:change")) == 2


def test_a_retired_place_is_kept_apart(
    owner: Producer, zone_facts: ZoneFacts, site_facts: SiteFacts, actor: Actor
) -> None:
    zone, site = added_zone(owner, zone_facts), added_site(owner, site_facts)
    for _ in range(2):
        with unit_of_work() as session:
            retire_zone(session, actor, owner, session.get_one(MaterialZone, zone.id), NOON)
            retire_site(session, actor, owner, session.get_one(Site, site.id), NOON)
    session = db.session()
    assert (list_zones(session, owner.id), list_sites(session, owner.id)) == ([], [])
    assert [one.id for one in list_zones(session, owner.id, retired=True)] == [zone.id]
    assert [one.id for one in list_sites(session, owner.id, retired=True)] == [site.id]
    assert (len(deeds("material_zone:retire")), len(deeds("site:retire"))) == (1, 1)


def test_places_of_others_are_not_there(
    owner: Producer, zone_facts: ZoneFacts, site_facts: SiteFacts
) -> None:
    zone, site = added_zone(owner, zone_facts), added_site(owner, site_facts)
    session = db.session()
    assert get_own_site(session, site.id, owner.id).commune is not None
    assert [one.name for one in list_zones(session, owner.id)] == ["Vườn xóm 7"]
    with pytest.raises(NotFound):
        get_own_zone(session, zone.id, owner.id + 1)
    with pytest.raises(NotFound):
        get_own_site(session, site.id, owner.id + 1)
    assert list_sites(session, owner.id + 1) == []


def lines_of(zone: MaterialZone) -> list[ZoneLine]:
    db.session.rollback()
    wanted = sa.select(ZoneLine).where(ZoneLine.zone_id == zone.id).order_by(ZoneLine.position)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def kept(zone: MaterialZone) -> MaterialZone:
    db.session.rollback()
    return db.session.get_one(MaterialZone, zone.id, populate_existing=True)


def test_what_a_zone_was_said_to_be_is_kept_line_by_line(
    owner: Producer, actor: Actor, zone_facts: ZoneFacts
) -> None:
    zone = added_zone(owner, zone_facts)
    assert kept(zone).changed_at is None
    later = NOON + timedelta(days=1)
    renewed = replace(zone_facts, valid_until=date(2028, 11, 21), certificate_number="VG-2")
    with unit_of_work() as session:
        person = a_person(session)
        mine = get_own_zone(session, zone.id, owner.id)
        for _twice in range(2):
            change_zone(session, an_actor(person.id), owner, mine, renewed, later)
        retire_zone(session, an_actor(person.id), owner, mine, later + timedelta(days=1))
    first, second, third = lines_of(zone)
    assert first.facts == {
        "name": "Vườn xóm 7",
        "crop": "bưởi",
        "place": "xã Phúc Trạch, tỉnh Hà Tĩnh",
        "area": "3.25",
        "growing-area": "VN-HTOR-0012",
        "standard": "vietgap",
        "certificate": "VietGAP-TT-13-01",
        "issuer": "Vinacert",
        "from": "2026-01-01",
        "until": "2026-11-21",
    }
    assert second.facts == {**first.facts, "until": "2028-11-21", "certificate": "VG-2"}
    assert third.facts == {**second.facts, "retired": "yes"}
    assert [line.recorded_by for line in (first, second, third)] == [None, person.id, person.id]
    assert (kept(zone).chain_length, kept(zone).changed_at) == (3, later)
    assert first_broken(kept(zone), lines_of(zone)) is None


def test_anybody_gets_the_hash_of_a_line_from_its_text(owner: Producer, zone_facts: ZoneFacts) -> None:
    zone = added_zone(owner, replace(zone_facts, name="Vườn\nxóm"))
    [line] = lines_of(zone)
    text = canonical_text(line)
    head = f"phien-cho-ocop zone 1\nzone: {zone.id}\nposition: 1\nrecorded: 2026-11-21T05:00:00.000000Z\n"
    assert text.startswith(head + "area: 3.25\n")
    assert hashlib.sha256(text.encode()).hexdigest() == line.hash == kept(zone).chain_hash


def test_an_address_stays_out_of_the_chain_and_a_point_is_told_to_the_kilometre(
    owner: Producer, actor: Actor, zone_facts: ZoneFacts
) -> None:
    zone = added_zone(owner, zone_facts)
    for address, lat, lines in (
        ("Nhà bà Năm", None, 1),
        ("Nhà bà Năm", 18.213, 2),
        ("Nhà ông Sáu", 18.214, 2),
    ):
        place = replace(zone_facts.place, address=address, lat=lat, lon=lat and 105.81)
        with unit_of_work() as session:
            mine = get_own_zone(session, zone.id, owner.id)
            change_zone(session, actor, owner, mine, replace(zone_facts, place=place), NOON)
        assert len(lines_of(zone)) == lines
    assert "point" not in lines_of(zone)[0].facts
    assert lines_of(zone)[1].facts["point"] == "18.21 105.81"
    assert kept(zone).lat == 18.214


def test_a_zone_from_before_chains_begins_with_what_it_was(
    owner: Producer, commune: AdminUnit, zone_facts: ZoneFacts
) -> None:
    with unit_of_work() as session:
        person = a_person(session)
        zone = a_zone(session, owner, "Vườn cũ", commune_id=commune.id, crop="cam")
        change_zone(session, an_actor(person.id), owner, zone, zone_facts, NOON)
    first, second = lines_of(zone)
    assert (first.facts["name"], first.recorded_by) == ("Vườn cũ", None)
    assert (second.facts["name"], second.recorded_by) == ("Vườn xóm 7", person.id)


def test_two_who_change_a_zone_at_once_leave_a_whole_chain(
    owner: Producer, zone_facts: ZoneFacts, race: Any
) -> None:
    zone = added_zone(owner, zone_facts)
    with unit_of_work() as session:
        people = [an_actor(a_person(session).id) for _ in range(2)]

    def rename(name: str, actor: Actor) -> Callable[[Session], None]:
        def act(session: Session) -> None:
            mine = get_own_zone(session, zone.id, owner.id)
            change_zone(session, actor, owner, mine, replace(zone_facts, name=name), NOON)

        return act

    assert race(rename("Vườn A", people[0]), rename("Vườn B", people[1])) == ["done", "done"]
    lines = lines_of(zone)
    assert {line.facts["name"] for line in lines[1:]} == {"Vườn A", "Vườn B"}
    assert lines[-1].facts["name"] == kept(zone).name
    assert first_broken(kept(zone), lines) is None


def test_lots_are_made_of_a_zone_while_somebody_changes_it(
    app: Flask, owner: Producer, zone_facts: ZoneFacts
) -> None:
    """Whoever makes a lot holds the register and then names the zone: the other way round two would wait."""
    zone = added_zone(owner, zone_facts)

    def make() -> None:
        with app.app_context():
            used(owner, zone=zone)

    maker = Thread(target=make)
    with unit_of_work() as session:
        hold(session, get_own_zone(session, zone.id, owner.id))
        maker.start()
        maker.join(timeout=1 if db.engine.dialect.name == "sqlite" else 20)
        assert not maker.is_alive() or db.engine.dialect.name == "sqlite"
    maker.join()


def test_an_event_at_a_zone_is_recorded_while_somebody_gives_the_zone_its_first_chain(
    app: Flask, owner: Producer, actor: Actor, zone_facts: ZoneFacts
) -> None:
    """An event names its zone and then takes the register: the other way round two would wait."""
    with unit_of_work() as session:
        zone = a_zone(session, owner, "Vườn cũ", commune_id=zone_facts.place.commune_id)
        lot = a_lot(session, a_product(session, producer=owner))
    done: list[str] = []

    def rename() -> None:
        with app.app_context(), unit_of_work() as session:
            change_zone(session, actor, owner, get_own_zone(session, zone.id, owner.id), zone_facts, NOON)
            done.append("renamed")

    renamer = Thread(target=rename)
    named = sa.select(MaterialZone.id).where(MaterialZone.id == zone.id)
    with unit_of_work() as session:
        session.execute(named.with_for_update(read=True, key_share=True))
        renamer.start()
        renamer.join(timeout=1)
        facts = EventFacts(biz_step=BizStep.STOCKING, event_time=NOON, zone_id=zone.id)
        record_event(session, lot.id, facts, NOON, None)
    renamer.join()
    assert done == ["renamed"]
    assert [line.facts["name"] for line in lines_of(zone)] == ["Vườn cũ", "Vườn xóm 7"]


def test_lots_are_made_of_a_zone_while_somebody_renames_it(
    app: Flask, owner: Producer, actor: Actor, zone_facts: ZoneFacts
) -> None:
    """Who makes a lot names the zone and then takes the register: the other way round two would wait."""
    zone = added_zone(owner, zone_facts)
    done: list[str] = []

    def rename() -> None:
        with app.app_context(), unit_of_work() as session:
            mine = get_own_zone(session, zone.id, owner.id)
            change_zone(session, actor, owner, mine, replace(zone_facts, name="Vườn mới"), NOON)
            done.append("renamed")

    renamer = Thread(target=rename)
    with unit_of_work() as session:
        inputs = read_inputs(session, owner.id, (from_zone(zone),))
        raise_version(session)
        renamer.start()
        renamer.join(timeout=1)
        lot = a_lot(session, a_product(session, producer=owner))
        inputs[0].lot_id = lot.id
        session.add(inputs[0])
    renamer.join()
    assert done == ["renamed"]
    assert kept(zone).name == "Vườn mới"


def test_a_zone_is_written_before_the_register_and_its_chain(
    owner: Producer, actor: Actor, zone_facts: ZoneFacts
) -> None:
    with unit_of_work() as session:
        zone = a_zone(session, owner, "Vườn cũ")
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        for table in ("material_zone", "register_version", "zone_line"):
            if statement.startswith((f"UPDATE {table} ", f"INSERT INTO {table} ")):
                written.append(table)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        with unit_of_work() as session:
            change_zone(session, actor, owner, get_own_zone(session, zone.id, owner.id), zone_facts, NOON)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert written[:2] == ["material_zone", "register_version"]
    assert written.count("zone_line") == 2


@pytest.mark.parametrize(
    ("by", "broken"),
    [
        ("UPDATE zone_line SET hash = 'f' WHERE position = 1", 1),
        ("UPDATE zone_line SET recorded_by = NULL", None),
        ("UPDATE zone_line SET recorded_at = '2020-01-01 00:00:00' WHERE position = 2", 2),
        ("DELETE FROM zone_line WHERE position = 1", 1),
        ("DELETE FROM zone_line WHERE position = 2", 2),
        ("UPDATE material_zone SET chain_length = 3", 3),
        ("UPDATE material_zone SET chain_length = 1", 2),
        ("UPDATE material_zone SET chain_hash = 'f'", 2),
    ],
)
def test_a_line_that_somebody_touched_is_found(
    owner: Producer, actor: Actor, zone_facts: ZoneFacts, by: str, broken: int | None
) -> None:
    zone = added_zone(owner, zone_facts)
    with unit_of_work() as session:
        retire_zone(
            session, an_actor(a_person(session).id), owner, session.get_one(MaterialZone, zone.id), NOON
        )
    with unit_of_work() as session:
        session.execute(sa.text(by))
    assert first_broken(kept(zone), lines_of(zone)) == broken


def test_lines_only_grow(owner: Producer, zone_facts: ZoneFacts) -> None:
    zone = added_zone(owner, zone_facts)
    with pytest.raises(ZoneLinesOnlyGrow), unit_of_work() as session:
        session.get_one(ZoneLine, (zone.id, 1)).facts = {}
    with pytest.raises(ZoneLinesOnlyGrow), unit_of_work() as session:
        session.delete(session.get_one(ZoneLine, (zone.id, 1)))
