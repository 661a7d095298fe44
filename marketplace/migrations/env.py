"""Runs migrations in one write transaction, on SQLite and on PostgreSQL."""

from alembic import context
from alembic.autogenerate.api import AutogenContext

from marketplace.database import UtcDateTime, db, schema_change


def render_item(kind: str, item: object, autogenerate: AutogenContext) -> str | bool:
    """Write our column type as what it is to the database, so that migrations stand on their own."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


with schema_change() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
