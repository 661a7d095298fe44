"""Importing products: all or nothing, once, and never a star too many."""

import unicodedata
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from marketplace import jobs
from marketplace import register as register_version
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import confirm_change_request, open_change_request
from marketplace.catalogue.models import (
    ClassifiedBy,
    Product,
    ProductAlias,
    ProductGroup,
    ProductSet,
    SalePolicy,
    Variant,
    live_stars,
)
from marketplace.catalogue.packs import set_variants
from marketplace.certification.models import Certificate, Decision
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer, ProducerAlias
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.importing.report import Report
from tests.conftest import NOON
from tests.factories.catalogue import a_pack
from tests.factories.listings import an_officer, producer_of, the_owner
from tests.factories.sheets import PRODUCT_HEADING, product, write_csv

TODAY = date(2026, 11, 21)


def load(sheet: Path, *rows: dict[str, str], dry_run: bool = False) -> Report:
    return import_products(write_csv(sheet, rows), dry_run=dry_run)


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def the_product() -> Product:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Product)).one()


def stars_on(day: date) -> list[int | None]:
    return list(db.session.scalars(sa.select(live_stars(day)).select_from(Product).order_by(Product.id)))


def doubts(report: Report) -> list[tuple[int, str]]:
    return [(finding.row, finding.column) for finding in report.doubts]


def test_letters_lost_in_an_export_are_doubted_with_row_and_column(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(name="Mật ong"), product(id="b", name="M?t ong r?ng"))
    assert doubts(report) == [(3, "name")]
    assert report.applied


def test_a_row_becomes_a_product_with_producer_place_and_certificate(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(decision_no="123/QĐ-UBND", decision_date="25/08/2024"))
    assert report.applied
    assert (report.added, report.certificates_added, report.findings) == (1, 1, [])
    kept = the_product()
    assert (kept.slug, kept.granted_stars, kept.certified_until) == ("cam-khe-may", 3, date(2027, 8, 25))
    assert kept.decision_checked
    assert kept.commune_id is not None
    assert kept.printed_district == "huyện Hương Khê"
    assert kept.words_folded == " cam khe may htx xa huong do huyen ha tinh "
    producer = db.session.get_one(Producer, kept.producer_id)
    assert (producer.name, kept.legal_form) == ("HTX Khe Mây", producer.legal_form)
    certificate = db.session.scalars(sa.select(Certificate)).one()
    assert (certificate.external_id, certificate.code) == ("p-1", "cam-khe-may-2024")
    assert db.session.scalars(sa.select(ProductAlias.external_id)).all() == ["p-1"]


def test_importing_twice_changes_nothing(register: Flask, sheet: Path) -> None:
    rows = [product(), product(id="p-2", name="Bưởi", decision_no="9/QĐ-UBND", decision_date="2024-01-02")]
    load(sheet, *rows)
    version = register_version.current_version()
    again = load(sheet, *rows)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert register_version.current_version() == version
    assert (count(Product), count(Certificate), count(Producer)) == (2, 2, 1)


def test_a_changed_row_updates_and_raises_the_version(register: Flask, sheet: Path) -> None:
    load(sheet, product())
    version = register_version.current_version()
    report = load(sheet, product(name="Cam Khe Mây đặc sản", stars="4", year="2025"))
    assert (report.added, report.changed) == (0, 1)
    kept = the_product()
    assert (kept.name, kept.granted_stars, kept.certified_until) == (
        "Cam Khe Mây đặc sản",
        4,
        date(2027, 12, 31),
    )
    assert "dac san" in kept.words_folded
    assert kept.slug == "cam-khe-may"
    assert count(Certificate) == 1
    assert register_version.current_version() == version + 1


def test_a_dry_run_writes_nothing(register: Flask, sheet: Path) -> None:
    version = register_version.current_version()
    waiting = jobs.count_waiting()
    report = load(sheet, product(), dry_run=True)
    assert (report.added, report.applied) == (1, False)
    assert "Chạy thử" in report.summary()
    assert (count(Product), count(Producer), count(Certificate)) == (0, 0, 0)
    assert (register_version.current_version(), jobs.count_waiting()) == (version, waiting)


def test_one_bad_cell_keeps_the_whole_file_out(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(), product(id="p-2", name="Bưởi", stars="2"))
    assert not report.applied
    assert [(f.row, f.column) for f in report.errors] == [(3, "stars")]
    assert "Có lỗi, không ghi gì" in report.lines()[-1]
    assert count(Product) == 0


