"""The five shipped plans on the shipped register, against counts read off its files by other means."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.programme.figures import Figure
from marketplace.programme.loading import load_plans, shipped_plans
from marketplace.programme.models import Compare, Metric
from marketplace.programme.queries import get_plan, list_programmes
from marketplace.upkeep.importing.producers import import_producers
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.importing.sales_points import import_sales_points
from marketplace.upkeep.setup import REGISTER, load_facts
from tests.catalogue.statements import counted_statements

Row = dict[str, str]
MOST_STATEMENTS = 9
ROWS = {
    "ha-tinh-2020": [f"HT{number}" for number in range(11)],
    "thua-thien-hue-2021-2025": [f"TTH{number}" for number in range(1, 12)],
    "quang-binh-2021-2025": [f"QB{number}" for number in range(1, 13)],
    "thanh-hoa-2019": [f"TH{number}" for number in range(1, 7)],
    "dong-thap-2024": [f"DT{number}" for number in range(1, 12)],
}


def rows(name: str, province: str) -> list[Row]:
    with (REGISTER / name).open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["province"] == province]


def of_years(province: str, first: int, last: int, stars: Iterable[int] = (3, 4, 5)) -> list[Row]:
    """Return the rows of a province whose year lies in a span; the shipped rows name no product twice."""
    return [
        row
        for row in rows("products.csv", province)
        if row["year"] and first <= int(row["year"]) <= last and row["stars"] in {str(one) for one in stars}
    ]


def of_any_stars(province: str, first: int, last: int) -> list[Row]:
    found = rows("products.csv", province)
    return [row for row in found if row["year"] and first <= int(row["year"]) <= last]


def makers(found: Iterable[Row]) -> set[str]:
    return {row["producer"] for row in found if row["producer"]}


def new_makers(province: str, first: int, last: int) -> set[str]:
    """Return makers whose every row lies in the span or later: an undated row may be older."""
    years: dict[str, list[str]] = defaultdict(list)
    for row in rows("products.csv", province):
        years[row["producer"]].append(row["year"])
    here = makers(of_any_stars(province, first, last))
    return {one for one in here if all(year and int(year) >= first for year in years[one])}


def typed(found: Iterable[Row], kind: str) -> set[str]:
    return {row["producer"] for row in found if row["producer_type"] == kind}


COUNTS: dict[str, Callable[[], int]] = {
    "HT1": lambda: len(of_years("Hà Tĩnh", 2020, 2020, (3, 4))),
    "HT2": lambda: len(of_years("Hà Tĩnh", 2020, 2020, (4, 5))),
    "HT4": lambda: len(new_makers("Hà Tĩnh", 2020, 2020)),
    "HT5": lambda: 0,
    "HT7": lambda: len(of_years("Hà Tĩnh", 2019, 2019)),
    "HT8": lambda: len(of_years("Hà Tĩnh", 2019, 2019, (4,))),
    "TTH2": lambda: len(of_any_stars("Thừa Thiên Huế", 2018, 2020)),
    "TTH2a": lambda: len(new_makers("Thừa Thiên Huế", 2018, 2020)),
    "TTH4": lambda: len(of_years("Thừa Thiên Huế", 2018, 2020)),
    "TTH4a": lambda: len(of_years("Thừa Thiên Huế", 2018, 2020, (4,))),
    "TTH4b": lambda: len(of_years("Thừa Thiên Huế", 2018, 2020, (3,))),
    "TTH7": lambda: len(of_any_stars("Thừa Thiên Huế", 2021, 2025)),
    "TTH9": lambda: len(of_years("Thừa Thiên Huế", 2021, 2025, (5,))),
    "QB1": lambda: len(of_any_stars("Quảng Bình", 2021, 2025)),
    "QB2": lambda: len(of_years("Quảng Bình", 2021, 2025, (5,))),
    "QB3": lambda: len(of_years("Quảng Bình", 2021, 2025, (4,))),
    "QB4": lambda: len(of_years("Quảng Bình", 2021, 2025, (3,))),
    "QB5": lambda: 0,
    "QB6": lambda: len(typed(of_any_stars("Quảng Bình", 2018, 2025), "Hợp tác xã")),
    "QB7": lambda: len(typed(of_any_stars("Quảng Bình", 2018, 2025), "Doanh nghiệp")),
    "QB9": lambda: 0,
    "TH1": lambda: len(of_any_stars("Thanh Hóa", 2019, 2019)),
    "DT1": lambda: len(of_years("Đồng Tháp", 2022, 2023)),
    "DT2": lambda: len(of_any_stars("Đồng Tháp", 2024, 2024)),
    "DT5": lambda: len(typed(of_any_stars("Đồng Tháp", 2018, 2024), "Doanh nghiệp")),
}
"""By row of a plan: how many the register's files show, read without the database."""

