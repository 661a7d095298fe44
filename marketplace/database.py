"""The database: one base class, aware times, and the one way to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, registry

BUSY_TIMEOUT_MS = 10_000
DATA_EXCEPTION = "22"
"""The class of SQLSTATE whose first line quotes the value."""
_SCHEMA_LOCK = 262026  # any number will do, as long as every process names the same

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def _values(states: type[StrEnum]) -> list[str]:
    return [state.value for state in states]


class Base(DeclarativeBase):
    """What every mapped class descends from.

    Constraints get the same name on every database; states are stored as their short text.
    """

    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            StrEnum: sa.Enum(StrEnum, native_enum=False, length=30, values_callable=_values)
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite alone would hand back naive ones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants and store the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WriteOutsideUnitOfWork(RuntimeError):
    """A change reached the database outside `unit_of_work`: a defect, never a user's doing."""


class DanglingRows(RuntimeError):
    """A migration would leave rows behind that refer to nothing: a defect of the migration."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Open a write transaction, commit it at the end, and roll it back on any exception.

    A read begun earlier in the request is rolled back first, so that what is loaded inside is
    what the write transaction sees. Units of work do not nest.
    """
    if _writing.get():
        raise WriteOutsideUnitOfWork("units of work do not nest")
    session = db.session()
    session.rollback()
    token = _writing.set(True)
    try:
        session.connection()
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


def in_unit_of_work() -> bool:
    """Return whether a write transaction is open."""
    return _writing.get()


@contextmanager
def schema_change() -> Iterator[Connection]:
    """Open a write transaction for migrations; a second process waits until the first is done.

    SQLite changes a table by copying and dropping it, which enforced foreign keys would take for the
    loss of its rows: they rest meanwhile and are checked as a whole before the commit.
    """
    token = _writing.set(True)
    try:
        with db.engine.connect() as connection, _foreign_keys_resting(connection), connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
            yield connection
            if connection.dialect.name == "sqlite":
                _check_foreign_keys(connection)
    finally:
        _writing.reset(token)


@contextmanager
def _foreign_keys_resting(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise DanglingRows(f"rows that refer to nothing: {broken[:5]}")


def _refuse_stray_flush(session: Session, context: Any, instances: Any) -> None:
    if not _writing.get():
        raise WriteOutsideUnitOfWork("a flush outside unit_of_work")


def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not _writing.get():
        raise WriteOutsideUnitOfWork("an INSERT, UPDATE or DELETE outside unit_of_work")


event.listen(Session, "before_flush", _refuse_stray_flush)
event.listen(Session, "do_orm_execute", _refuse_stray_statement)


def configure_engine(engine: Engine) -> None:
    """Give an engine the transaction behaviour this house relies on.

    SQLite: sqlite3's own implicit transactions are off; a write begins with BEGIN IMMEDIATE, so
    two writers queue instead of failing, and a read with BEGIN; WAL, full synchronisation; what is
    deleted is overwritten in the file, whatever the build of SQLite does by itself.
    PostgreSQL: no just-in-time compiling, which takes a second for a statement that runs 50 ms.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_on_sqlite)
    else:
        event.listen(engine, "do_connect", _leave_out_compiling)
        event.listen(engine, "handle_error", _leave_out_rows)


def _leave_out_compiling(dialect: Any, record: Any, arguments: Any, options: dict[str, Any]) -> None:
    options["options"] = " ".join(filter(None, (options.get("options"), "-c jit=off")))


def _leave_out_rows(context: ExceptionContext) -> None:
    """Leave what PostgreSQL quotes of rows out of its errors: logs tell what happened, never to whom."""
    told, wrapped = context.original_exception, context.sqlalchemy_exception
    if wrapped is None:
        return
    state = str(getattr(told, "sqlstate", None) or "")
    words = f"SQLSTATE {state}" if state.startswith(DATA_EXCEPTION) else str(told).partition("\n")[0]
    told.args = (words,)
    wrapped.args = (f"({type(told).__name__}) {words}",)


def _prepare_sqlite_connection(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_on_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
