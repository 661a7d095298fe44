"""The command that fills a demo with fictitious products."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.cli.importing import progress_bar
from marketplace.cli.preconditions import require_set_up
from marketplace.settings import Settings
from marketplace.upkeep.fictitious.catalogue import make_fictitious
from marketplace.upkeep.setup import build_index


@click.command()
@click.option("--products", required=True, type=click.IntRange(1, 1_000_000), help="How many there shall be.")
@click.option("--seed", default=1, show_default=True, help="Another seed makes another catalogue.")
@with_appcontext
def demo(products: int, seed: int) -> None:
    """Bring the number of fictitious products up to a number, for load tests; a demo's privilege."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        raise click.ClickException("fictitious products are for a demo: set DEMO=1")
    require_set_up()
    begun = time.monotonic()
    with progress_bar("Đang tạo") as progress:
        made = make_fictitious(products, seed=seed, progress=progress)
    build_index(click.echo)
    click.echo(f"{made} sản phẩm hư cấu mới, {time.monotonic() - begun:.1f} giây.")
