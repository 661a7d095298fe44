"""Setting a site up: the schema, the shipped facts, and, for the demo, the shipped register with samples."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from marketplace import clock, jobs
from marketplace.catalogue.classification import load_groups_and_sets
from marketplace.catalogue.models import Product, ProductAlias
from marketplace.certification.chain.writing import write_missing_lines
from marketplace.certification.dossiers.working_days import load_holidays
from marketplace.certification.regulations import load_regulations
from marketplace.database import db, unit_of_work
from marketplace.places.loading import load_units
from marketplace.programme.loading import load_plans
from marketplace.search import actions as search
from marketplace.settings import PROJECT
from marketplace.upkeep.demo_people import load_demo_people
from marketplace.upkeep.importing.producers import import_producers
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.importing.sales_points import import_sales_points
from marketplace.upkeep.samples.loading import load_samples

MIGRATIONS = PROJECT / "marketplace" / "migrations"
REGISTER = PROJECT / "marketplace" / "data" / "register"
FILES = (
    (import_producers, "producers.csv"),
    (import_products, "products.csv"),
    (import_sales_points, "sales_points.csv"),
)

Tell = Callable[[str], None]


class ShippedRegisterBroken(RuntimeError):
    """The shipped register does not go in: a defect of the release."""


def set_up(demo: bool = False, report: Tell = print) -> None:
    """Bring the database up to date and load what is shipped; safe to repeat, and says what it did.

    The demo also gets the shipped register, once, and samples; production gets neither.
    """
    migrate()
    report("Cơ sở dữ liệu: đúng phiên bản.")
    load_facts(report)
    if demo:
        load_demo(report)
    build_index(report)


def build_index(report: Tell = print) -> None:
    """Do the waiting jobs, the index's among them, and build the index where it is not sound."""
    done = jobs.do_all()
    built = search.tend()
    report(f"Chỉ mục tìm kiếm: {'dựng mới' if built else 'sẵn sàng'} ({done} việc đã làm).")


def migrate() -> None:
    """Bring the schema to its newest version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, "head")
    db.session.rollback()


def load_facts(report: Tell = print) -> None:
    """Load units, groups and sets, regulations and plans, and begin the chain of an older register."""
    with unit_of_work() as session:
        written = load_units(session)
        load_groups_and_sets(session)
        load_regulations(session)
        holidays = load_holidays(session)
        plans = load_plans(session)
        lines = write_missing_lines(session, clock.now())
    report(f"Đơn vị hành chính: {written} dòng mới. Nhóm, bộ sản phẩm và quy định: đã nạp.")
    report(f"Ngày nghỉ lễ: {holidays} ngày mới.")
    report(f"Kế hoạch của các tỉnh: {plans} kế hoạch mới.")
    report(f"Chuỗi của sổ chứng nhận: {lines} dòng mới.")


def load_demo(report: Tell = print) -> None:
    """Load the shipped register, unless it is there, and samples for what lacks them."""
    if _register_is_loaded():
        report("Sổ đăng ký mẫu: đã nạp từ trước.")
    else:
        for load, name in FILES:
            report(_loaded(load(REGISTER / name), REGISTER / name))
    with unit_of_work() as session:
        offered = load_samples(session, clock.now())
        people = load_demo_people(session, clock.now())
    report(f"Số liệu mẫu: giá và tồn kho cho {offered} sản phẩm; đều ghi rõ là mẫu.")
    report(f"Người mẫu để vào vai: {people} tài khoản mới.")


def _register_is_loaded() -> bool:
    real = sa.select(sa.func.count()).select_from(ProductAlias).join(Product).where(~Product.fictitious)
    return bool(db.session.scalar(real))


def _loaded(outcome: Report, path: Path) -> str:
    if outcome.errors:
        raise ShippedRegisterBroken(f"{path.name}: {outcome.errors[0]}")
    return outcome.summary()
