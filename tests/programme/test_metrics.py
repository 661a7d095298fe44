"""What each metric counts, on a province of two districts where every case is made by hand."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.ideas.models import IdeaState, ProductIdea, RoadmapStep
from marketplace.certification.models import RevocationReason
from marketplace.certification.oversight.models import Inspection, InspectionKind
from marketplace.database import unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.producers.models import LegalForm, Producer
from marketplace.programme.asset_models import (
    CapacitySupport,
    CraftVillage,
    CraftVillageProduct,
    FlagshipProduct,
    IPRight,
    ProducerYearStat,
    RightKind,
    SupportKind,
    VillageRelation,
)
from marketplace.programme.behind import get_behind
from marketplace.programme.fact_models import (
    ChannelKind,
    ChannelPresence,
    EventKind,
    EventReach,
    TradeEvent,
    TrainingAttendance,
    TrainingSession,
)
from marketplace.programme.figures import Figure
from marketplace.programme.models import Compare, Metric, Spread
from marketplace.programme.queries import get_plan
from marketplace.sales_points.models import PointLevel, SalesPoint
from tests.factories import accounts
from tests.factories.catalogue import TOURISM, a_product
from tests.factories.certification import a_certificate
from tests.factories.places import make_commune, make_district, make_province, make_unit, succeed
from tests.factories.producers import a_producer
from tests.factories.programme import a_programme, a_target

IN_2024 = date(2024, 5, 20)
SLIPS = count(1)


@dataclass
class Land:
    """A province that has ended, the one it went into, its districts, and one of next door."""

    session: Session
    province: AdminUnit
    today: AdminUnit
    north: AdminUnit
    south: AdminUnit
    abroad: AdminUnit
    person: int

    def product(self, name: str, *years: Any, where: AdminUnit | None = None, **facts: Any) -> Product:
        """Write a product with a 3-star certificate for each year, day, or pair with stars."""
        place = {"origin_id": (where or self.north).id}
        product = a_product(self.session, name, location=place, **facts)
        for one in years:
            issued, stars = one if isinstance(one, tuple) else (one, 3)
            when = {"issued_on": issued} if isinstance(issued, date) else {"year": issued}
            if issued is None:
                when = {"issued_on": None}
            a_certificate(self.session, product, stars, **when)
        return product

    def maker(self, name: str, form: LegalForm | None = LegalForm.COOPERATIVE) -> Producer:
        return a_producer(self.session, name, legal_form=form, origin_id=self.north.id)

    def note(self, fact_class: type[Any], **columns: Any) -> Any:
        """Write a fact into the plan's books."""
        at = {"recorded_by": self.person, "recorded_at": clock.now(), "source": "Báo cáo 1"}
        fact = fact_class(unit_id=self.province.id, **at, **columns)
        self.session.add(fact)
        self.session.flush()
        return fact

    def figure(self, metric: Metric, **changes: Any) -> Figure:
        """Return the figure of a plan with one target, and check that the drill-down lists as many."""
        programme = a_programme(self.session, self.province)
        a_target(self.session, programme, "T1", metric=metric, **changes)
        figure = get_plan(programme.slug).figures[0]
        assert len(get_behind(programme.slug, "T1").rows) == figure.tally.count
        assert len(get_behind(programme.slug, "T1", unsure=True).rows) == figure.tally.unsure
        return figure

    def counts(self, metric: Metric, **changes: Any) -> tuple[int, int, int]:
        tally = self.figure(metric, **changes).tally
        return tally.count, tally.base, tally.unsure


@pytest.fixture
def land(app: Flask) -> Any:
    ended: dict[str, Any] = {"valid_to": date(2025, 6, 30)}
    with unit_of_work() as session:
        today = make_province(session, "Quảng Trị")
        province = make_province(session, "Quảng Bình", key="former", **ended)
        succeed(session, province, today)
        succeed(session, make_province(session, "Quảng Trị", key="joined", **ended), today)
        south_commune_of = make_district(session, "Lệ Thủy", province)
        make_unit(
            session,
            "Phong Thủy",
            "xã",
            south_commune_of.level.COMMUNE,
            parent_id=south_commune_of.id,
            **ended,
        )
        yield Land(
            session=session,
            province=province,
            today=today,
            north=make_district(session, "Minh Hóa", province),
            south=south_commune_of,
            abroad=make_commune(session, "Hải Lăng", today),
            person=accounts.a_person(session).id,
        )


