"""The import contracts hold, and each turns red when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.settings import PROJECT

LINT = Path(sys.executable).with_name("lint-imports")
BREACHES = {
    "layers": ("marketplace/catalogue/models.py", "import marketplace.ordering.models"),
    "domains": ("marketplace/ordering/models/order.py", "from flask import request"),
    "whoosh": ("marketplace/web/filters.py", "import whoosh.index"),
    "qrcode": ("marketplace/web/filters.py", "import qrcode"),
    "pillow": ("marketplace/web/filters.py", "from PIL import Image"),
    "circles": ("marketplace/ordering/models/order.py", "import marketplace.ordering.stock"),
}


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [option for name in contracts for option in ("--contract", name)]
    return subprocess.run(
        [LINT, "--no-cache", "--no-logo", *chosen], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source that may be spoilt."""
    python_alone = shutil.ignore_patterns("__pycache__", "*.csv", "*.json", "*.svg", "*.po", "*.mo")
    shutil.copytree(PROJECT / "marketplace", tmp_path / "marketplace", ignore=python_alone)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    ended = lint(PROJECT)
    assert ended.returncode == 0, ended.stdout


def test_every_domain_is_kept_from_http() -> None:
    source = (PROJECT / "pyproject.toml").read_text()
    doors = {"api", "cli", "letters", "office", "scan", "signin", "storefront", "workspace", "web"}
    packages = {path.parent.name for path in PROJECT.glob("marketplace/*/__init__.py")} - {
        "data",
        "migrations",
        "settings",
    }
    forgotten = {name for name in packages - doors if f'"marketplace.{name}",' not in source}
    assert not forgotten


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_turns_its_contract_red(contract: str, copy: Path) -> None:
    path, line = BREACHES[contract]
    module = copy / path
    module.write_text(f"{module.read_text()}\n{line}\n")
    if contract == "circles":
        other = copy / "marketplace/ordering/stock.py"
        other.write_text(f"{other.read_text()}\nimport marketplace.ordering.models\n")
    ended = lint(copy, contract)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "0 kept, 1 broken" in ended.stdout


def test_a_package_without_a_layer_turns_the_layers_red(copy: Path) -> None:
    (copy / "marketplace" / "helpers.py").write_text('"""Nobody knows where this belongs."""\n')
    assert lint(copy, "layers").returncode == 1