def test_a_failure_half_way_leaves_nothing(register: Flask, sheet: Path) -> None:
    def stumble(done: int, total: int) -> None:
        if done == 2:
            raise ZeroDivisionError

    write_csv(sheet, [product(), product(id="p-2", name="Bưởi", producer="HTX Bưởi")])
    with pytest.raises(ZeroDivisionError):
        import_products(sheet, progress=stumble)
    assert (count(Product), count(Producer)) == (0, 0)


UPGRADE = (
    product(id="old", stars="3", year="2021"),
    product(id="new", stars="4", year="2025", producer="Hợp tác xã Khe Mây", name="CAM KHE MÂY"),
)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("apart", [True, False])
def test_another_id_and_a_later_certificate_are_one_product(
    register: Flask, sheet: Path, order: tuple[int, int], apart: bool
) -> None:
    rows = [UPGRADE[place] for place in order]
    if apart:
        for row in rows:
            load(sheet, row)
    else:
        load(sheet, *rows)
    kept = the_product()
    assert (kept.name, kept.granted_stars, kept.certified_until) == ("CAM KHE MÂY", 4, date(2027, 12, 31))
    assert set(db.session.scalars(sa.select(ProductAlias.external_id))) == {"old", "new"}
    certificates = {c.external_id: c for c in db.session.scalars(sa.select(Certificate))}
    assert {key: c.stars for key, c in certificates.items()} == {"old": 3, "new": 4}
    assert certificates["old"].superseded_by_id == certificates["new"].id
    assert set(db.session.scalars(sa.select(ProducerAlias.name))) <= {"HTX Khe Mây", "Hợp tác xã Khe Mây"}
    version = register_version.current_version()
    assert load(sheet, *rows).changed == 0
    assert register_version.current_version() == version


def test_a_renewal_that_names_no_stars_takes_the_plate_away(register: Flask, sheet: Path) -> None:
    load(sheet, product(stars="4", year="2024"), product(id="p-2", stars="", year="2025"))
    assert stars_on(TODAY) == [None]


def test_the_same_recognition_told_by_two_sources_is_one(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(), product(id="p-2", decision_no="5/QĐ-UBND"))
    assert (report.added, report.changed, count(Certificate)) == (1, 1, 1)
    assert count(ProductAlias) == 2
    again = load(sheet, product(), product(id="p-2", decision_no="5/QĐ-UBND"))
    assert (again.changed, again.unchanged) == (0, 2)


def test_one_name_with_two_producers_stays_two(register: Flask, sheet: Path) -> None:
    load(sheet, product(), product(id="p-2", producer="HTX Nông nghiệp Sơn Mai"))
    assert count(Product) == 2
    assert set(db.session.scalars(sa.select(Product.slug))) == {"cam-khe-may", "cam-khe-may-2"}


@pytest.mark.parametrize(
    ("changes", "products"),
    [({}, 1), ({"commune": ""}, 2), ({"district": "huyện Hương Sơn"}, 2), ({"province": "Nghệ An"}, 2)],
)
def test_without_producers_only_the_very_same_commune_will_do(
    register: Flask, sheet: Path, changes: dict[str, str], products: int
) -> None:
    load(sheet, product(producer="", year="2021"), product(producer="", id="p-2", year="2025", **changes))
    assert count(Product) == products


def test_a_namesake_without_a_producer_is_kept_apart_and_told(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(), product(id="p-2", producer=""))
    assert count(Product) == 2
    assert doubts(report) == [(3, "name")]


def test_an_id_used_for_two_products_is_an_error(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(), product(name="Bưởi"))
    assert [(f.row, f.column) for f in report.errors] == [(3, "id")]


def test_rows_of_one_id_are_its_recognitions(register: Flask, sheet: Path) -> None:
    rows = (product(year="2021"), product(year="2025", stars="4"), product(year="2025", stars="4"))
    report = load(sheet, *rows)
    assert doubts(report) == [(3, "id"), (4, "id")]
    assert (count(Product), count(Certificate)) == (1, 2)
    assert stars_on(TODAY) == [4]
    assert load(sheet, *rows).changed == 0


def test_a_row_without_an_id_gets_one_from_what_it_says(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(id=""))
    assert doubts(report) == [(2, "id")]
    assert load(sheet, product(id="")).unchanged == 1
    assert count(Product) == 1