def test_the_period_and_the_stars_decide(land: Land) -> None:
    land.product("Trước", 2023)
    land.product("Trong", IN_2024)
    land.product("Chỉ biết năm", 2024)
    land.product("Ngày cuối", date(2024, 12, 31))
    land.product("Sau", date(2025, 1, 1))
    land.product("Nâng hạng", (date(2024, 2, 1), 3), (date(2024, 9, 1), 4))
    land.product("Không năm", None)
    land.product("Không sao", (2024, None))
    land.product("Tỉnh khác", IN_2024, where=land.abroad)
    made_up = land.product("Bịa", IN_2024)
    made_up.fictitious = True
    land.session.flush()
    assert land.counts(Metric.RECOGNISED) == (5, 0, 1)
    assert land.counts(Metric.RECOGNISED, star_from=3, star_to=3) == (3, 0, 2)
    assert land.counts(Metric.RECOGNISED, star_from=4) == (1, 0, 2)


def test_a_year_alone_must_lie_in_the_period_whole(land: Land) -> None:
    land.product("Năm 2024", 2024)
    land.product("Có ngày", date(2024, 11, 2))
    late = {"period_start": date(2024, 10, 1), "period_end": date(2025, 3, 31)}
    assert land.counts(Metric.RECOGNISED, **late) == (1, 0, 0)


def test_only_a_surely_first_recognition_is_new(land: Land) -> None:
    land.product("Mới", 2024)
    land.product("Có từ trước", 2021, 2024)
    land.product("Có giấy không ngày", None, 2024)
    assert land.counts(Metric.FIRST_RECOGNISED) == (1, 0, 1)


def test_renewed_is_of_all_known_before(land: Land) -> None:
    land.product("Lại", 2021, 2024)
    land.product("Không lại", 2021)
    land.product("Mới", 2024)
    assert land.counts(Metric.RENEWED) == (1, 2, 0)


def test_kept_lives_on_the_first_day_and_on_the_last(land: Land) -> None:
    land.product("Hết giữa năm", date(2021, 6, 1))
    land.product("Cả năm", date(2022, 6, 1))
    land.product("Nối tiếp", date(2021, 6, 1), date(2024, 5, 1))
    land.product("Mới trong năm", IN_2024)
    revoked = land.product("Bị thu hồi", date(2023, 6, 1))
    certificate = a_certificate(land.session, revoked, 3, issued_on=date(2023, 6, 2))
    revoke_certificate(land.session, certificate, RevocationReason.LAW_BROKEN, date(2024, 3, 1))
    assert land.counts(Metric.KEPT) == (3, 4, 0)


def test_a_group_is_counted_by_its_own(land: Land) -> None:
    land.product("Làng du lịch", 2024, set_number=TOURISM)
    land.product("Cam", 2024)
    assert land.counts(Metric.RECOGNISED, group_slug="du-lich") == (1, 0, 0)


def test_producers_by_legal_form(land: Land) -> None:
    land.product("Cam", 2023, producer=land.maker("HTX Một"))
    land.product("Bưởi", 2024, producer=land.maker("Công ty Hai", LegalForm.ENTERPRISE))
    land.product("Mật", 2024, producer=land.maker("Cơ sở Ba", None))
    land.product("Muộn", 2025, producer=land.maker("HTX Bốn"))
    assert land.counts(Metric.PRODUCERS_RANKED, legal_form=LegalForm.COOPERATIVE) == (1, 3, 1)


def test_new_producers_by_district(land: Land) -> None:
    old = land.maker("HTX Cũ")
    land.product("Cam", 2022, producer=old)
    land.product("Cam mới", 2024, producer=old)
    land.product("Bưởi", 2024, producer=land.maker("HTX Mới"))
    land.product("Mật", 2024, producer=land.maker("Hộ Mới", LegalForm.HOUSEHOLD), where=land.south)
    land.product("Muối", 2024, producer=land.maker("Ai đó", None), where=land.south)
    each = {"spread": Spread.EACH_DISTRICT, "least": 1, "legal_form": LegalForm.COOPERATIVE}
    figure = land.figure(Metric.PRODUCERS_NEW, **each)
    assert [(part.name, part.count) for part in figure.parts] == [("huyện Lệ Thủy", 0), ("huyện Minh Hóa", 1)]
    assert [part.name for part in figure.missing] == ["huyện Lệ Thủy"]
    assert figure.tally.unsure == 1
    assert land.counts(Metric.PRODUCERS_NEW) == (3, 0, 0)


