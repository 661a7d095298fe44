"""The commands that fill a site: import, setup and demo."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.app import create_app
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.cli.importing import progress_bar
from marketplace.database import db, unit_of_work
from marketplace.search.models import SearchGeneration
from marketplace.upkeep import setup
from tests.environment.application import make_settings
from tests.factories.accounts import a_member
from tests.factories.catalogue import a_product
from tests.factories.old_decisions import sheet_of
from tests.factories.places import make_province
from tests.factories.sheets import product, write_csv


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run a command within the application."""
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "sheet.csv"


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_import_reports_and_ends_with_nought(run: Callable[..., Result], sheet: Path) -> None:
    write_csv(sheet, [product(province="Không Có")])
    answer = run("import", "products", str(sheet))
    assert answer.exit_code == 0, answer.output
    assert "nghi vấn: dòng 2, cột province" in answer.output
    assert answer.output.splitlines()[-1].startswith("Sản phẩm: 1 dòng: 1 mới")
    assert count(Product) == 1


def test_a_dry_run_says_so(run: Callable[..., Result], sheet: Path) -> None:
    write_csv(sheet, [product()])
    answer = run("import", "products", str(sheet), "--dry-run")
    assert "Chạy thử, không ghi gì." in answer.output
    assert count(Product) == 0


@pytest.mark.parametrize("what", ["producers", "sales-points"])
def test_other_files_are_read_too(run: Callable[..., Result], sheet: Path, what: str) -> None:
    write_csv(sheet, [{"name": "Cam Vàng", "province": "Hà Tĩnh"}], ["name", "province"])
    answer = run("import", what, str(sheet))
    assert answer.exit_code == 0
    assert "1 mới" in answer.output


def test_an_error_ends_with_one_and_writes_nothing(run: Callable[..., Result], sheet: Path) -> None:
    write_csv(sheet, [product(stars="7")])
    answer = run("import", "products", str(sheet))
    assert answer.exit_code == 1
    assert "LỖI: dòng 2, cột stars" in answer.output
    assert count(Product) == 0


def test_a_file_that_is_no_sheet_ends_with_one(run: Callable[..., Result], sheet: Path) -> None:
    sheet.write_bytes(b"")
    answer = run("import", "products", str(sheet))
    assert answer.exit_code == 1
    assert "sheet.csv: Tệp rỗng." in answer.output


def test_the_bar_reaches_its_end(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress_bar("Đang nhập") as progress:
        for done in range(1, 121):
            progress(done, 120)
    assert "100%" in capsys.readouterr().err


def test_fictitious_products_are_a_demos_privilege(tmp_path: Path) -> None:
    settings = make_settings(
        f"sqlite:///{tmp_path / 'x.db'}",
        tmp_path,
        DEMO="0",
        SITE_URL="https://ocop.example.vn",
        **{f"OWNER_{name}": "x" for name in ("NAME", "ADDRESS", "REPRESENTATIVE", "CODE")},
        SUPPORT_PHONE="1900 0000",
        SUPPORT_EMAIL="a@example.vn",
    )
    answer = create_app(settings).test_cli_runner().invoke(args=["demo", "--products", "3"])
    assert answer.exit_code == 1
    assert "DEMO=1" in answer.output


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """An application whose database is not there yet."""
    app = create_app(make_settings(f"sqlite:///{tmp_path / 'bare.db'}", tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_bare_site_is_set_up_once_and_filled_with_as_many_as_wanted(bare: Flask) -> None:
    runner = bare.test_cli_runner()
    answer = runner.invoke(args=["setup"])
    assert answer.exit_code == 0, answer.output
    assert "322 mới" in answer.output
    assert "Chỉ mục tìm kiếm" in answer.output
    assert count(Product) == 322
    assert db.session.scalars(sa.select(SearchGeneration.documents)).one() == 322
    again = runner.invoke(args=["setup"])
    assert "đã nạp từ trước" in again.output
    filled = runner.invoke(args=["demo", "--products", "30", "--seed", "5"])
    assert "30 sản phẩm hư cấu mới" in filled.output
    assert count(Product) == 352
    db.session.rollback()
    assert db.session.scalars(sa.select(SearchGeneration.documents)).one() == 352


def test_production_is_set_up_without_a_register(bare: Flask) -> None:
    said: list[str] = []
    setup.set_up(demo=False, report=said.append)
    assert count(Product) == 0
    assert not any("mẫu" in line for line in said)


def test_decisions_are_drafted_in_an_officers_name(run: Callable[..., Result], sheet: Path) -> None:
    with unit_of_work() as session:
        unit = make_province(session).id
        a_product(session, "Kẹo cu đơ", location={"province_id": unit})
        officer = a_member(session, Scope(ScopeKind.ADMIN_UNIT, unit), Role.PROVINCE_OFFICER)
        number = str(officer.id)
    sheet.write_bytes(sheet_of([{"producer": ""}]))
    answer = run("import", "decisions", str(sheet), "--by", number, "--dry-run")
    assert (answer.exit_code, count(PaperDecision)) == (0, 0), answer.output
    assert "Chạy thử, không ghi gì." in answer.output
    answer = run("import", "decisions", str(sheet), "--by", number)
    assert (answer.exit_code, count(PaperDecision)) == (0, 1), answer.output
    assert db.session.scalars(sa.select(PaperDecision.drafted_by)).one() == int(number)


@pytest.mark.parametrize("words", [("decisions",), ("products", "--by", "1")])
def test_an_officer_is_named_for_decisions_alone(
    run: Callable[..., Result], sheet: Path, words: tuple[str, ...]
) -> None:
    with unit_of_work() as session:
        make_province(session)
    write_csv(sheet, [product()])
    what, *options = words
    answer = run("import", what, str(sheet), *options)
    assert (answer.exit_code, count(Product)) == (2, 0)
    assert "--by" in answer.output


def test_an_officer_whom_nobody_knows_drafts_nothing(run: Callable[..., Result], sheet: Path) -> None:
    with unit_of_work() as session:
        make_province(session)
    sheet.write_bytes(sheet_of([{}]))
    assert run("import", "decisions", str(sheet), "--by", "khong@ai.vn").exit_code == 1
    assert count(PaperDecision) == 0