BASES: dict[str, Callable[[], int]] = {
    "HT6": lambda: len(makers(of_any_stars("Hà Tĩnh", 2018, 2020))),
    "TTH3": lambda: 36,
    "QB5": lambda: len(of_any_stars("Quảng Bình", 2018, 2020)),
    "QB6": lambda: len(makers(of_any_stars("Quảng Bình", 2018, 2025))),
    "DT1": lambda: len(of_years("Đồng Tháp", 2021, 2023)),
    "DT5": lambda: len(makers(of_any_stars("Đồng Tháp", 2018, 2024))),
    "DT8": lambda: len(of_years("Đồng Tháp", 2022, 2024)),
}

UNSURE: dict[str, Callable[[], int]] = {
    "HT1": lambda: sum(not row["year"] for row in rows("products.csv", "Hà Tĩnh")),
    "HT5": lambda: len(rows("sales_points.csv", "Hà Tĩnh")),
    "TTH2": lambda: sum(not row["year"] for row in rows("products.csv", "Thừa Thiên Huế")),
    "QB1": lambda: sum(not row["year"] for row in rows("products.csv", "Quảng Bình")),
    "QB9": lambda: len(rows("sales_points.csv", "Quảng Bình")),
}


@pytest.fixture
def register(app: Flask) -> None:
    load_facts(lambda _words: None)
    import_producers(REGISTER / "producers.csv")
    import_products(REGISTER / "products.csv")
    import_sales_points(REGISTER / "sales_points.csv")


@pytest.mark.usefixtures("register")
def test_every_figure_is_what_the_files_of_the_register_show() -> None:
    """Loaded once, counted with few statements a plan, and not written twice."""
    figures: dict[str, Figure] = {}
    for programme in list_programmes():
        db.session.rollback()
        with counted_statements() as sent:
            plan = get_plan(programme.slug)
        assert len(sent) <= MOST_STATEMENTS, sent
        figures |= {figure.target.code: figure for figure in plan.figures}
    assert {code: figures[code].tally.count for code in COUNTS} == {c: f() for c, f in COUNTS.items()}
    assert {code: figures[code].base for code in BASES} == {c: f() for c, f in BASES.items()}
    assert {code: figures[code].tally.unsure for code in UNSURE} == {c: f() for c, f in UNSURE.items()}
    nothing_kept_yet = {
        code
        for code, figure in figures.items()
        if figure.target.compare is not Compare.NONE and code not in {*COUNTS, *BASES}
    }
    assert {code: figures[code].tally.count for code in nothing_kept_yet} == dict.fromkeys(
        nothing_kept_yet, 0
    )
    _check_districts(figures)
    with unit_of_work() as session:
        assert load_plans(session) == 0


def _check_districts(figures: dict[str, Figure]) -> None:
    """The lists of districts as they were on the day of each plan, by name and by number."""
    hue = [part.name for part in figures["TTH6"].parts]
    assert sorted(hue) == sorted(
        ["thành phố Huế", "thị xã Hương Thủy", "thị xã Hương Trà", "huyện A Lưới", "huyện Nam Đông",
         "huyện Phong Điền", "huyện Phú Lộc", "huyện Phú Vang", "huyện Quảng Điền"]
    )  # fmt: skip
    quang_binh = [part.name for part in figures["QB10"].parts]
    assert sorted(quang_binh) == sorted(
        ["thành phố Đồng Hới", "thị xã Ba Đồn", "huyện Bố Trạch", "huyện Lệ Thủy", "huyện Minh Hóa",
         "huyện Quảng Ninh", "huyện Quảng Trạch", "huyện Tuyên Hóa"]
    )  # fmt: skip
    dong_thap = [part.name for part in figures["DT4"].parts]
    assert len(dong_thap) == 12
    assert "thành phố Hồng Ngự" in dong_thap
    assert "thị xã Hồng Ngự" not in dong_thap
    assert figures["DT6"].parts == ()


def test_duties_of_the_cycle_are_read_off_slips_roadmaps_and_inspections() -> None:
    """Rows HT10, DT9 and TH5 of the seeds."""
    told = {row["code"]: row.get("metric") for plan in shipped_plans().values() for row in plan["targets"]}
    wanted = {
        "HT10": Metric.TRAINING_SESSIONS,
        "HT10a": Metric.IDEAS,
        "HT10b": Metric.INSPECTIONS,
        "DT9": Metric.POTENTIAL_IDEAS,
        "TH5": Metric.IDEAS,
    }
    assert {code: told[code] for code in wanted} == wanted


def test_every_row_of_the_five_plans_is_there_with_its_source() -> None:
    for slug, codes in ROWS.items():
        plan = shipped_plans()[slug]
        assert [row["code"] for row in plan["targets"] if row["code"][-1].isdigit()] == codes
        assert plan["source"]
        metrics = {row["metric"] for row in plan["targets"] if "metric" in row}
        assert metrics <= {metric.value for metric in Metric}
    assert set(shipped_plans()) == set(ROWS)
