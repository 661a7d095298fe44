"""Two rows of the register that are one producer: weighed, merged whole, and never by halves."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock, jobs, register
from marketplace.accounts.models import ApiKey, Invitation, Membership, SignIn
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.certified_facts import ChangeField, read_change
from marketplace.catalogue.models import Product
from marketplace.database import Base, db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.models import Picture
from marketplace.ordering.models import Order
from marketplace.ordering.shipping_rules import ShippingRule, ShippingZone
from marketplace.ordering.shipping_zones import begin_zones
from marketplace.payments.ledger_models import PayoutAccount
from marketplace.places.models import AdminUnit
from marketplace.producers.actions import add_spelling, free_slug, register_producer
from marketplace.producers.matching import name_key
from marketplace.producers.models import FormerProducer, LegalForm, Producer, ProducerAlias
from marketplace.producers.queries import find_by_slug, find_heir
from marketplace.programme.asset_models import ProducerYearStat
from marketplace.programme.fact_models import TrainingAttendance, TrainingSession
from marketplace.search import engine
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall, RecallScope
from marketplace.upkeep.doctor import examine
from marketplace.upkeep.merging.acts import merge_producers
from marketplace.upkeep.merging.errors import Hindrance, MergeOutdated, MergeRefused
from marketplace.upkeep.merging.fates import FATES, OWNED, SCOPED, Fate, tables_of_producers
from marketplace.upkeep.merging.moving import lock_rows
from marketplace.upkeep.merging.pairs import Sign, list_pairs
from marketplace.upkeep.merging.weighing import count_rows, weigh
from tests.drills.stage import build_stage
from tests.factories.accounts import a_member, a_person, an_actor, an_owner, signed_in
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.deeds import deeds
from tests.factories.listings import a_picture
from tests.factories.lots import a_lot, a_material_lot, a_site, a_zone, from_zone
from tests.factories.office import a_report
from tests.factories.ordering import stocked
from tests.factories.payments import a_shop, buy, with_account
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer
from tests.factories.recalls import a_recall

NAMES = ("HTX Cam Khe Mây", "Hợp tác xã nông nghiệp Khe Mây")
STRAY = {"register_line": "subject", "deed": "org", "recall": "scope"}
"""Columns that read like references to a producer and are none: history, and a word for a kind."""


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """Two producers that are one, the second with a product."""
    with unit_of_work() as session:
        stays, goes = (a_producer(session, name, phone=None) for name in NAMES)
        a_certificate(session, a_product(session, "Cam Khe Mây", producer=goes), 4)
        return stays.id, goes.id


def merge(stays: int, goes: int, stamp: str | None = None) -> FormerProducer:
    """Merge as an officer who has just looked at both."""
    with unit_of_work() as session:
        weighed = weigh(session, session.get_one(Producer, stays), session.get_one(Producer, goes))
        stamp = weighed.stamp if stamp is None else stamp
        return merge_producers(session, None, stays, goes, stamp, clock.now())


def hindrances(stays: int, goes: int) -> list[Hindrance]:
    """Weigh two producers, and see that what stands against them is refused and nothing moves."""
    db.session.rollback()
    work = db.session()
    weighed = weigh(work, work.get_one(Producer, stays), work.get_one(Producer, goes))
    if weighed.obstacles:
        with pytest.raises(MergeRefused):
            merge(stays, goes)
        db.session.rollback()
        assert db.session.get(Producer, goes) is not None
        assert find_heir(db.session(), "hop-tac-xa-nong-nghiep-khe-may") is None
    return [one.hindrance for one in weighed.obstacles]


def recorded(session: Session) -> dict[str, Any]:
    """What a book of the programme says of every row."""
    unit = session.scalars(sa.select(AdminUnit)).first() or make_province(session)
    facts = {"unit_id": unit.id, "recorded_by": a_person(session).id, "recorded_at": clock.now()}
    return {**facts, "source": "Phiếu của xã"}


def a_class(session: Session, topic: str) -> int:
    """Write a training of the province."""
    held = TrainingSession(topic=topic, held_on=clock.today(), officials=2, **recorded(session))
    session.add(held)
    session.flush()
    return held.id


def stamp_of(two: tuple[int, int]) -> str:
    """The stamp of what an officer would be shown now."""
    db.session.rollback()
    work = db.session()
    return weigh(work, *(work.get_one(Producer, one) for one in two)).stamp


def rows(model: Any, *which: Any) -> list[Any]:
    db.session.rollback()
    wanted = sa.select(model).where(*which).execution_options(populate_existing=True)
    return list(db.session.scalars(wanted))


def test_every_reference_to_a_producer_is_decided_upon() -> None:
    assert tables_of_producers().keys() == FATES.keys(), "say in FATES what a merger does with these rows"
    for table in Base.metadata.sorted_tables:
        assert sum(key.target_fullname == "producer.id" for key in table.foreign_keys) <= 1, table.name


def test_every_other_name_of_a_producer_is_decided_upon() -> None:
    scoped, owned, named = set(), set(), set()
    for table in Base.metadata.sorted_tables:
        scoped |= {table.name} if "scope_id" in table.c else set()
        owned |= {table.name} if "owner" in table.c else set()
        named |= {
            (table.name, column.name)
            for column in table.c
            if column.name in {"org", "subject", "scope", "producer_slug"}
            or (column.name.endswith("producer_id") and not column.foreign_keys)
        }
    assert (scoped, owned) == (set(SCOPED), set(OWNED))
    assert dict(named) == STRAY


def test_a_row_of_every_table_moves(app: Flask) -> None:
    stage = build_stage(app)
    assert FATES.keys().isdisjoint(stage.unfilled)
    goes = stage.own.first("producer")
    a_recall(RecallScope.PRODUCER, goes)
    with unit_of_work() as session:
        a_report(session, session.get_one(Producer, goes))
        stays = a_producer(session, "HTX Trang thứ hai", phone=None).id
        session.execute(
            sa.update(Recall).values(lifted_at=clock.now(), lift_words="Hàng khác đã rõ nguồn gốc.")
        )
    before = count_rows(db.session(), stays, goes)
    there = {name for name, (_, theirs) in before.items() if theirs}
    assert there == FATES.keys() | SCOPED, "the stage holds a row of each"
    merge(stays, goes)
    after = count_rows(db.session(), stays, goes)
    ended = {name for name, fate in FATES.items() if fate is Fate.ENDS}
    for name in there - ended:
        assert after[name] == (before[name][1] + (name == "former_producer"), 0), name
    assert "sheet_trial" not in after
    assert rows(Producer, Producer.id == goes) == []
    assert rows(Picture, Picture.owner == f"producer:{goes}") == []


def test_the_product_is_found_under_the_name_that_stays(two: tuple[int, int], app: Flask) -> None:
    stays, goes = two
    version = register.current_version()
    jobs.do_all()
    former = merge(stays, goes)
    assert (former.number, former.slug, former.producer_id) == (goes, "hop-tac-xa-nong-nghiep-khe-may", stays)
    [product] = rows(Product)
    assert product.producer_id == stays
    assert "cam khe may htx" in product.words_folded
    assert "nong nghiep" not in product.words_folded
    assert register.current_version() > version
    assert [one.name for one in rows(ProducerAlias)] == [NAMES[1]]
    [job] = rows(jobs.Job, jobs.Job.kind == engine.UPDATE)
    assert job.payload["product_ids"] == [product.id]


def test_the_old_slug_leads_on_for_ever_and_is_never_given_again(two: tuple[int, int]) -> None:
    stays, goes = two
    merge(stays, goes)
    old, work = "hop-tac-xa-nong-nghiep-khe-may", db.session()
    assert find_heir(work, old) == "htx-cam-khe-may"
    found = find_by_slug(work, old)
    assert found is not None
    assert found.id == stays
    assert find_by_slug(work, "khong-co") is None
    assert find_heir(work, "htx-cam-khe-may") is None
    assert free_slug(work, NAMES[1], {}) != old
    assert read_change(work, ChangeField.PRODUCER, old) == "htx-cam-khe-may"
    with unit_of_work() as session:
        later = a_producer(session, "HTX Về sau", phone=None).id
    merge(later, stays)
    assert find_heir(db.session(), old) == "htx-ve-sau"


def test_a_number_is_never_given_again(two: tuple[int, int]) -> None:
    stays, goes = two
    merge(stays, goes)
    with unit_of_work() as session:
        first = register_producer(session, "HTX Mới").id
        second = register_producer(session, "HTX Mới hơn").id
    assert stays < goes < first < second


def test_the_deed_says_what_moved_and_history_stays(two: tuple[int, int]) -> None:
    stays, goes = two
    merge(stays, goes)
    [deed] = deeds("producer:merge")
    assert (deed.org, deed.subject_id) == (f"producer:{stays}", str(stays))
    assert f'"former_id":{goes}' in deed.data
    assert '"moved_codes":["product:1"]' in deed.data


def test_an_officer_is_named_in_the_journal(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        actor = an_actor(a_person(session))
        weighed = weigh(session, session.get_one(Producer, stays), session.get_one(Producer, goes))
        merge_producers(session, actor, stays, goes, weighed.stamp, clock.now())
    assert deeds("producer:merge")[0].actor_id == actor.person_id


def test_what_changed_since_it_was_shown_is_shown_again(two: tuple[int, int]) -> None:
    stays, goes = two
    with pytest.raises(MergeOutdated):
        merge(stays, goes, "0" * 32)
    work = db.session()
    stamp = weigh(work, work.get_one(Producer, stays), work.get_one(Producer, goes)).stamp
    with unit_of_work() as session:
        an_owner(session, goes)
    with pytest.raises(MergeOutdated):
        merge(stays, goes, stamp)


@pytest.mark.parametrize(
    "change",
    [
        {"printed_address": "Thôn 9"},
        {"legal_form": LegalForm.HOUSEHOLD},
        {"province_id": 1},
        {"commune_id": 1},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("side", [0, 1])
def test_each_fact_that_is_shown_is_in_the_stamp(
    two: tuple[int, int], change: dict[str, Any], side: int
) -> None:
    with unit_of_work() as session:
        unit = make_province(session).id
    before = stamp_of(two)
    with unit_of_work() as session:
        for column, value in change.items():
            setattr(session.get_one(Producer, two[side]), column, unit if value == 1 else value)
    assert stamp_of(two) != before


def test_who_works_there_is_in_the_stamp(two: tuple[int, int]) -> None:
    with unit_of_work() as session:
        scope, others = Scope(ScopeKind.PRODUCER, two[1]), [a_person(session) for _ in range(2)]
        member = a_member(session, scope, Role.STAFF, others[0])
        number, other = member.id, others[1].id
    seen = {stamp_of(two)}
    for change in ({"person_id": other}, {"role": Role.OWNER}, {"scope_id": two[0]}):
        with unit_of_work() as session:
            for column, value in change.items():
                setattr(session.get_one(Membership, number), column, value)
        seen.add(stamp_of(two))
    assert len(seen) == 4


def test_nobody_is_merged_into_itself_or_twice(two: tuple[int, int]) -> None:
    stays, goes = two
    with pytest.raises(NotFound):
        merge(stays, stays)
    work = db.session()
    stamp = weigh(work, work.get_one(Producer, stays), work.get_one(Producer, goes)).stamp
    merge(stays, goes, stamp)
    with pytest.raises(NotFound), unit_of_work() as session:
        merge_producers(session, None, stays, goes, stamp, clock.now())


def test_what_the_one_leaves_empty_the_other_fills(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        one, other = session.get_one(Producer, stays), session.get_one(Producer, goes)
        one.story, one.website = "Vườn nhà.", None
        other.story, other.website, other.phone = "Chuyện khác.", "https://khe-may.example", "0912345678"
    merge(stays, goes)
    [kept] = rows(Producer)
    assert (kept.story, kept.website, kept.phone) == ("Vườn nhà.", "https://khe-may.example", "0912345678")


def test_a_telephone_that_the_demo_made_up_goes(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        other = session.get_one(Producer, goes)
        other.phone, other.sample_contact = "0900000001", True
    merge(stays, goes)
    assert rows(Producer)[0].phone is None


def test_a_shop_without_a_street_on_one_side_stays_open(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        session.get_one(Producer, stays).printed_address = None
        other = session.get_one(Producer, goes)
        other.printed_address, other.sample_contact = "Thôn 7, đường Đồi Cam", True
        number = stocked(session, "Mứt cam", producer=other).product_id
    assert rows(Product, Product.id == number)[0].offered
    merge(stays, goes)
    [kept] = rows(Producer)
    assert (kept.printed_address, kept.sample_contact) == ("Thôn 7, đường Đồi Cam", True)
    assert kept.can_sell
    assert rows(Product, Product.id == number)[0].offered


def test_the_address_of_the_one_that_stays_counts(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        other = session.get_one(Producer, goes)
        other.printed_address, other.sample_contact = "Thôn 7, đường Đồi Cam", True
    merge(stays, goes)
    [kept] = rows(Producer)
    assert (kept.printed_address, kept.sample_contact) == ("Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh", False)


@pytest.mark.parametrize("place", [{"printed_commune": "Phúc Trạch"}, {"printed_province": None}])
def test_an_address_elsewhere_is_taken_from_nobody(two: tuple[int, int], place: dict[str, Any]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        one = session.get_one(Producer, stays)
        one.printed_address = None
        session.get_one(Producer, goes).printed_commune = "Hương Đô"
        for column, value in place.items():
            setattr(one, column, value)
    assert hindrances(stays, goes) == [Hindrance.ADDRESS]
    with unit_of_work() as session:
        session.get_one(Producer, goes).printed_address = None
    assert hindrances(stays, goes) == []


@pytest.mark.parametrize(("column", "kept"), [("website", True), ("source_url", False)])
def test_own_words_stay_own_words(two: tuple[int, int], column: str, kept: bool) -> None:
    stays, goes = two
    with unit_of_work() as session:
        other = session.get_one(Producer, goes)
        other.described_at = clock.now()
        setattr(other, column, "https://khe-may.example")
    merge(stays, goes)
    [producer] = rows(Producer)
    assert getattr(producer, column) == "https://khe-may.example"
    assert producer.described_at == (clock.now() if kept else None)


def test_who_spoke_for_itself_did_so_when_it_did(two: tuple[int, int]) -> None:
    stays, goes = two
    before = clock.now() - timedelta(days=9)
    with unit_of_work() as session:
        session.get_one(Producer, stays).described_at = before
        other = session.get_one(Producer, goes)
        other.described_at, other.story = clock.now(), "Vườn nhà."
    merge(stays, goes)
    assert rows(Producer)[0].described_at == before


def test_members_come_along_as_the_more_they_were(two: tuple[int, int]) -> None:
    stays, goes = two
    kept, left = (Scope(ScopeKind.PRODUCER, number) for number in two)
    with unit_of_work() as session:
        both, staff, mine = a_person(session), a_person(session), an_owner(session, stays)
        a_member(session, kept, Role.STAFF, both)
        a_member(session, left, Role.OWNER, both)
        a_member(session, left, Role.STAFF, staff)
        a_member(session, left, Role.STAFF, mine)
        for person in (both, staff, mine):
            signed_in(session, person)
        bystander = a_person(session)
        signed_in(session, bystander)
    merge(stays, goes)
    held = {(one.person_id, one.role) for one in rows(Membership, Membership.scope_id == stays)}
    assert held == {(mine.id, Role.OWNER), (both.id, Role.OWNER), (staff.id, Role.STAFF)}
    assert rows(Membership, Membership.scope_id == goes) == []
    assert [one.person_id for one in rows(SignIn)] == [bystander.id]


def test_the_scope_of_a_sales_point_of_the_same_number_stays(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        a_member(session, Scope(ScopeKind.SALES_POINT, goes), Role.KEEPER)
    merge(stays, goes)
    assert [one.scope_kind for one in rows(Membership)] == [ScopeKind.SALES_POINT]
    assert rows(ApiKey) == rows(Invitation) == []


def test_spellings_are_written_once(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        for number in two:
            add_spelling(session, session.get_one(Producer, number), "HTX NN Khe Mây")
        add_spelling(session, session.get_one(Producer, goes), NAMES[0])
    merge(stays, goes)
    assert sorted(one.name for one in rows(ProducerAlias)) == ["HTX NN Khe Mây", NAMES[1]]


@pytest.mark.parametrize("both", [False, True])
def test_the_shipping_rule_of_the_one_that_stays_counts(two: tuple[int, int], both: bool) -> None:
    stays, goes = two
    with unit_of_work() as session:
        for number in two if both else [goes]:
            session.add(ShippingRule(producer_id=number, pickup_words=f"Lối {number}", zones=[]))
            session.flush()
            begin_zones(
                session, an_actor(1), session.get_one(Producer, number), ("Nơi khác", "Tỉnh"), clock.now()
            )
        zones = len(session.scalars(sa.select(ShippingZone).where(ShippingZone.producer_id == goes)).all())
    merge(stays, goes)
    [rule] = rows(ShippingRule)
    assert (rule.producer_id, rule.pickup_words) == (stays, f"Lối {stays if both else goes}")
    assert {one.producer_id for one in rows(ShippingZone)} == {stays}
    assert len(rows(ShippingZone)) == zones


def test_a_class_that_both_attended_is_one(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        only, shared = (a_class(session, topic) for topic in ("Nhãn hàng", "Bán qua mạng"))
        for course, number in ((only, goes), (shared, goes), (shared, stays)):
            session.add(TrainingAttendance(session_id=course, producer_id=number))
    merge(stays, goes)
    found = {(one.session_id, one.producer_id) for one in rows(TrainingAttendance)}
    assert found == {(only, stays), (shared, stays)}


def test_files_change_their_owner(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        a_picture(session, session.get_one(Producer, goes))
    merge(stays, goes)
    assert {one.owner for one in rows(Picture)} == {f"producer:{stays}"}


def test_money_of_one_side_moves(app: Flask) -> None:
    shop = a_shop((90_000,))
    [goes] = shop.sellers
    buy(shop)
    with_account(goes)
    with unit_of_work() as session:
        stays = a_producer(session, NAMES[0], phone=None).id
        session.get_one(Producer, goes).phone = None
    merge(stays, goes)
    assert {one.producer_id for one in rows(Order)} == {stays}
    assert [one.producer_id for one in rows(PayoutAccount)] == [stays]


def test_the_doctor_finds_nothing_afterwards(app: Flask) -> None:
    shop = a_shop((90_000,))
    [goes] = shop.sellers
    buy(shop)
    with unit_of_work() as session:
        producer = session.get_one(Producer, goes)
        zone = a_zone(session, producer, "Vùng đồi")
        product = a_product(session, "Mứt cam", producer=producer)
        a_certificate(session, product, 4)
        a_lot(session, product, events=3, inputs=(from_zone(zone),))
        stays = a_producer(session, NAMES[0], phone=None).id
    jobs.do_all()
    before = list(examine(db.session()))
    merge(stays, goes)
    jobs.do_all()
    db.session.rollback()
    assert list(examine(db.session())) == before == []


def test_two_purses_are_never_one(app: Flask) -> None:
    shop = a_shop((90_000, 60_000))
    stays, goes = shop.sellers
    buy(shop, quantities={shop.variants[1]: 1})
    assert hindrances(stays, goes) == []
    with_account(stays)
    assert hindrances(stays, goes) == [Hindrance.MONEY]


def test_two_taxpayers_are_two(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        session.get_one(Producer, goes).tax_code = "3000123456"
    assert hindrances(stays, goes) == []
    with unit_of_work() as session:
        session.get_one(Producer, stays).tax_code = "3000654321"
    assert hindrances(stays, goes) == [Hindrance.TAX_CODE]


@pytest.mark.parametrize("side", [0, 1])
def test_a_recall_of_all_goods_spreads_to_nobody(two: tuple[int, int], side: int) -> None:
    recall = a_recall(RecallScope.PRODUCER, two[side])
    assert hindrances(*two) == [Hindrance.RECALL]
    with unit_of_work() as session:
        kept = session.get_one(Recall, recall.id)
        kept.lifted_at, kept.lift_words = clock.now(), "Hàng đã rõ nguồn gốc."
    assert hindrances(*two) == []
    merge(*two)
    assert [one.producer_id for one in rows(Recall)] == [two[0]]


def test_no_officer_becomes_a_trader_of_the_own_unit(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        here, there = make_province(session), make_province(session, "Quảng Trị")
        for number, province in ((stays, here), (goes, there)):
            session.get_one(Producer, number).province_id = province.id
        person = an_owner(session, goes)
        a_member(session, Scope(ScopeKind.ADMIN_UNIT, there.id), Role.PROVINCE_OFFICER, a_person(session))
    assert hindrances(stays, goes) == []
    with unit_of_work() as session:
        a_member(session, Scope(ScopeKind.ADMIN_UNIT, here.id), Role.PROVINCE_OFFICER, person)
    assert hindrances(stays, goes) == [Hindrance.DUTY]


def test_what_both_have_by_one_name_is_told(two: tuple[int, int]) -> None:
    stays, goes = two
    with unit_of_work() as session:
        noted = recorded(session)
        for number in two:
            producer = session.get_one(Producer, number)
            a_zone(session, producer, "Vùng đồi")
            a_site(session, producer, f"Nhà sơ chế {number}")
            told = {"year": 2025, "workers": 9, "local_workers": 5, **noted}
            session.add(ProducerYearStat(producer_id=number, **told))
            a_material_lot(session, producer, code="NL-01")
    db.session.rollback()
    work = db.session()
    against = weigh(work, work.get_one(Producer, stays), work.get_one(Producer, goes)).obstacles
    found = {(one.table, one.about) for one in against}
    assert found == {("lot", "NL-01"), ("material_zone", "Vùng đồi"), ("producer_year_stat", "2025")}
    assert set(hindrances(stays, goes)) == {Hindrance.CLASH}


def test_lots_of_different_products_may_bear_one_code(two: tuple[int, int]) -> None:
    with unit_of_work() as session:
        for number in two:
            producer = session.get_one(Producer, number)
            product = a_product(session, f"Cam số {number}", producer=producer)
            a_lot(session, product, code="LO-01")
    assert hindrances(*two) == []
    merge(*two)
    assert {one.producer_id for one in rows(Lot)} == {two[0]}


def test_the_producers_are_locked_after_the_orders_and_before_all_else(two: tuple[int, int]) -> None:
    statements: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        with unit_of_work() as session:
            lock_rows(session, two)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    asked = [one.split("FROM ")[1].split()[0].strip('"') for one in statements if "FROM " in one]
    assert asked[0] == "order_group"
    assert asked[1] == "producer"
    assert set(asked[2:]) == FATES.keys() | SCOPED
    assert asked.index("invitation") < asked.index("membership")
    assert asked.index("product") < asked.index("listing")


@pytest.fixture
def province(app: Flask) -> int:
    """A province with a commune."""
    with unit_of_work() as session:
        unit = make_province(session)
        make_commune(session, "Hương Đô", unit)
        return unit.id


def test_pairs_are_told_the_surest_first(province: int) -> None:
    place = {"province_id": province, "printed_province": "Hà Tĩnh"}
    told_of: dict[str, dict[str, Any]] = {
        "HTX Khe Mây": {"tax_code": "3000123456", "phone": "0912111222"},
        "Công ty Khe Mây": {"tax_code": "3000123456", "phone": None},
        "HTX Phúc Trạch": {"phone": "0912111222"},
        "Hộ kinh doanh Phúc Trạch": {"phone": None, "printed_commune": "Phúc Trạch"},
        "Phúc Trạch": {"phone": None, "printed_commune": "Hương Đô"},
        "HTX Một mình": {"phone": "0900000000", "sample_contact": True},
        "HTX Lẻ loi": {"phone": "0900000000", "sample_contact": True},
    }
    with unit_of_work() as session:
        for name, facts in told_of.items():
            a_producer(session, name, name_key=name_key(name), **{**place, **facts})
    db.session.rollback()
    told = [(one.first.name, one.second.name, one.signs) for one in list_pairs(db.session(), sa.true())]
    assert told == [
        ("HTX Khe Mây", "Công ty Khe Mây", (Sign.TAX_CODE, Sign.LIKENESS)),
        ("HTX Khe Mây", "HTX Phúc Trạch", (Sign.PHONE,)),
        ("HTX Phúc Trạch", "Hộ kinh doanh Phúc Trạch", (Sign.LIKENESS,)),
        ("HTX Phúc Trạch", "Phúc Trạch", (Sign.LIKENESS,)),
    ]
    assert list_pairs(db.session(), Producer.province_id != province) == []


def test_one_name_needs_no_likeness_and_many_tell_nothing(province: int) -> None:
    place = {"province_id": province, "printed_province": "Hà Tĩnh", "phone": None}
    with unit_of_work() as session:
        for number in range(2):
            a_producer(session, "HTX Đồi Chè", slug=f"doi-che-{number}", **place)
        for number in range(13):
            a_producer(session, "Nguyễn Văn Hùng", slug=f"hung-{number}", **place)
    db.session.rollback()
    assert [one.signs for one in list_pairs(db.session(), sa.true())] == [(Sign.NAME,)]
