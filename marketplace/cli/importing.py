"""The command that imports registers from files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click
from flask.cli import with_appcontext

from marketplace.cli.decision_drafts import draft_decisions
from marketplace.cli.preconditions import require_set_up
from marketplace.upkeep.importing.producers import import_producers
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.importing.run import Progress
from marketplace.upkeep.importing.sales_points import import_sales_points
from marketplace.upkeep.sheets import SheetRefused


class Import(Protocol):
    """One of the three imports."""

    def __call__(self, path: Path, *, dry_run: bool, progress: Progress) -> Report:
        """Import a file."""


IMPORTS: dict[str, Import] = {
    "products": import_products,
    "producers": import_producers,
    "sales-points": import_sales_points,
}
DECISIONS = "decisions"


@click.command(name="import")
@click.argument("what", type=click.Choice(sorted([*IMPORTS, DECISIONS])))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--by", "officer", help="Who drafts decisions: number, e-mail address or phone of an officer.")
@with_appcontext
def import_register(what: str, file: Path, dry_run: bool, officer: str | None) -> None:
    """Import a CSV or XLSX file: all of it, or nothing when a cell is in error.

    Decisions come in as drafts, each of which a second officer confirms in the office.
    """
    require_set_up()
    if (what == DECISIONS) != (officer is not None):
        raise click.UsageError("--by names the officer who drafts decisions, and nobody else.")
    try:
        with progress_bar("Đang nhập") as progress:
            if officer is not None:
                report = draft_decisions(file, officer, dry_run=dry_run)
            else:
                report = IMPORTS[what](file, dry_run=dry_run, progress=progress)
    except SheetRefused as refusal:
        raise click.ClickException(f"{file.name}: {refusal.reason}") from refusal
    for line in report.lines():
        click.echo(line)
    if report.errors:
        raise SystemExit(1)


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Yield a progress that draws a bar on a terminal, and nothing elsewhere."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            if done % 50 == 0 or done == total:
                bar.update(done - bar.pos)

        yield progress