@pytest.mark.parametrize(
    ("changes", "until", "stars"),
    [
        ({"year": "", "decision_date": ""}, None, None),
        ({"year": "2023"}, date(2025, 12, 31), None),
        ({"year": "2024"}, date(2026, 12, 31), 3),
        ({"year": "2024", "stars": ""}, date(2026, 12, 31), None),
        ({"year": "2024", "decision_date": "21/11/2023"}, date(2026, 11, 21), 3),
        ({"year": "2024", "decision_date": "20/11/2023"}, date(2026, 11, 20), None),
        ({"year": "", "decision_date": "31/02/2026"}, None, None),
    ],
)
def test_no_badge_that_may_have_lapsed(
    register: Flask, sheet: Path, changes: dict[str, str], until: date | None, stars: int | None
) -> None:
    load(sheet, product(**changes))
    assert the_product().certified_until == until
    assert stars_on(TODAY) == [stars]


def test_a_decisions_day_beats_the_stated_year(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(year="2019", decision_no="38/QĐ-UBND", decision_date="2020-01-15"))
    assert doubts(report) == [(2, "year")]
    assert db.session.scalars(sa.select(Certificate)).one().issued_on == date(2020, 1, 15)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_decision_dated_in_one_row_is_dated_in_all(
    register: Flask, sheet: Path, order: tuple[int, int]
) -> None:
    dated = product(decision_no="7/QĐ-UBND", decision_date="2024-03-01")
    undated = product(id="p-2", name="Bưởi", decision_no="7/QĐ-UBND")
    load(sheet, *[(dated, undated)[place] for place in order])
    assert set(db.session.scalars(sa.select(Certificate.issued_on))) == {date(2024, 3, 1)}
    assert count(Decision) == 1
    assert load(sheet, *[(dated, undated)[place] for place in order]).changed == 0


@pytest.mark.parametrize("column", ["status", "score", "points", "proposed_stars"])
def test_proposals_are_never_certificates(register: Flask, sheet: Path, column: str) -> None:
    write_csv(sheet, [product(**{column: "5"})], (*PRODUCT_HEADING, column))
    report = import_products(sheet)
    assert (report.applied, report.skipped, count(Product)) == (True, 1, 0)
    assert doubts(report) == [(2, column)]


@pytest.mark.parametrize("stated", ["Dược liệu và sản phẩm từ dược liệu", "Thảo dược"])
def test_the_sources_group_beats_ours(register: Flask, sheet: Path, stated: str) -> None:
    load(sheet, product(group=stated, group_inferred="Thực phẩm"))
    kept = the_product()
    assert db.session.get_one(ProductGroup, kept.group_id).slug == "duoc-lieu"
    assert (kept.set_id, kept.classified_by) == (None, ClassifiedBy.SOURCE)


def test_an_unknown_group_is_a_doubt_and_the_name_decides(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(group="Linh tinh", producer_type="Tập đoàn"))
    assert doubts(report) == [(2, "group"), (2, "producer_type")] or doubts(report) == [
        (2, "producer_type"),
        (2, "group"),
    ]
    kept = the_product()
    assert kept.classified_by is ClassifiedBy.INFERRED
    assert db.session.get_one(ProductSet, kept.set_id).number == 1


def test_where_no_word_helps_the_sources_guess_is_kept_as_a_guess(register: Flask, sheet: Path) -> None:
    load(sheet, product(name="Xyz", group_inferred="Thủ công mỹ nghệ"))
    kept = the_product()
    assert db.session.get_one(ProductGroup, kept.group_id).slug == "thu-cong"
    assert (kept.set_id, kept.classified_by) == (None, ClassifiedBy.INFERRED)


def test_nothing_known_is_nothing_claimed(register: Flask, sheet: Path) -> None:
    load(sheet, product(name="Xyz"))
    assert (the_product().group_id, the_product().classified_by) == (None, None)


@pytest.mark.parametrize("group", ["", "Thực phẩm", "Đồ uống"])
def test_alcohol_asks_for_age_whatever_the_source_says(register: Flask, sheet: Path, group: str) -> None:
    load(sheet, product(name="Rượu mơ", group=group))
    kept = the_product()
    assert db.session.get_one(ProductSet, kept.set_id).sale_policy is SalePolicy.AGE_18


def test_what_the_office_classified_stays(register: Flask, sheet: Path) -> None:
    load(sheet, product())
    with unit_of_work() as session:
        kept = session.scalars(sa.select(Product)).one()
        kept.set_id = session.scalars(sa.select(ProductSet.id).where(ProductSet.number == 7)).one()
        kept.classified_by = ClassifiedBy.OURS
    load(sheet, product(name="Cam"))
    assert db.session.get_one(ProductSet, the_product().set_id).number == 7