def test_help_and_dossiers(land: Land) -> None:
    old, new = land.maker("HTX Cũ"), land.maker("HTX Mới")
    tea = land.product("Trà", 2022, producer=old)
    land.product("Mật", 2024, producer=new)
    for producer in (old, new):
        land.note(
            CapacitySupport, producer_id=producer.id, kind=SupportKind.PACKAGING, given_on=date(2024, 1, 1)
        )
    dossier = {"kind": SupportKind.CENTRAL_DOSSIER, "producer_id": old.id, "product_id": tea.id}
    land.note(CapacitySupport, given_on=date(2024, 12, 31), **dossier)
    assert land.counts(Metric.PRODUCERS_SUPPORTED) == (1, 0, 0)
    assert land.counts(Metric.DOSSIERS_SUPPORTED) == (1, 0, 0)


def test_trainings_and_who_attended(land: Land) -> None:
    here, absent = land.maker("HTX Dự"), land.maker("HTX Vắng")
    for number, producer in enumerate((here, absent)):
        land.product(f"Cam {number}", 2023, producer=producer)
    for day in (date(2023, 12, 31), IN_2024):
        session = land.note(TrainingSession, topic="Nhãn", held_on=day, officials=3)
        attending = here if day == IN_2024 else absent
        land.session.add(TrainingAttendance(session_id=session.id, producer_id=attending.id))
    assert land.counts(Metric.PRODUCERS_TRAINED, percent=True, least=100) == (1, 2, 0)
    assert land.counts(Metric.TRAINING_SESSIONS, compare=Compare.NONE) == (1, 0, 0)


def idea(land: Land, producer: Producer, year: int = 2024, **changes: Any) -> ProductIdea:
    """Write a slip that was taken in, as it was on paper in a year gone by."""
    number = next(SLIPS)
    facts = {
        "name": f"Mứt {number}",
        "state": IdeaState.ACCEPTED,
        "slip_number": number,
        "origin": "Vỏ bưởi",
        "material": "Bưởi trong xã",
        "market": "Khách du lịch",
        "submitted_by": land.person,
        "submitted_at": clock.now(),
        **changes,
    }
    places = {"commune_id": land.abroad.id, "province_id": land.today.id}
    made = ProductIdea(producer_id=producer.id, year=year, **places, **facts)
    land.session.add(made)
    land.session.flush()
    return made


def test_slips_count_where_their_producers_lie_in_the_years_of_the_period(land: Land) -> None:
    here = land.maker("HTX Ở đây")
    for _time in range(3):
        idea(land, here)
    idea(land, here, 2023)
    idea(land, here, 2025)
    idea(land, here, state=IdeaState.SUBMITTED, slip_number=None)
    idea(land, here, state=IdeaState.WITHDRAWN)
    idea(land, a_producer(land.session, name="HTX Nơi khác", origin_id=land.abroad.id))
    assert land.counts(Metric.IDEAS, compare=Compare.NONE) == (3, 0, 0)
    idea(land, a_producer(land.session, name="HTX Không rõ nơi"))
    assert land.counts(Metric.IDEAS, compare=Compare.NONE) == (3, 0, 0), "its commune is not of this land"


def test_potential_products_count_once_they_have_a_roadmap(land: Land) -> None:
    here = land.maker("HTX Ở đây")
    planned = [idea(land, here, potential=True) for _time in range(2)]
    idea(land, here, potential=True)
    plain = idea(land, here)
    withdrawn = idea(land, here, potential=True, state=IdeaState.WITHDRAWN)
    for one in (*planned, planned[0], plain, withdrawn):
        step = {"words": "Làm nhãn", "due_on": date(2024, 9, 1), "recorded_by": land.person}
        land.session.add(RoadmapStep(idea_id=one.id, **step))
    land.session.flush()
    assert land.counts(Metric.POTENTIAL_IDEAS, compare=Compare.NONE) == (2, 0, 0)


def test_inspections_count_by_their_day(land: Land) -> None:
    here, elsewhere = land.maker("HTX Ở đây"), a_producer(land.session, origin_id=land.abroad.id)
    days = [date(2023, 12, 31), date(2024, 1, 1), IN_2024, date(2024, 12, 31), date(2025, 1, 1)]
    for producer, day in [*((here, day) for day in days), (elsewhere, IN_2024)]:
        facts = {"kind": InspectionKind.PERIODIC, "inspectors": "Sở", "words": "Đạt", "inspected_on": day}
        recorded = {"recorded_by": land.person, "recorded_at": clock.now()}
        land.session.add(Inspection(unit_id=land.today.id, producer_id=producer.id, **facts, **recorded))
    land.session.flush()
    assert land.counts(Metric.INSPECTIONS, compare=Compare.NONE) == (3, 0, 0)


