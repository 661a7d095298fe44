"""Commands that prepare the database."""

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.cli.preconditions import require_database
from marketplace.settings import Settings
from marketplace.upkeep.setup import set_up


@click.command()
@with_appcontext
def setup() -> None:
    """Bring the database up to date, load the shipped data once and build the index."""
    require_database()
    settings: Settings = current_app.extensions["settings"]
    set_up(demo=settings.demo, report=click.echo)