def test_a_stated_price_is_offered_as_one_of_the_product(register: Flask, sheet: Path) -> None:
    load(sheet, product(price_vnd="85.000"))
    variant = db.session.scalars(sa.select(Variant)).one()
    assert (variant.name, variant.price, variant.sample) == ("1 sản phẩm", 85_000, False)
    assert the_product().from_price == 85_000
    assert load(sheet, product(price_vnd="85000")).unchanged == 1
    assert load(sheet, product(price_vnd="90.000 đ")).changed == 1
    assert the_product().from_price == 90_000


@pytest.mark.parametrize(("waiting", "shown"), [(False, 70_000), (True, None)])
def test_a_price_of_the_producer_is_not_overwritten(
    register: Flask, sheet: Path, waiting: bool, shown: int | None
) -> None:
    load(sheet, product())
    with unit_of_work() as session:
        kept = session.scalars(sa.select(Product)).one()
        set_variants(session, kept, [a_pack(price=70_000)], waiting=waiting)
    report = load(sheet, product(price_vnd="85.000"))
    assert doubts(report) == [(2, "price_vnd")]
    assert the_product().from_price == shown


def test_unknown_places_are_doubts_and_stay_as_printed(register: Flask, sheet: Path) -> None:
    report = load(sheet, product(province="Tỉnh Không Có", commune="", district=""))
    assert doubts(report) == [(2, "province")]
    kept = the_product()
    assert (kept.printed_province, kept.province_id) == ("Tỉnh Không Có", None)
    assert doubts(load(sheet, product(id="p-2", province="", name="Bưởi"))) == [
        (2, "commune"),
        (2, "province"),
    ]


def test_a_province_of_today_that_contradicts_the_place_is_told(register: Flask, sheet: Path) -> None:
    assert doubts(load(sheet, product(province_2025="Nghệ An"))) == [(2, "province_2025")]
    assert load(sheet, product(province_2025="Hà Tĩnh")).doubts == []


def test_spellings_of_one_text_are_one(register: Flask, sheet: Path) -> None:
    load(sheet, product(name="Đường phèn Hòa", producer="Cty TNHH MTV Hòa Đức"))
    report = load(
        sheet,
        product(
            id="p-2",
            year="2025",
            name=unicodedata.normalize("NFD", "\u00d0ường phèn Hoà"),
            producer="Công ty trách nhiệm hữu hạn một thành viên Hoà Đức",
        ),
    )
    assert (report.added, count(Product), count(Producer)) == (0, 1, 1)
    assert the_product().name == "Đường phèn Hoà"


def test_many_rows_go_in_by_batches_and_namesakes_get_numbers(register: Flask, sheet: Path) -> None:
    rows = [product(id=f"p-{n}", producer=f"HTX Số {n}") for n in range(1201)]
    steps: list[int] = []
    report = import_products(write_csv(sheet, rows), progress=lambda done, total: steps.append(done))
    assert (report.added, count(Product), steps[-1]) == (1201, 1201, 1201)
    assert db.session.scalar(sa.select(sa.func.count()).where(Product.slug == "cam-khe-may-1201")) == 1
    assert count(Certificate) == 1201


def confirm(product_id: int, at: datetime, **changes: str) -> None:
    with unit_of_work() as session:
        asked = {ChangeField(field): value for field, value in changes.items()}
        kept = session.get_one(Product, product_id)
        owner, officer = the_owner(producer_of(session, kept)), an_officer()
        request = open_change_request(session, kept, asked, reason="đã đổi", actor=owner, at=at)
        confirm_change_request(session, request, actor=officer, at=at)


def test_what_an_officer_confirmed_stays_until_a_later_recognition(register: Flask, sheet: Path) -> None:
    old = product(decision_no="12/QĐ-UBND", decision_date="2024-05-20")
    load(sheet, old)
    another = db.session.scalars(sa.select(ProductSet.slug).order_by(ProductSet.number.desc())).first()
    confirm(the_product().id, NOON - timedelta(days=60), name="Cam Khe Mây ngọt", set=another or "")
    report = load(sheet, old)
    assert report.changed == 0
    assert (2, "name") in doubts(report)
    db.session.expire_all()
    kept = db.session.scalars(sa.select(Product).options(joinedload(Product.set))).one()
    assert kept.name == "Cam Khe Mây ngọt"
    assert kept.set is not None
    assert kept.set.slug == another
    load(
        sheet,
        old,
        product(id="p-2", name="CAM KHE MÂY", decision_no="99/QĐ-UBND", decision_date="2026-10-20"),
    )
    assert {row.name for row in db.session.scalars(sa.select(Product))} >= {"CAM KHE MÂY"}
