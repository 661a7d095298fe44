"""Orders after the sale: payments and their ledger, sendings, returns, zones of fees, reviews."""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.constraints import add_constraint, drop_constraint, exchange_constraint

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
ADDED = {
    "order": (
        "placed_at MOMENT",
        "confirm_by MOMENT",
        "reminded_at MOMENT",
        "packed_at MOMENT",
        "cancel_reason VARCHAR(30)",
        "cancel_words VARCHAR(300)",
        "pickup BOOLEAN DEFAULT false NOT NULL",
        "pickup_address VARCHAR(600)",
        "pickup_words VARCHAR(300)",
        "seller_tax_code VARCHAR(14)",
    ),
    "order_group": (
        "buyer_email VARCHAR(254)",
        "person_id INTEGER CONSTRAINT fk_order_group_person_id REFERENCES person (id)",
    ),
    "order_line": (
        "canceled INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_order_line_canceled CHECK (canceled BETWEEN 0 AND quantity)",
    ),
    "producer": ("tax_code VARCHAR(14)",),
    "stock_movement": ("cause VARCHAR(40)",),
}
"""Columns of tables that have rows, in words that both databases read."""
PLACING = "CONSTRAINT ck_order_placing CHECK (status <> 'placed' OR placed_at IS NOT NULL)"
ONCE_BEFORE = "CONSTRAINT uq_stock_movement_order_id_variant_id_kind UNIQUE (order_id, variant_id, kind)"
ONCE_NOW = "CONSTRAINT uq_stock_movement_cause_variant_id_kind UNIQUE (cause, variant_id, kind)"
NEAR_DAYS, FAR_DAYS = (1, 2), (2, 5)


