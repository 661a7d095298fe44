"""Making lots: what they say, what they refuse, and the first event of each."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.traceability.events.history import load_history
from marketplace.traceability.events.making import LotFacts, make_lot
from marketplace.traceability.events.models import Action, BizStep, EventKind
from marketplace.traceability.lots.errors import InvalidLot, LotCodeTaken, MadeBefore, RecalledInput
from marketplace.traceability.lots.inputs import InputFacts
from marketplace.traceability.lots.lot_codes import propose_code
from marketplace.traceability.lots.models import Lot, MeasureUnit, Portal
from marketplace.traceability.lots.queries import count_lots, find_last_lot, find_lot, get_own_lot, list_lots
from marketplace.traceability.lots.references import ReferenceFacts, add_reference
from marketplace.traceability.zones.models import MaterialZone
from tests.accounts.conftest import race as race  # noqa: PLC0414 - pytest finds it by this name
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product, a_variant
from tests.factories.deeds import deeds
from tests.factories.lots import (
    MADE_ON,
    USE_BY,
    a_lot,
    a_material_lot,
    a_paper,
    a_site,
    a_zone,
    an_event,
    bought,
    from_lot,
    from_zone,
)
from tests.factories.ordering import a_commune
from tests.factories.producers import a_producer

FACTS = LotFacts(made_on=MADE_ON, use_by=USE_BY, quantity=Decimal(48))


@pytest.fixture
def owner(app: Flask) -> Producer:
    with unit_of_work() as session:
        return a_producer(session)


def a_products_lot(owner: Producer, name: str = "Mứt vỏ bưởi Phúc Trạch", **changes: Any) -> Lot:
    with unit_of_work() as session:
        return a_lot(session, a_product(session, name, producer=owner), **changes)


def test_a_lot_without_inputs_begins_with_an_object_event(owner: Producer) -> None:
    with unit_of_work() as session:
        site = a_site(session, owner)
        product = a_product(session, "Mứt vỏ bưởi Phúc Trạch", producer=owner)
        actor = an_actor(a_person(session))
        facts = replace(FACTS, product_id=product.id, site_id=site.id, certificate_code="HT-1")
        lot = make_lot(session, actor, owner, facts, NOON)
    [event] = load_history(db.session(), lot.id).events
    assert (lot.code, lot.created_at, lot.certificate_code) == ("PT2611-01", NOON, "HT-1")
    assert (event.kind, event.action) == (EventKind.OBJECT, Action.ADD)
    assert event.biz_step is BizStep.CREATING_CLASS_INSTANCE
    assert (event.quantity, event.uom, event.site_id) == (Decimal(48), MeasureUnit.PIECE, site.id)
    assert event.event_time == clock.start_of(MADE_ON)
    assert event.recorded_by == actor.person_id
    assert event.details["ilmd"] == {
        "cbvmda:lotNumber": "PT2611-01",
        "cbvmda:itemExpirationDate": "2027-05-14",
        "ocop:madeOn": "2026-11-14",
        "ocop:certificate": "HT-1",
    }
    [deed] = deeds("lot:make")
    assert (deed.subject_id, deed.actor_id) == (str(lot.id), actor.person_id)


def test_a_lot_made_today_begins_now(owner: Producer) -> None:
    lot = a_products_lot(owner, made_on=clock.today())
    assert load_history(db.session(), lot.id).events[0].event_time == NOON


def test_a_lot_of_inputs_begins_with_a_transformation_that_names_them(owner: Producer) -> None:
    with unit_of_work() as session:
        zone = a_zone(session, owner)
        source = a_material_lot(session, owner, inputs=(from_zone(zone, 200, harvested_on=MADE_ON),))
        commune = a_commune(session)
        used = (from_lot(source, "50.5"), bought(commune_id=commune.id))
    lot = a_products_lot(owner, inputs=used)
    [event] = load_history(db.session(), lot.id).events
    assert (event.kind, event.action) == (EventKind.TRANSFORMATION, None)
    assert event.details["ocop:inputs"] == [
        {"material": "Cam tươi", "lot": source.id, "quantity": "50.5", "uom": "KGM"},
        {
            "material": "đường mía",
            "from": "Chợ đầu mối",
            "commune": commune.id,
            "province": commune.parent_id,
            "quantity": "100",
            "uom": "KGM",
        },
    ]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mứt vỏ bưởi Phúc Trạch", "PT"),
        ("Cam Khe Mây", "KM"),
        ("Đường phèn 24", "DP"),
        ("Rượu", "R"),
        ("12", "L"),
    ],
)
def test_a_proposed_code_is_made_of_name_month_and_number(owner: Producer, name: str, letters: str) -> None:
    with unit_of_work() as session:
        product = a_product(session, name, producer=owner)
        assert propose_code(session, product, date(2026, 11, 21)) == f"{letters}2611-01"
        a_lot(session, product, made_on=date(2026, 11, 2))
        a_lot(session, product, code=f"{letters}2611-07")
        a_lot(session, product, code=f"{letters}2611-X")
        assert propose_code(session, product, date(2026, 11, 21)) == f"{letters}2611-08"
        assert propose_code(session, product, date(2026, 12, 1)) == f"{letters}2612-01"


def test_a_code_stands_for_one_lot_of_a_product(owner: Producer) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=owner)
        a_lot(session, product, code="Lo-1")
        a_lot(session, a_product(session, "Cam sành", producer=owner), code="Lo-1")
        a_material_lot(session, owner, code="Lo-1")
        for taken in ("Lo-1", "LO-1", " lo-1 "):
            with pytest.raises(LotCodeTaken):
                a_lot(session, product, code=taken)
        with pytest.raises(LotCodeTaken):
            a_material_lot(session, owner, "Cam khác", code="Lo-1")


@pytest.mark.parametrize("code", ["", "A" * 21, "A/10/B", "A B", "Lô1", "-1", "A?17=1", "A%2F"])
def test_a_code_is_what_people_read_aloud(owner: Producer, code: str) -> None:
    with pytest.raises(InvalidLot) as refusal:
        a_products_lot(owner, code=code)
    assert refusal.value.parameters["field"] == "code"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("made_on", {"made_on": date(2026, 11, 22)}),
        ("made_on", {"made_on": date(1999, 12, 31)}),
        ("use_by", {"use_by": MADE_ON - timedelta(days=1)}),
        ("use_by", {"use_by": date(2127, 1, 1)}),
        ("quantity", {"quantity": Decimal(0)}),
        ("quantity", {"quantity": Decimal("1.5")}),
        ("quantity", {"quantity": Decimal("0.0005"), "uom": MeasureUnit.KILOGRAM}),
        ("quantity", {"quantity": Decimal(10_000_001)}),
    ],
)
def test_what_a_lot_cannot_be(owner: Producer, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidLot) as refusal:
        a_products_lot(owner, **wrong)
    assert refusal.value.parameters["field"] == field


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": "Cam", "product_id": 1},
        {"name": " "},
        {"name": "x" * 121},
        {"name": "Cam", "variant_id": 1},
    ],
)
def test_material_has_a_name_and_no_pack(owner: Producer, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidLot), unit_of_work() as session:
        make_lot(session, None, owner, replace(FACTS, **wrong), NOON)


def test_goods_of_others_are_not_there(owner: Producer) -> None:
    with unit_of_work() as session:
        other = a_producer(session, "HTX Khác")
        product = a_product(session, "Cam sành", producer=other)
        own = a_product(session, producer=owner)
        pack = a_variant(session, product)
    of_others = replace(FACTS, product_id=product.id)
    for facts in (of_others, replace(FACTS, product_id=own.id, variant_id=pack.id)):
        with pytest.raises(NotFound), unit_of_work() as session:
            make_lot(session, None, owner, facts, NOON)


def test_inputs_of_others_and_retired_zones_are_not_there(owner: Producer) -> None:
    with unit_of_work() as session:
        other = a_producer(session, "HTX Khác")
        retired = a_zone(session, owner, retired_at=NOON)
        inputs = (
            from_zone(a_zone(session, other)),
            from_lot(a_material_lot(session, other)),
            from_zone(retired),
        )
    for used in inputs:
        with pytest.raises(NotFound):
            a_products_lot(owner, f"Cam {inputs.index(used)}", inputs=(used,))


def test_nothing_is_made_of_a_recalled_lot(owner: Producer) -> None:
    with unit_of_work() as session:
        source = a_material_lot(session, owner)
        source.recalled_at = NOON
    with pytest.raises(RecalledInput):
        a_products_lot(owner, inputs=(from_lot(source),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"bought_from": None},
        {"bought_from": " "},
        {"zone_id": 1},
        {"material": " "},
        {"material": "x" * 121},
        {"bought_from": "x" * 161},
        {"quantity": None},
        {"quantity": Decimal(0)},
        {"uom": None},
        {"commune_id": 404},
    ],
)
def test_what_an_input_cannot_be(owner: Producer, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidLot):
        a_products_lot(owner, inputs=(replace(bought(), **wrong),))


def test_a_lot_has_forty_inputs_at_most(owner: Producer) -> None:
    with pytest.raises(InvalidLot):
        a_products_lot(owner, inputs=(bought(),) * 41)


def test_a_place_is_only_told_of_bought_material(owner: Producer) -> None:
    with unit_of_work() as session:
        zone, commune = a_zone(session, owner), a_commune(session)
    used = InputFacts(material="cam", zone_id=zone.id, commune_id=commune.id, province_id=commune.parent_id)
    lot = a_products_lot(owner, inputs=(used,))
    [one] = load_history(db.session(), lot.id).inputs
    assert (one.commune_id, one.province_id) == (None, None)


def test_a_history_of_forty_events_takes_three_statements(owner: Producer) -> None:
    with unit_of_work() as session:
        zone = a_zone(session, owner)
        source = a_material_lot(session, owner, inputs=(from_zone(zone), bought()))
        product = a_product(session, producer=owner)
        lot = a_lot(session, product, events=39, inputs=(from_lot(source), from_zone(zone)))
        papers = [a_paper(session, lot), a_paper(session, lot)]
        an_event(session, lot, BizStep.INSPECTING, paper_id=papers[0].id)
        for number in ("1", "2"):
            facts = ReferenceFacts(portal=Portal.NATIONAL, reference=number)
            add_reference(session, None, owner, product.id, lot if number == "1" else None, facts, NOON)
    db.session.remove()
    with counted_statements() as sent:
        history = load_history(db.session(), lot.id)
        assert len(history.events) == len(history.living_events) == 40
        assert [one.lot_id for one in history.inputs] == [lot.id, lot.id]
        assert [one.name for one in history.zones] == [zone.name]
        assert history.inputs[0].source_lot is not None
        assert [paper.document.name for paper in history.papers if paper.document] == ["phieu.pdf"] * 2
        assert len(history.references) == 2
        assert (history.producer.id, history.product and history.product.id) == (owner.id, product.id)
        assert {one.name for one in history.sites} == set()
        assert history.shares.unknown == 100
        assert history.first_broken is None
    assert len([one for one in sent if one.startswith(("SELECT", "WITH"))]) == 3


def test_a_history_shows_the_references_of_its_own_lot_alone(owner: Producer) -> None:
    with unit_of_work() as session:
        product = a_product(session, producer=owner)
        lot, other = a_lot(session, product), a_lot(session, product)
        for which, name in ((lot, "own"), (other, "other"), (None, "all")):
            facts = ReferenceFacts(portal=Portal.OTHER, reference=name)
            add_reference(session, None, owner, product.id, which, facts, NOON)
    assert [one.reference for one in load_history(db.session(), lot.id).references] == ["own", "all"]


def test_there_is_no_history_of_no_lot(owner: Producer) -> None:
    with pytest.raises(NotFound):
        load_history(db.session(), 404)


def test_the_sites_of_a_history_are_those_of_its_events(owner: Producer) -> None:
    with unit_of_work() as session:
        site = a_site(session, owner)
        lot = a_lot(session, a_product(session, producer=owner), site_id=site.id)
        an_event(session, lot, site_id=site.id)
    assert [one.id for one in load_history(db.session(), lot.id).sites] == [site.id]


def test_questions_about_lots(owner: Producer) -> None:
    with unit_of_work() as session:
        product, other = (a_product(session, name, producer=owner) for name in ("Cam", "Quýt"))
        older = a_lot(session, product, made_on=date(2026, 10, 1), code="A")
        newer = a_lot(session, product, code="B", inputs=(from_zone(a_zone(session, owner)),))
        third = a_lot(session, other, made_on=date(2026, 9, 1))
        stranger = a_lot(session)
    session = db.session()
    assert find_lot(session, product.id, "A") is not None
    assert find_lot(session, other.id, "A") is None
    assert [lot.id for lot in list_lots(session, owner.id)] == [newer.id, older.id, third.id]
    assert [lot.id for lot in list_lots(session, owner.id, product_id=product.id, limit=1, offset=1)] == [
        older.id
    ]
    assert count_lots(session, owner.id) == 3
    last = find_last_lot(session, product.id)
    assert last is not None
    assert (last.id, len(last.inputs)) == (newer.id, 1)
    assert find_last_lot(session, 404) is None
    own = get_own_lot(session, newer.id, owner.id)
    assert own.product is not None
    with pytest.raises(NotFound):
        get_own_lot(session, stranger.id, owner.id)


def test_a_lot_that_fails_leaves_nothing(owner: Producer) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        a_lot(session, a_product(session, producer=owner))
        raise ZeroDivisionError
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Lot)) == 0
    assert db.session.scalars(sa.select(MaterialZone)).all() == []


def test_a_form_that_comes_twice_makes_one_lot(owner: Producer) -> None:
    facts = replace(FACTS, name="Cam tươi", form_key="k1")
    with unit_of_work() as session:
        lot = make_lot(session, None, owner, facts, NOON)
    with pytest.raises(MadeBefore) as refused, unit_of_work() as session:
        make_lot(session, None, owner, facts, NOON)
    assert refused.value.parameters["lot"] == lot.id
    with unit_of_work() as session:
        other = a_producer(session, "HTX khác")
        make_lot(session, None, other, facts, NOON)
        make_lot(session, None, owner, replace(facts, form_key=None), NOON)
        make_lot(session, None, owner, replace(facts, form_key=None), NOON)
    assert count_lots(db.session(), owner.id) == 3


def test_of_a_form_that_comes_twice_at_once_one_lot_comes(owner: Producer, race: Any) -> None:
    facts = replace(FACTS, name="Cam tươi", form_key="k1")
    make = partial(make_lot, actor=None, producer=owner, facts=facts, at=NOON)
    assert race(make, make) == ["MadeBefore", "done"]
    assert count_lots(db.session(), owner.id) == 1
