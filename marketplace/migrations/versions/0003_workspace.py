"""The workspace: listings and their pictures, what producers say of themselves, the desk's papers, figures."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED = {
    "producer": (
        "visiting_hours VARCHAR(200)",
        "holiday_from DATE",
        "holiday_until DATE CONSTRAINT ck_producer_holiday_whole"
        " CHECK ((holiday_from IS NULL) = (holiday_until IS NULL))"
        " CONSTRAINT ck_producer_holiday_order CHECK (holiday_from <= holiday_until)",
        "holiday_words VARCHAR(200)",
    ),
    "product": (
        "ingredients TEXT",
        "labels TEXT",
        "cover_id INTEGER CONSTRAINT fk_product_cover_id REFERENCES picture (id)",
        "ever_certified BOOLEAN DEFAULT false NOT NULL",
    ),
    "variant": (
        "waiting BOOLEAN DEFAULT false NOT NULL CONSTRAINT ck_variant_waiting"
        " CHECK (NOT (active AND waiting))",
    ),
}
"""Columns with their constraints, in words that both databases read: a copy of the table would lose some."""


def upgrade():
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_picture_has_a_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("key", name=op.f("uq_picture_key")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_picture_owner"), ["owner"], unique=False)

    op.create_table(
        "letter_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("renewal", "listing", "saved", name="letterkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_letter_choice")),
    )
    op.create_table(
        "saved_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=15), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_saved_address_commune_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_address")),
    )
    with op.batch_alter_table("saved_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_address_person_id"), ["person_id"], unique=False)

    op.create_table(
        "paper_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("drafted", "confirmed", "withdrawn", name="paperstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_by IS NOT NULL)", name=op.f("ck_paper_decision_confirmed_by")
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (decision_id IS NOT NULL)", name=op.f("ck_paper_decision_decision")
        ),
        sa.CheckConstraint(
            "(state = 'drafted') = (closed_at IS NULL)", name=op.f("ck_paper_decision_closed_at")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> drafted_by", name=op.f("ck_paper_decision_two_people")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_paper_decision_confirmed_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_paper_decision_decision_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_paper_decision_drafted_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_paper_decision_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_decision")),
    )
    with op.batch_alter_table("paper_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_decision_drafted_by"), ["drafted_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_decision_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_decision_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "producer_picture",
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_producer_picture_picture_id")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_producer_picture_producer_id")
        ),
        sa.PrimaryKeyConstraint("picture_id", name=op.f("pk_producer_picture")),
    )
    with op.batch_alter_table("producer_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_producer_picture_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "quality_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "vietgap",
                "globalgap",
                "organic",
                "haccp",
                "iso22000",
                "halal",
                "other",
                name="qualitykind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=160), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'other') = (title IS NOT NULL)", name=op.f("ck_quality_certificate_title")
        ),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_quality_certificate_validity")),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_quality_certificate_picture_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_quality_certificate_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_certificate")),
        sa.UniqueConstraint("picture_id", name=op.f("uq_quality_certificate_picture_id")),
    )
    with op.batch_alter_table("quality_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quality_certificate_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "sheet_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("upload", sa.JSON(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.Column("brought", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_sheet_trial_producer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_trial")),
        sa.UniqueConstraint("producer_id", "person_id", name=op.f("uq_sheet_trial_producer_id_person_id")),
    )
    with op.batch_alter_table("sheet_trial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_trial_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_trial_person_id"), ["person_id"], unique=False)

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
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "declined",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_change_request_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_change_request_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_request_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_request_product_id"), ["product_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_change_request_state_answer_due_at"), ["state", "answer_due_at"], unique=False
        )
        batch_op.create_index(
            "uq_change_request_open",
            ["product_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "leading_words",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_leading_words_times")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_leading_words_product_id")),
        sa.PrimaryKeyConstraint("product_id", "month", "words", name=op.f("pk_leading_words")),
    )
    with op.batch_alter_table("leading_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leading_words_month"), ["month"], unique=False)

    op.create_table(
        "listing",
        sa.Column("product_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "declined",
                "live",
                "paused",
                name="listingstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("usage_note", sa.Text(), nullable=True),
        sa.Column("storage_note", sa.Text(), nullable=True),
        sa.Column("shelf_life_days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "pictures_unclear",
                "label_incomplete",
                "not_as_certified",
                "misleading",
                "not_allowed",
                "other",
                name="declinereason",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("decline_words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state <> 'declined' OR decline_reason IS NOT NULL", name=op.f("ck_listing_reason")
        ),
        sa.CheckConstraint("state <> 'live' OR live_since IS NOT NULL", name=op.f("ck_listing_live")),
        sa.CheckConstraint(
            "state <> 'submitted' OR answer_due_at IS NOT NULL", name=op.f("ck_listing_answer")
        ),
        sa.CheckConstraint("shelf_life_days > 0", name=op.f("ck_listing_shelf_life")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_listing_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listing_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_listing")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_listing_state_answer_due_at"), ["state", "answer_due_at"], unique=False
        )

    op.create_table(
        "paper_award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_decision_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 3 AND 5", name=op.f("ck_paper_award_stars")),
        sa.ForeignKeyConstraint(
            ["paper_decision_id"], ["paper_decision.id"], name=op.f("fk_paper_award_paper_decision_id")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_paper_award_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_award")),
        sa.UniqueConstraint(
            "paper_decision_id", "product_id", name=op.f("uq_paper_award_paper_decision_id_product_id")
        ),
    )
    with op.batch_alter_table("paper_award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_award_product_id"), ["product_id"], unique=False)

    op.create_table(
        "product_picture",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_product_picture_picture_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_picture_product_id")),
        sa.PrimaryKeyConstraint("product_id", "picture_id", name=op.f("pk_product_picture")),
        sa.UniqueConstraint("product_id", "position", name=op.f("uq_product_picture_product_id_position")),
    )
    with op.batch_alter_table("product_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_picture_picture_id"), ["picture_id"], unique=False)

    op.create_table(
        "product_view",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("province_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint("views > 0", name=op.f("ck_product_view_views")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_view_product_id")),
        sa.PrimaryKeyConstraint("product_id", "day", "province_id", name=op.f("pk_product_view")),
    )
    with op.batch_alter_table("product_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_view_day"), ["day"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("producer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("fake", "wrong", "photo", "other", name="reportkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=10), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "upheld", "dismissed", name="reportstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "corrected",
                "suspended",
                "passed_on",
                "not_found_wrong",
                "not_ours",
                "repeated",
                name="reportreason",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_report_decided_at")),
        sa.CheckConstraint("(decided_at IS NULL) = (reason IS NULL)", name=op.f("ck_report_reason")),
        sa.CheckConstraint("(product_id IS NULL) <> (producer_id IS NULL)", name=op.f("ck_report_about_one")),
        sa.CheckConstraint("email IS NULL OR phone IS NULL", name=op.f("ck_report_one_contact")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_report_decided_by")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_report_picture_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_report_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_report_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_phone"), ["phone"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_product_id"), ["product_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_state_answer_due_at"), ["state", "answer_due_at"], unique=False
        )

    op.create_table(
        "saved_product",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_told", sa.BigInteger(), nullable=True),
        sa.Column("stars_told", sa.Integer(), nullable=True),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_product_person_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_saved_product_product_id")),
        sa.PrimaryKeyConstraint("person_id", "product_id", name=op.f("pk_saved_product")),
    )
    with op.batch_alter_table("saved_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_product_product_id"), ["product_id"], unique=False)

    op.create_table(
        "price_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_price_change_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
    )
    with op.batch_alter_table("price_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_change_variant_id_at"), ["variant_id", "at"], unique=False)

    op.create_table(
        "renewal_notice",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_renewal_notice_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "months", name=op.f("pk_renewal_notice")),
    )
    op.add_column("producer", sa.Column("described_at", sa.DateTime(timezone=True), nullable=True))
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute(
        "UPDATE product SET ever_certified = true"
        " WHERE EXISTS (SELECT 1 FROM certificate WHERE certificate.product_id = product.id)"
    )


def downgrade():
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_column("producer", "described_at")
    op.drop_table("renewal_notice")
    with op.batch_alter_table("price_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_change_variant_id_at"))

    op.drop_table("price_change")
    with op.batch_alter_table("saved_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_product_product_id"))

    op.drop_table("saved_product")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_state_answer_due_at"))
        batch_op.drop_index(batch_op.f("ix_report_product_id"))
        batch_op.drop_index(batch_op.f("ix_report_producer_id"))
        batch_op.drop_index(batch_op.f("ix_report_phone"))
        batch_op.drop_index(batch_op.f("ix_report_email"))

    op.drop_table("report")
    with op.batch_alter_table("product_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_view_day"))

    op.drop_table("product_view")
    with op.batch_alter_table("product_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_picture_picture_id"))

    op.drop_table("product_picture")
    with op.batch_alter_table("paper_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_award_product_id"))

    op.drop_table("paper_award")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_state_answer_due_at"))
        batch_op.drop_index(batch_op.f("ix_listing_producer_id"))

    op.drop_table("listing")
    with op.batch_alter_table("leading_words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leading_words_month"))

    op.drop_table("leading_words")
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_change_request_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_change_request_state_answer_due_at"))
        batch_op.drop_index(batch_op.f("ix_change_request_product_id"))
        batch_op.drop_index(batch_op.f("ix_change_request_producer_id"))

    op.drop_table("change_request")
    op.drop_table("shipping_rule")
    with op.batch_alter_table("sheet_trial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_trial_person_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_trial_expires_at"))

    op.drop_table("sheet_trial")
    with op.batch_alter_table("quality_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quality_certificate_producer_id"))

    op.drop_table("quality_certificate")
    with op.batch_alter_table("producer_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_producer_picture_producer_id"))

    op.drop_table("producer_picture")
    with op.batch_alter_table("paper_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_decision_unit_id"))
        batch_op.drop_index(batch_op.f("ix_paper_decision_state"))
        batch_op.drop_index(batch_op.f("ix_paper_decision_drafted_by"))

    op.drop_table("paper_decision")
    with op.batch_alter_table("saved_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_address_person_id"))

    op.drop_table("saved_address")
    op.drop_table("letter_choice")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_picture_owner"))

    op.drop_table("picture")
