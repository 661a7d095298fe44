"""Merged producers, chains of zones, points of certificates, lots given back and made once.

Dossiers that are at the ministry get the day on which its round ends.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.constraints import add_constraint, drop_constraint

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
ADDED = {
    "certificate": ("points NUMERIC(5, 2)",),
    "inspection": ("phone VARCHAR(20)",),
    "order_line_lot": ("returned INTEGER DEFAULT 0 NOT NULL",),
    "lot": ("form_key VARCHAR(64)",),
    "material_zone": (
        "chain_length INTEGER DEFAULT 0 NOT NULL",
        "chain_hash VARCHAR(64)",
        "changed_at MOMENT",
    ),
}
RULES = (
    ("certificate", "CONSTRAINT ck_certificate_points CHECK (points BETWEEN 0 AND 100)"),
    ("order_line_lot", "CONSTRAINT ck_order_line_lot_returned CHECK (returned >= 0 AND returned <= sent)"),
    ("lot", "CONSTRAINT uq_lot_producer_id_form_key UNIQUE (producer_id, form_key)"),
    (
        "material_zone",
        "CONSTRAINT ck_material_zone_chain CHECK ((chain_length = 0) = (chain_hash IS NULL))",
    ),
)


def upgrade():
    op.create_table(
        "former_producer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_province", sa.String(length=80), nullable=True),
        sa.Column("printed_district", sa.String(length=80), nullable=True),
        sa.Column("printed_commune", sa.String(length=80), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["admin_unit.id"], name=op.f("fk_former_producer_commune_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["admin_unit.id"], name=op.f("fk_former_producer_province_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_former_producer_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_producer")),
        sa.UniqueConstraint("number", name=op.f("uq_former_producer_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_former_producer_slug")),
    )
    for column in ("producer_id", "province_id", "commune_id"):
        op.create_index(op.f(f"ix_former_producer_{column}"), "former_producer", [column])
    op.create_table(
        "zone_line",
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_zone_line_position")),
        sa.CheckConstraint("(position = 1) = (previous_hash IS NULL)", name=op.f("ck_zone_line_chained")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_zone_line_recorded_by")),
        sa.ForeignKeyConstraint(["zone_id"], ["material_zone.id"], name=op.f("fk_zone_line_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "position", name=op.f("pk_zone_line")),
    )
    op.create_index(op.f("ix_zone_line_recorded_by"), "zone_line", ["recorded_by"])
    for table, columns in ADDED.items():
        for column in columns:
            written = column.replace("MOMENT", MOMENT[op.get_bind().dialect.name])
            op.execute(f"ALTER TABLE {table} ADD COLUMN {written}")
    for table, rule in RULES:
        add_constraint(table, rule)
    await_ministry()


def await_ministry():
    """Let dossiers at the ministry be due with its round, which until now only the letter's day told."""
    dossier = sa.table("dossier", *map(sa.column, ("id", "state")), sa.column("due_on", sa.Date))
    sent = sa.table("ministry_file", sa.column("dossier_id"), sa.column("sent_on", sa.Date))
    waiting = sa.select(dossier.c.id, sent.c.sent_on).where(
        dossier.c.id == sent.c.dossier_id, dossier.c.state == "at_ministry", dossier.c.due_on.is_(None)
    )
    for number, day in op.get_bind().execute(waiting).all():
        change = dossier.update().where(dossier.c.id == number)
        op.execute(change.values(due_on=end_of_round(day)))


def end_of_round(day):
    """Return until when the ministry decides what is sent on a day (Decision 26/2026/QĐ-TTg, article 7).

    What is sent before 30 January is decided before 30 March, before 30 July before 30 September.
    """
    if day < date(day.year, 1, 30):
        return date(day.year, 3, 29)
    if day < date(day.year, 7, 30):
        return date(day.year, 9, 29)
    return date(day.year + 1, 3, 29)


def downgrade():
    """Go back; where merged producers led, and what zones were said to be before, is lost."""
    for table, rule in RULES:
        drop_constraint(table, rule)
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_table("zone_line")
    op.drop_table("former_producer")