def upgrade():
    rules = _take_shipping_rules()
    op.create_table(
        "shipping_rule",
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("pickup", sa.Boolean(), nullable=False),
        sa.Column("pickup_address", sa.String(length=300), nullable=True),
        sa.Column("pickup_words", sa.String(length=300), nullable=True),
        sa.Column("sends_live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_shipping_rule_producer_id")),
        sa.PrimaryKeyConstraint("producer_id", name=op.f("pk_shipping_rule")),
    )
    op.create_table(
        "gateway_event",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_event")),
    )
    op.create_table(
        "bank_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("matched", "unmatched", "set_aside", name="transferstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bank_transfer_amount")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_bank_transfer_decided_by")),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_bank_transfer_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_transfer")),
        sa.UniqueConstraint("reference", name=op.f("uq_bank_transfer_reference")),
    )
    with op.batch_alter_table("bank_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_transfer_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_transfer_state"), ["state"], unique=False)

    op.create_table(
        "invoice_request",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_invoice_request_group_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_invoice_request")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum("cod", "vietqr", "stripe", name="paymentmethod", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("held_by_seller", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_payment_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("method", "reference", name=op.f("uq_payment_method_reference")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_group_id"), ["group_id"], unique=False)

    op.create_table(
        "payment_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum("cod", "vietqr", "stripe", name="paymentmethod", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "processing",
                "completed",
                "failed",
                "canceled",
                "expired",
                name="sessionstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_session_amount")),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_payment_session_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_session")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_session_idempotency_key")),
        sa.UniqueConstraint("method", "reference", name=op.f("uq_payment_session_method_reference")),
    )
    with op.batch_alter_table("payment_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_session_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_session_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            "uq_payment_session_open",
            ["group_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'processing')"),
            postgresql_where=sa.text("state IN ('pending', 'processing')"),
        )

    op.create_table(
        "payout_account",
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("bank_bin", sa.String(length=6), nullable=False),
        sa.Column("account", sa.String(length=19), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_payout_account_producer_id")),
        sa.PrimaryKeyConstraint("producer_id", name=op.f("pk_payout_account")),
    )
    op.create_table(
        "seller_payout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "processing",
                "completed",
                "failed",
                name="payoutstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "(state IN ('completed', 'failed')) = (done_at IS NOT NULL)", name=op.f("ck_seller_payout_done")
        ),
        sa.CheckConstraint(
            "state <> 'completed' OR reference IS NOT NULL", name=op.f("ck_seller_payout_reference")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_seller_payout_amount")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_seller_payout_done_by")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_seller_payout_producer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_payout")),
    )
    with op.batch_alter_table("seller_payout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seller_payout_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(
            "uq_seller_payout_open",
            ["producer_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('pending', 'processing')"),
            postgresql_where=sa.text("state IN ('pending', 'processing')"),
        )

    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_dispute_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("reference", name=op.f("uq_dispute_reference")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "fulfillment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=True),
        sa.Column("tracking_number", sa.String(length=60), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("collected >= 0", name=op.f("ck_fulfillment_collected")),
        sa.CheckConstraint("delivered_at IS NULL OR failed_at IS NULL", name=op.f("ck_fulfillment_one_end")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_fulfillment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfillment")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_fulfillment_order_id_position")),
    )
    op.create_table(
        "payment_split",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("captured >= 0", name=op.f("ck_payment_split_captured")),
        sa.CheckConstraint("refunded BETWEEN 0 AND captured", name=op.f("ck_payment_split_refunded")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_payment_split_order_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_split_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_split")),
        sa.UniqueConstraint("payment_id", "order_id", name=op.f("uq_payment_split_payment_id_order_id")),
    )
    with op.batch_alter_table("payment_split", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_split_order_id"), ["order_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "shown",
            sa.Enum("published", "reported", "hidden", name="shown", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_words", sa.String(length=500), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column(
            "hidden_because",
            sa.Enum(
                "insult",
                "personal",
                "advertising",
                "off_topic",
                name="brokenrule",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_question_decided_by")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_question_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_question_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_product_id"), ["product_id"], unique=False)

    op.create_table(
        "return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "approved",
                "received",
                "refunded",
                "canceled",
                name="returnstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "damaged",
                "wrong_goods",
                "not_as_described",
                "past_use_by",
                "changed_mind",
                name="returnreason",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("refund_amount", sa.BigInteger(), nullable=True),
        sa.Column("restocked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("refund_amount >= 0", name=op.f("ck_return_refund_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_return_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return")),
    )
    with op.batch_alter_table("return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_order_id"), ["order_id"], unique=False)

    op.create_table(
        "seller_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("earning", "refund_reversal", name="transferkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("commission", sa.BigInteger(), nullable=False),
        sa.Column("withheld", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payout_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("net = gross - commission - withheld", name=op.f("ck_seller_transfer_net")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_seller_transfer_order_id")),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["seller_payout.id"], name=op.f("fk_seller_transfer_payout_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_seller_transfer_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_transfer")),
        sa.UniqueConstraint("cause", "kind", name=op.f("uq_seller_transfer_cause_kind")),
    )
    with op.batch_alter_table("seller_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seller_transfer_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seller_transfer_payout_id"), ["payout_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seller_transfer_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "shipping_zone",
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("further", sa.Integer(), nullable=False),
        sa.Column("free_from", sa.BigInteger(), nullable=True),
        sa.Column("days_from", sa.Integer(), nullable=False),
        sa.Column("days_to", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_from >= 1 AND days_from <= days_to", name=op.f("ck_shipping_zone_days")),
        sa.CheckConstraint("free_from > 0", name=op.f("ck_shipping_zone_free_from")),
        sa.CheckConstraint("further >= 0", name=op.f("ck_shipping_zone_further")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_shipping_zone_position")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["shipping_rule.producer_id"], name=op.f("fk_shipping_zone_producer_id")
        ),
        sa.PrimaryKeyConstraint("producer_id", "position", name=op.f("pk_shipping_zone")),
    )
    op.create_table(
        "back_in_stock_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_back_in_stock_wish_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_back_in_stock_wish")),
        sa.UniqueConstraint("variant_id", "contact", name=op.f("uq_back_in_stock_wish_variant_id_contact")),
    )
    with op.batch_alter_table("back_in_stock_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_back_in_stock_wish_contact"), ["contact"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "canceled",
                "returned",
                "out_of_stock",
                "overpaid",
                "paid_twice",
                "dispute",
                "staff",
                name="refundreason",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "processing",
                "completed",
                "failed",
                name="refundstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_refund_done_by")),
        sa.ForeignKeyConstraint(["split_id"], ["payment_split.id"], name=op.f("fk_refund_split_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_refund_idempotency_key")),
        sa.UniqueConstraint("split_id", "cause", name=op.f("uq_refund_split_id_cause")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_split_id"), ["split_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_state"), ["state"], unique=False)

    op.create_table(
        "return_picture",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_return_picture_picture_id")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_return_picture_return_id")),
        sa.PrimaryKeyConstraint("return_id", "picture_id", name=op.f("pk_return_picture")),
    )
    op.create_table(
        "commission_line",
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount BETWEEN 0 AND base", name=op.f("ck_commission_line_amount")),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name=op.f("ck_commission_line_rate")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_commission_line_order_line_id")
        ),
        sa.PrimaryKeyConstraint("order_line_id", name=op.f("pk_commission_line")),
    )
    op.create_table(
        "fulfillment_line",
        sa.Column("fulfillment_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfillment_line_quantity")),
        sa.ForeignKeyConstraint(
            ["fulfillment_id"], ["fulfillment.id"], name=op.f("fk_fulfillment_line_fulfillment_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_fulfillment_line_order_line_id")
        ),
        sa.PrimaryKeyConstraint("fulfillment_id", "order_line_id", name=op.f("pk_fulfillment_line")),
    )
    op.create_table(
        "return_line",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_line_quantity")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_return_line_order_line_id")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_return_line_return_id")),
        sa.PrimaryKeyConstraint("return_id", "order_line_id", name=op.f("pk_return_line")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.String(length=1000), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "shown",
            sa.Enum("published", "reported", "hidden", name="shown", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_words", sa.String(length=500), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column(
            "hidden_because",
            sa.Enum(
                "insult",
                "personal",
                "advertising",
                "off_topic",
                name="brokenrule",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_review_rating")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_review_decided_by")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"], name=op.f("fk_review_order_line_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_review_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_review_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("order_line_id", name=op.f("uq_review_order_line_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_product_id"), ["product_id"], unique=False)

    op.create_table(
        "stock_reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expires_at <= latest", name=op.f("ck_stock_reservation_capped")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_reservation_quantity")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_stock_reservation_order_id")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["stock_item.variant_id"], name=op.f("fk_stock_reservation_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_reservation")),
        sa.UniqueConstraint("order_id", "variant_id", name=op.f("uq_stock_reservation_order_id_variant_id")),
    )
    with op.batch_alter_table("stock_reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_reservation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_stock_reservation_variant_expiry", ["variant_id", "expires_at"], unique=False
        )

    op.create_table(
        "review_picture",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_review_picture_picture_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_picture_review_id")),
        sa.PrimaryKeyConstraint("review_id", "picture_id", name=op.f("pk_review_picture")),
    )
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {_in_words_of_the_database(column)}')
    op.create_index(op.f("ix_order_placed_at"), "order", ["placed_at"])
    op.create_index(op.f("ix_order_group_person_id"), "order_group", ["person_id"])
    op.execute(
        'UPDATE "order" SET placed_at ='
        ' (SELECT placed_at FROM order_group WHERE order_group.id = "order".group_id)'
    )
    op.execute("UPDATE stock_movement SET cause = 'order:' || order_id WHERE order_id IS NOT NULL")
    op.execute("UPDATE product_set SET sale_policy = 'live' WHERE number IN (23, 24, 25)")
    op.execute("UPDATE product_group SET strictest_policy = 'live' WHERE slug = 'sinh-vat-canh'")
    add_constraint("order", PLACING)
    exchange_constraint("stock_movement", ONCE_BEFORE, ONCE_NOW)
    _write_zones(rules)


