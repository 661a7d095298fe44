"""S7: whatever text people leave, in a real browser it is shown and never run."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.cli.web_server import WebServer
from marketplace.database import db, unit_of_work
from marketplace.register import raise_version
from tests.drills import Outcome, Run, drill
from tests.drills.addresses import Undeclared, addresses, is_for, routes
from tests.drills.given import SHARED
from tests.drills.payloads import ADDRESSES, PAYLOADS
from tests.drills.stage import Stage, build_stage
from tests.environment import chromium

CALLERS = ("guest", "buyer", "owner", "commune officer", "administrator")
KEPT = (
    "slug",
    "key",
    "_hash",
    "_key",
    "_folded",
    "token",
    "code",
    "digest",
    "sku",
    "device",
    "owner",
    "gtin",
    "_offset",
    "format",
    "bank_bin",
    "account",
)
"""Ends of names of columns by which things are found or counted; the texts in them are ours."""
KEPT_TABLES = SHARED | {"totp_secret", "product_group", "product_set"}
LISTEN = """
window.alert = window.confirm = window.prompt = () => { window.ran = (window.ran || 0) + 1 };
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused = (window.refused || []).concat(event.violatedDirective + " " + event.blockedURI);
});
"""
LOOK = """() => ({
  ran: (window.ran || 0) + [...document.querySelectorAll("[href],[src],[action],[formaction],[srcdoc]")]
    .filter((element) => ["href", "src", "action", "formaction"].some((name) =>
      /^\\s*(java\\s*script|vbscript|data:text\\/html)/i.test(element.getAttribute(name) || ""))
      || element.hasAttribute("srcdoc")).length,
  refused: window.refused || [],
})"""
Page = tuple[str, str]


@drill(
    "S7",
    bar="0 scripts run although the content policy is off, 0 violations of it when it is on",
    databases=("sqlite",),
)
def texts_are_never_run(run: Run) -> Outcome:
    """Write a payload into every text column of every row, and look at the pages without their policy."""
    with socket.create_server(("127.0.0.1", 0)) as listener, clock.stopped(clock.now(), everywhere=True):
        port = listener.getsockname()[1]
        with run.application(PORT=str(port)) as app:
            if not run.guarded:
                app.jinja_env.autoescape = False
                app.jinja_env.bytecode_cache = None
            stage = build_stage(app)
            pages = _pages(run, stage)
            written = _spoil_texts(run)
            with _served(app, listener), ThreadPoolExecutor(1) as own_thread:
                seen = own_thread.submit(_look, stage, f"http://127.0.0.1:{port}", pages).result()
    ran = [f"{name} {path}" for name, path, found, _ in seen if found["ran"]]
    refused = [f"{name} {path}: {found['refused'][:2]}" for name, path, _, found in seen if found["refused"]]
    shown = sum(found["ok"] for *_, found in seen)
    got = {
        "payloads": len(PAYLOADS),
        "texts": written,
        "pages": len(seen),
        "shown": shown,
        "ran": ran[:6],
        "violations": refused[:6],
    }
    return Outcome(got, ok=shown > len(seen) * 0.7 and not ran and not refused)


def _pages(run: Run, stage: Stage) -> list[Page]:
    """Return who looks at what: every page in the full form, some that are there in the short one."""
    found: list[Page] = []
    for name in CALLERS:
        for route in routes(stage.app):
            if route.writes or not is_for(route, name):
                continue
            try:
                found += [(name, address) for address in addresses(route, stage.own)]
            except Undeclared:
                continue
    html = [page for page in found if "." not in page[1].rsplit("/", 1)[-1]]
    kept = [page for page in html if page[0] != "administrator" or "/van-phong" in page[1]]
    if run.full:
        return kept
    run.random.shuffle(kept)
    there = (one for one in kept if stage.callers[one[0]].call("GET", one[1]).status_code == 200)
    return list(islice(there, 5))


def _spoil_texts(run: Run) -> int:
    """Put a payload into every column of text there is; return how many texts that were."""
    written = 0
    with unit_of_work() as session:
        connection = session.connection()
        for table in db.metadata.sorted_tables:
            if table.name in KEPT_TABLES:
                continue
            columns = [column for column in table.columns if _is_text(column)]
            keys = list(table.primary_key.columns)
            for row in connection.execute(sa.select(*keys)).all() if columns else ():
                own = sa.and_(*(key == value for key, value in zip(keys, row, strict=True)))
                for column in columns:
                    spoil = sa.update(table).where(own).values({column.name: _payload(run, column)})
                    with suppress(IntegrityError), connection.begin_nested():
                        connection.execute(spoil)
                        written += 1
        _spoil_json(run, connection)
        raise_version(session)
    return written


def _is_text(column: sa.Column[Any]) -> bool:
    plain = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
    return plain and not column.primary_key and not column.unique and not column.name.endswith(KEPT)


def _payload(run: Run, column: sa.Column[Any]) -> str:
    if column.name.endswith(("url", "website", "link")):
        return run.random.choice(ADDRESSES)
    return run.random.choice(PAYLOADS)


def _spoil_json(run: Run, connection: sa.Connection) -> None:
    table = db.metadata.tables["change_request"]
    payloads = {"name": {"old": run.random.choice(PAYLOADS), "new": run.random.choice(PAYLOADS)}}
    connection.execute(sa.update(table).values(changes=payloads, reason=json.dumps(payloads)))


@contextmanager
def _served(app: Flask, listener: socket.socket) -> Iterator[None]:
    stop = threading.Event()
    server = WebServer(app, app.extensions["settings"], listener)
    thread = threading.Thread(target=server.run, args=[stop.is_set])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


Seen = tuple[str, str, dict[str, Any], dict[str, Any]]


def _look(stage: Stage, site: str, pages: list[Page]) -> list[Seen]:
    """Open each page without and with its content policy; a thread of its own, as Playwright wants it."""
    with sync_playwright() as playwright, chromium.launch(playwright) as browser:
        callers = {name for name, _ in pages}
        bare, kept = (
            {name: _context(browser, stage, name, site, off) for name in callers} for off in (True, False)
        )
        return [
            (name, path, _open(bare[name], site + path), _open(kept[name], site + path))
            for name, path in pages
        ]


def _context(browser: Browser, stage: Stage, name: str, site: str, off: bool) -> BrowserContext:
    context = browser.new_context(bypass_csp=off)
    context.add_init_script(LISTEN)
    for key, value in stage.callers[name].cookies.items():
        context.add_cookies([{"name": key, "value": value, "url": site}])
    return context


def _open(context: BrowserContext, url: str) -> dict[str, Any]:
    """Open a page, let what it holds come to rest, and return what ran and what was refused."""
    page = context.new_page()
    try:
        answer = page.goto(url, wait_until="load")
        found: dict[str, Any] = page.evaluate(LOOK)
    except Error as error:
        return {"ran": 0, "refused": [], "ok": False, "error": str(error)}
    else:
        return {**found, "ok": answer is not None and answer.status == 200}
    finally:
        page.close()
