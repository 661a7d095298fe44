"""R25: hostile files get a clear refusal, in bounded time and memory, and leave nothing behind."""

import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.settings import PROJECT
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.sheets import SheetRefused
from tests.drills import Outcome, Run, drill
from tests.factories import sheets
from tests.factories.sheets import csv_text, product, write_csv, write_xlsx

SECONDS, MEGABYTES = 10.0, 200
ONE_IN = 3
"""Which share of the files the short form sends; tests of the import send every kind."""
MEASURED = """
import sys
from marketplace.upkeep.sheets import child
child.limit_process()
child.main(sys.argv[1])
status = open("/proc/self/status").read()
print(status.split("VmHWM:")[1].split()[0], file=sys.stderr)
"""
Case = Callable[[Path, int], Path]


def _bytes(make: Callable[[], bytes]) -> Case:
    def write(path: Path, size: int) -> Path:
        path.write_bytes(make())
        return path

    return write


def _with_cell(cell: str) -> Case:
    return lambda path, size: write_csv(path, [product(), product(id="p-2", name=cell)])


def _bad_rows(path: Path, size: int) -> Path:
    return write_csv(path, [product(id=str(n), name="=1+1", stars="9") for n in range(size)])


def _formulas(path: Path, size: int) -> Path:
    rows = [[str(n), "=1+1", "Hà Tĩnh"] for n in range(size)]
    return write_xlsx(path, [["id", "name", "province"], *rows])


def _same_ids(path: Path, size: int) -> Path:
    return write_csv(path, [product(name=f"Cam {n}") for n in range(size)])


TEXT = csv_text([product(id=str(n), name=f"Nước mắm Đức Thọ {n}") for n in range(20)])
CASES: dict[str, tuple[Case, str]] = {
    "tcvn3": (_bytes(lambda: sheets.tcvn3(TEXT)), "TCVN3"),
    "vni": (_bytes(lambda: sheets.vni(TEXT)), "VNI"),
    "half utf-16": (_bytes(lambda: TEXT.encode("utf-16")[:-1]), "hỏng ở dòng"),
    "noise": (_bytes(lambda: bytes(range(128, 256)) * 4000), "bảng mã"),
    "empty": (_bytes(bytes), "Tệp rỗng"),
    "zip bomb": (lambda path, size: sheets.zip_bomb(path), "bom nén"),
    "5,000 parts": (lambda path, size: sheets.many_entries(path), "bom nén"),
    "formulas": (_formulas, "dòng 2, cột name"),
    "1 MB cell": (_with_cell("x" * 1_000_000), "dòng 3, cột name"),
    "null byte": (_with_cell("Cam\x00"), "dòng 3, cột name"),
    "reversed": (_with_cell("Cam \u202egnas"), "dòng 3, cột name"),
    "bad rows": (_bad_rows, "dòng 2, cột name"),
    "same ids": (_same_ids, "dòng 3, cột id"),
    "open quote": (_bytes((TEXT + chr(34) + "x" * 1_000_000).encode), "dấu ngoặc kép"),
}


@drill("R25", bar="every file refused by row and column, 0 rows written, < 10 s and < 200 MB each")
def hostile_files_are_refused(run: Run) -> Outcome:
    """Import each hostile file; the control reads them without the limited child and its checks."""
    size = run.count(short=500, full=10_000)
    with run.application():
        told = {name: _try(run, name, size) for name in CASES if run.takes(name, ONE_IN)}
        written = db.session.scalar(sa.select(sa.func.count()).select_from(Product)) or 0
    unclear = sorted(name for name, one in told.items() if not one["clear"])
    slowest = max(one["seconds"] for one in told.values())
    memory = max(one["mb"] for one in told.values())
    got = {"unclear": unclear, "written": written, "slowest_s": slowest, "largest_mb": memory}
    return Outcome(got, ok=not unclear and not written and slowest < SECONDS and memory < MEGABYTES)


def _try(run: Run, name: str, size: int) -> dict[str, Any]:
    make, expected = CASES[name]
    path = make(run.folder / f"{name.replace(' ', '-').replace(',', '')}.sheet", size)
    begun = time.monotonic()
    said = _import(path) if run.guarded else _read_naively(path)
    seconds = round(time.monotonic() - begun, 2)
    return {"clear": expected in said, "seconds": seconds, "mb": _peak_of_child(path)}


def _import(path: Path) -> str:
    try:
        return "\n".join(import_products(path).lines())
    except SheetRefused as refusal:
        return refusal.reason


def _peak_of_child(path: Path) -> int:
    """Return the most memory in MB that the process which opens the file ever held."""
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return int(ended.stderr.split()[-1]) // 1024


def _read_naively(path: Path) -> str:
    """Read the file as one would without a thought: as UTF-8, trusting every cell."""
    content = path.read_bytes()
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8", "replace"))))
    except csv.Error as error:
        return str(error)
    return f"{len(rows)} rows"
