"""Complaints about orders, and the words with which the office gives money back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=10), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_arrived",
                "damaged",
                "wrong_goods",
                "quality",
                "money",
                "seller_conduct",
                "other",
                name="complaintkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("received", "answered", "closed", name="complaintstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_response_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column(
            "closed_because",
            sa.Enum(
                "agreed",
                "refunded",
                "explained",
                "unfounded",
                "withdrawn",
                "passed_on",
                name="complaintend",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_complaint_closed_at")
        ),
        sa.CheckConstraint(
            "state = 'received' OR answered_at IS NOT NULL", name=op.f("ck_complaint_answered_at")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_because IS NULL)", name=op.f("ck_complaint_closed_because")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_complaint_closed_by")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_complaint_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("ticket", name=op.f("uq_complaint_ticket")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_complaint_state_resolve_by"), ["state", "resolve_by"], unique=False
        )
        batch_op.create_index(
            "uq_complaint_open",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.create_table(
        "complaint_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column(
            "voice",
            sa.Enum("buyer", "seller", "office", name="voice", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "voice <> 'buyer' OR said_by IS NULL", name=op.f("ck_complaint_message_buyer_unnamed")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_message_complaint_id")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_complaint_message_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_message")),
    )
    with op.batch_alter_table("complaint_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_message_complaint_id"), ["complaint_id"], unique=False)

    op.add_column("refund", sa.Column("words", sa.String(length=300), nullable=True))


def downgrade():
    """Go back; complaints are lost."""
    op.execute("ALTER TABLE refund DROP COLUMN words")
    with op.batch_alter_table("complaint_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_message_complaint_id"))

    op.drop_table("complaint_message")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_complaint_open",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index(batch_op.f("ix_complaint_state_resolve_by"))
        batch_op.drop_index(batch_op.f("ix_complaint_order_id"))

    op.drop_table("complaint")