def downgrade():
    """Go back; zones of fees and all that happened to orders after their confirmation are lost."""
    op.execute("DELETE FROM shipping_zone")
    for table, column in (("product_set", "sale_policy"), ("product_group", "strictest_policy")):
        op.execute(f"UPDATE {table} SET {column} = 'display_only' WHERE {column} = 'live'")
    exchange_constraint("stock_movement", ONCE_NOW, ONCE_BEFORE)
    drop_constraint("order", PLACING)
    op.drop_index(op.f("ix_order_group_person_id"), "order_group")
    op.drop_index(op.f("ix_order_placed_at"), "order")
    drop_constraint("order_line", "CONSTRAINT ck_order_line_canceled CHECK (canceled BETWEEN 0 AND quantity)")
    for table, columns in ADDED.items():
        for column in reversed(columns):
            _drop_column(table, column.split()[0])
    op.drop_table("review_picture")
    with op.batch_alter_table("stock_reservation", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_reservation_variant_expiry")
        batch_op.drop_index(batch_op.f("ix_stock_reservation_expires_at"))

    op.drop_table("stock_reservation")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_product_id"))
        batch_op.drop_index(batch_op.f("ix_review_producer_id"))

    op.drop_table("review")
    op.drop_table("return_line")
    op.drop_table("fulfillment_line")
    op.drop_table("commission_line")
    op.drop_table("return_picture")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_state"))
        batch_op.drop_index(batch_op.f("ix_refund_split_id"))

    op.drop_table("refund")
    with op.batch_alter_table("back_in_stock_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_back_in_stock_wish_contact"))

    op.drop_table("back_in_stock_wish")
    op.drop_table("shipping_zone")
    with op.batch_alter_table("seller_transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seller_transfer_producer_id"))
        batch_op.drop_index(batch_op.f("ix_seller_transfer_payout_id"))
        batch_op.drop_index(batch_op.f("ix_seller_transfer_order_id"))

    op.drop_table("seller_transfer")
    with op.batch_alter_table("return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_order_id"))

    op.drop_table("return")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_product_id"))
        batch_op.drop_index(batch_op.f("ix_question_producer_id"))

    op.drop_table("question")
    with op.batch_alter_table("payment_split", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_split_order_id"))

    op.drop_table("payment_split")
    op.drop_table("fulfillment")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_payment_id"))

    op.drop_table("dispute")
    with op.batch_alter_table("seller_payout", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seller_payout_open",
            sqlite_where=sa.text("state IN ('pending', 'processing')"),
            postgresql_where=sa.text("state IN ('pending', 'processing')"),
        )
        batch_op.drop_index(batch_op.f("ix_seller_payout_producer_id"))

    op.drop_table("seller_payout")
    op.drop_table("payout_account")
    with op.batch_alter_table("payment_session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payment_session_open",
            sqlite_where=sa.text("state IN ('pending', 'processing')"),
            postgresql_where=sa.text("state IN ('pending', 'processing')"),
        )
        batch_op.drop_index(batch_op.f("ix_payment_session_group_id"))
        batch_op.drop_index(batch_op.f("ix_payment_session_asked_at"))

    op.drop_table("payment_session")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_group_id"))

    op.drop_table("payment")
    op.drop_table("invoice_request")
    with op.batch_alter_table("bank_transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_transfer_state"))
        batch_op.drop_index(batch_op.f("ix_bank_transfer_group_id"))

    op.drop_table("bank_transfer")
    op.drop_table("gateway_event")
    op.drop_table("shipping_rule")
    op.create_table(
        "shipping_rule",
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("near_fee", sa.Integer(), nullable=False),
        sa.Column("near_further", sa.Integer(), nullable=False),
        sa.Column("far_fee", sa.Integer(), nullable=False),
        sa.Column("far_further", sa.Integer(), nullable=False),
        sa.Column("free_from", sa.BigInteger(), nullable=True),
        sa.Column("pickup", sa.Boolean(), nullable=False),
        sa.CheckConstraint("free_from > 0", name=op.f("ck_shipping_rule_free_from")),
        sa.CheckConstraint("near_fee >= 0 AND far_fee >= 0", name=op.f("ck_shipping_rule_fees")),
        sa.CheckConstraint("near_further >= 0 AND far_further >= 0", name=op.f("ck_shipping_rule_further")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_shipping_rule_producer_id")),
        sa.PrimaryKeyConstraint("producer_id", name=op.f("pk_shipping_rule")),
    )


def _in_words_of_the_database(column):
    return column.replace("MOMENT", MOMENT[op.get_bind().dialect.name])


def _take_shipping_rules():
    """Return the fees of producers as they were, with the province of each, and let their table go."""
    rules = op.get_bind().execute(
        sa.text(
            "SELECT shipping_rule.*, producer.province_id FROM shipping_rule"
            " JOIN producer ON producer.id = shipping_rule.producer_id"
        )
    )
    kept = [dict(rule._mapping) for rule in rules]
    op.drop_table("shipping_rule")
    return kept


def _write_zones(rules):
    """Make two zones of what was a fee near and a fee far away."""
    insert_rule = sa.text(
        "INSERT INTO shipping_rule (producer_id, pickup, sends_live) VALUES (:producer_id, :pickup, false)"
    )
    zone = sa.table(
        "shipping_zone",
        *(
            sa.column(name)
            for name in ("producer_id", "position", "name", "further", "free_from", "days_from", "days_to")
        ),
        sa.column("provinces", sa.JSON()),
        sa.column("steps", sa.JSON()),
    )
    for rule in rules:
        op.get_bind().execute(insert_rule, {name: rule[name] for name in ("producer_id", "pickup")})
        rows = [_zone(rule, 0, "Các tỉnh còn lại", [], "far", FAR_DAYS)]
        if rule["province_id"] is not None:
            rows.append(_zone(rule, 1, "Trong tỉnh", [rule["province_id"]], "near", NEAR_DAYS))
        op.bulk_insert(zone, rows)


def _zone(rule, position, name, provinces, which, days):
    return {
        "producer_id": rule["producer_id"],
        "position": position,
        "name": name,
        "provinces": provinces,
        "steps": [[1_000, rule[f"{which}_fee"]]],
        "further": rule[f"{which}_further"],
        "free_from": rule["free_from"],
        "days_from": days[0],
        "days_to": days[1],
    }


def _drop_column(table, column):
    op.execute(f'ALTER TABLE "{table}" DROP COLUMN {column}')
