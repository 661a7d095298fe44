"""The command that builds the search index anew."""

import time

import click
from flask.cli import with_appcontext

from marketplace.cli.preconditions import require_set_up
from marketplace.search import actions


@click.command()
@with_appcontext
def reindex() -> None:
    """Build the search index anew from the register."""
    require_set_up()
    begun = time.monotonic()
    documents = actions.rebuild()
    click.echo(f"Chỉ mục tìm kiếm: {documents} sản phẩm, {time.monotonic() - begun:.1f} giây.")
