"""What commands need before they begin, and how they say that it is not there."""

import click
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from marketplace.database import db
from marketplace.errors import SettingsError


def require_database() -> None:
    """Open the database once.

    Raises SettingsError naming DATABASE_URL when it cannot be opened.
    """
    _list_tables()


def require_set_up() -> None:
    """Refuse to go on with a database that `marketplace setup` has not prepared.

    Raises SettingsError naming DATABASE_URL when it cannot be opened.
    """
    if not _list_tables() >= db.metadata.tables.keys():
        raise click.ClickException("the database is not prepared: run `marketplace setup` first")


def _list_tables() -> set[str]:
    """Return the tables that are there; no connection is left open for a fork to share."""
    try:
        return set(sa.inspect(db.engine).get_table_names())
    except DBAPIError as error:
        raise SettingsError([f"DATABASE_URL: {reason_of(error)}"]) from error
    finally:
        db.engine.dispose()


def reason_of(error: DBAPIError) -> str:
    """Return in one line what the database's driver said; it never says the password."""
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
