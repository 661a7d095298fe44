"""Commands that prepare the database."""

import click
from flask.cli import with_appcontext

from marketplace.upkeep.setup import set_up


@click.command()
@with_appcontext
def setup() -> None:
    """Bring the database up to date, load the shipped data once and build the index."""
    set_up()