def test_channels_reach_into_the_period(land: Land) -> None:
    kinds = {
        "HTX Siêu thị": (ChannelKind.SUPERMARKET, date(2023, 1, 1), None),
        "HTX Đã ngừng": (ChannelKind.CONVENIENCE, date(2022, 1, 1), date(2023, 12, 31)),
        "HTX Trên mạng": (ChannelKind.ECOMMERCE, date(2024, 3, 1), date(2024, 4, 1)),
    }
    for name, (kind, started, ended) in kinds.items():
        producer = land.maker(name)
        land.product(f"Cam {name}", 2024, producer=producer)
        land.note(
            ChannelPresence,
            producer_id=producer.id,
            kind=kind,
            partner="X",
            started_on=started,
            ended_on=ended,
        )
    assert land.counts(Metric.PRODUCERS_IN_MODERN_CHANNELS) == (1, 3, 0)
    assert land.counts(Metric.ONLINE) == (1, 3, 0)


def test_flagships_in_each_district(land: Land) -> None:
    for name, where in (("Cam", land.north), ("Bưởi", land.north), ("Mật", land.south)):
        product = land.product(name, where=where)
        land.note(FlagshipProduct, product_id=product.id, named_on=IN_2024)
    late = land.product("Muộn")
    land.note(FlagshipProduct, product_id=late.id, named_on=date(2025, 1, 1))
    figure = land.figure(Metric.FLAGSHIPS, spread=Spread.EACH_DISTRICT, least=2)
    assert [part.count for part in figure.parts] == [1, 2]


def test_only_districts_with_a_craft_village_are_asked(land: Land) -> None:
    village = {"district_id": land.north.id, "recognised_on": date(2020, 1, 1)}
    weaving = land.note(CraftVillage, name="Làng mây tre", **village)
    basket = land.product("Rổ", 2024)
    land.session.add(
        CraftVillageProduct(village_id=weaving.id, product_id=basket.id, relation=VillageRelation.MADE_IN)
    )
    each = {"spread": Spread.EACH_DISTRICT, "least": 1, "needs_village": True}
    figure = land.figure(Metric.VILLAGE_PRODUCTS, **each)
    assert [(part.name, part.count) for part in figure.parts] == [("huyện Minh Hóa", 1)]


def test_points_by_level_and_opening(land: Land) -> None:
    def point(name: str, **facts: Any) -> None:
        place = {"printed_province": "Quảng Bình", "origin_id": land.south.id}
        land.session.add(SalesPoint(slug=name, name=name, name_key=name, **place, **facts))
        land.session.flush()

    point("tinh", level=PointLevel.PROVINCE, opened_on=date(2023, 1, 1))
    point("huyen", level=PointLevel.DISTRICT, opened_on=date(2024, 2, 1))
    point("dong", level=PointLevel.PROVINCE, opened_on=date(2023, 1, 1), closed_on=date(2024, 6, 1))
    point("khong-ro")
    point("khong-ngay", level=PointLevel.PROVINCE)
    assert land.counts(Metric.POINTS, point_level=PointLevel.PROVINCE) == (1, 0, 2)
    assert land.counts(Metric.POINTS_OPENED) == (1, 0, 2)
    each = {"spread": Spread.EACH_DISTRICT, "least": 1, "point_level": PointLevel.DISTRICT}
    assert [part.count for part in land.figure(Metric.POINTS, **each).parts] == [1, 0]


def test_each_year_of_trade_promotion(land: Land) -> None:
    for day in (date(2022, 4, 1), date(2022, 5, 1), date(2024, 5, 1)):
        land.note(
            TradeEvent, name="Hội chợ", kind=EventKind.FAIR, reach=EventReach.IN_COUNTRY, started_on=day
        )
    years = {"period_start": date(2022, 1, 1), "spread": Spread.EACH_YEAR, "least": 1}
    figure = land.figure(Metric.TRADE_EVENTS, **years)
    assert [(part.name, part.count) for part in figure.parts] == [("2022", 2), ("2023", 0), ("2024", 1)]


def test_rights_and_statistics(land: Land) -> None:
    producer = land.maker("HTX Một")
    land.product("Cam", 2023, producer=producer)
    land.note(IPRight, producer_id=producer.id, kind=RightKind.TRADEMARK, number="4-1", filed_on=IN_2024)
    land.note(ProducerYearStat, producer_id=producer.id, year=2024, workers=9, local_workers=7)
    assert land.counts(Metric.IP_RIGHTS, compare=Compare.NONE) == (1, 0, 0)
    assert land.counts(Metric.PRODUCERS_WITH_STATISTICS, compare=Compare.NONE) == (1, 0, 0)
