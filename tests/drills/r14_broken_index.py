"""R14: an index broken in any way is not a broken site: the database answers, the worker heals."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa
from flask import Flask

from marketplace import jobs
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.search import actions, engine
from marketplace.search.generations import Sealed
from marketplace.search.models import SearchGeneration
from marketplace.search.queries import find
from marketplace.search.whoosh_engine import VERSION
from tests.drills import Outcome, Run, drill
from tests.factories.search import a_small_register

PAGES = ("/san-pham?q=keo+lac", "/goi-y?q=keo+l")

Damage = Callable[[Path], object]


def _present(base: Path) -> Path:
    name = engine.present_generation()
    db.session.rollback()
    assert name
    return base / name


def _to_each(ending: str, harm: Damage) -> Damage:
    return lambda base: [harm(file) for file in list(_present(base).glob(f"*{ending}"))]


def _zeros(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 400] = bytes(min(400, len(content) - middle))
    file.write_bytes(content)


def _older_version(seal: Path) -> None:
    seal.write_text(seal.read_text().replace(VERSION, "0/2.7.4"))


def _stale(base: Path) -> None:
    """Let the register go on while the jobs that tell of it are lost."""
    with unit_of_work() as session:
        session.add(_another_product())
        session.flush()
        session.info.clear()


def _another_product() -> Product:
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Product))
    return Product(
        slug=f"them-{number}", name="Kẹo lạc Hà Ly", name_folded="keo lac ha ly",
        words_folded=" keo lac ha ly ", trace_token=f"them-{number}", published_at=sa.func.now(),
    )  # fmt: skip


def _a_file_instead(base: Path) -> None:
    shutil.rmtree(base)
    base.write_text("index")


def _cut_and_read_only(base: Path) -> None:
    for file in _present(base).glob("*.seg"):
        os.truncate(file, 40)
    base.chmod(0o500)


def _other_row(base: Path) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(SearchGeneration).values(name="generation-0123456789abcdef"))


DAMAGES: dict[str, Damage] = {
    "segment deleted": _to_each(".seg", Path.unlink),
    "segment emptied": _to_each(".seg", lambda file: os.truncate(file, 0)),
    "segment cut in half": _to_each(".seg", lambda file: os.truncate(file, file.stat().st_size // 2)),
    "segment with zeros": _to_each(".seg", _zeros),
    "segment garbage": _to_each(".seg", lambda file: file.write_bytes(os.urandom(4_000))),
    "contents deleted": _to_each(".toc", Path.unlink),
    "contents emptied": _to_each(".toc", lambda file: os.truncate(file, 0)),
    "contents with zeros": _to_each(".toc", _zeros),
    "contents garbage": _to_each(".toc", lambda file: file.write_bytes(os.urandom(400))),
    "seal deleted": _to_each("seal.json", Path.unlink),
    "seal garbage": _to_each("seal.json", lambda file: file.write_bytes(b"\xff\x00{")),
    "other version": _to_each("seal.json", _older_version),
    "generation emptied": _to_each("", Path.unlink),
    "folder deleted": shutil.rmtree,
    "folder a file": _a_file_instead,
    "folder open to others": lambda base: base.chmod(0o777),
    "read-only and cut": _cut_and_read_only,
    "database of another day": _other_row,
    "index of another day": _stale,
    "lock left": lambda base: (base / ".writing").touch(),
}


@drill("R14", bar="0 answers of 5xx, 0 wrong results, healed in one round, for each kind of damage")
def a_broken_index_is_not_a_broken_site(run: Run) -> Outcome:
    """Damage the index in every way, with and without it open, and look at pages, results and healing."""
    got = {"kinds": 0, "server_errors": 0, "wrong": 0, "not_healed": 0, "slowest_heal_s": 0.0}
    with run.application() as app, _trusting_reader(not run.guarded):
        with unit_of_work() as session:
            a_small_register(session)
        jobs.do_all()
        actions.rebuild()
        for _ in range(run.count(short=1, full=20)):
            for kind, damage in DAMAGES.items():
                _suffer(app, kind, damage, got, open_meanwhile=run.random.random() < 0.5)
    bad = got["server_errors"] + got["wrong"] + got["not_healed"]
    return Outcome(got, ok=bad == 0 and got["kinds"] >= 12)


def _suffer(app: Flask, kind: str, damage: Damage, got: dict[str, float], *, open_meanwhile: bool) -> None:
    got["kinds"] += 1
    folder = engine.opened().folder
    damage(folder)
    if not open_meanwhile or kind == "database of another day":
        engine.opened().forget()
    _look(app, got)
    begun = time.monotonic()
    _heal(folder)
    got["slowest_heal_s"] = max(got["slowest_heal_s"], round(time.monotonic() - begun, 2))
    engine.opened().forget()
    _look(app, got)
    if find("keo lac").engine != "whoosh":
        got["not_healed"] += 1
        actions.rebuild()


def _heal(folder: Path) -> None:
    if folder.is_file():
        folder.unlink()
    try:
        actions.tend()
    except OSError:
        folder.chmod(0o700)
        actions.tend()


def _look(app: Flask, got: dict[str, float]) -> None:
    client = app.test_client()
    got["server_errors"] += sum(client.get(page).status_code >= 500 for page in PAGES)
    try:
        found = set(find("kẹo lạc").product_ids)
    except Exception:
        got["wrong"] += 1
        return
    named = sa.or_(*(Product.name.startswith(name) for name in ("Kẹo lạc", "Kẹo đậu phộng")))
    got["wrong"] += found != set(db.session.scalars(sa.select(Product.id).where(named)))


@contextmanager
def _trusting_reader(wanted: bool) -> Iterator[None]:
    """Read generations as if nothing ever happened to files: the control."""
    if not wanted:
        yield
        return

    def unseal(base: Path, name: str, version: str) -> Sealed:
        return Sealed(0, {file.name: file.read_bytes() for file in (base / name).iterdir()})

    with patch.object(engine, "unseal", unseal):
        yield
