"""Plans of provinces with their targets, and the books that targets are counted from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "craft_village",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("recognised_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["admin_unit.id"], name=op.f("fk_craft_village_district_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_craft_village_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_craft_village_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_craft_village")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_craft_village_unit_id_name")),
    )
    with op.batch_alter_table("craft_village", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_craft_village_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_craft_village_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("units_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_programme_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "trade_event",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("fair", "conference", "matching", name="eventkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "reach",
            sa.Enum("in_province", "in_country", "abroad", name="eventreach", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_trade_event_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_trade_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_event")),
    )
    with op.batch_alter_table("trade_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trade_event_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "training_session",
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("officials", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("officials >= 0", name=op.f("ck_training_session_officials")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_training_session_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_training_session_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_session_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "channel_presence",
        sa.Column(
            "kind",
            sa.Enum(
                "supermarket",
                "convenience",
                "ecommerce",
                "export",
                "agent",
                "own_shop",
                name="channelkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("partner", sa.String(length=160), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("started_on <= ended_on", name=op.f("ck_channel_presence_term")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_channel_presence_producer_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_channel_presence_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_channel_presence_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_presence")),
    )
    with op.batch_alter_table("channel_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_presence_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_presence_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "ip_right",
        sa.Column(
            "kind",
            sa.Enum(
                "trademark",
                "collective_mark",
                "certification_mark",
                "geographical_indication",
                "design",
                "patent",
                "copyright",
                name="rightkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("filed_on <= granted_on", name=op.f("ck_ip_right_term")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_ip_right_producer_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_ip_right_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_ip_right_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip_right")),
    )
    with op.batch_alter_table("ip_right", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ip_right_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ip_right_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "producer_year_stat",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("local_workers", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("local_workers BETWEEN 0 AND workers", name=op.f("ck_producer_year_stat_workers")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_producer_year_stat_producer_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_producer_year_stat_recorded_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_producer_year_stat_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producer_year_stat")),
        sa.UniqueConstraint("producer_id", "year", name=op.f("uq_producer_year_stat_producer_id_year")),
    )
    with op.batch_alter_table("producer_year_stat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_producer_year_stat_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_producer_year_stat_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "programme_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("target", "fact", "duty", name="targetkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column(
            "metric",
            sa.Enum(
                "recognised",
                "first_recognised",
                "renewed",
                "kept",
                "online",
                "flagships",
                "village_products",
                "dossiers_supported",
                "producers_ranked",
                "producers_new",
                "producers_supported",
                "producers_trained",
                "producers_in_modern_channels",
                "producers_with_statistics",
                "points",
                "points_opened",
                "trade_events",
                "training_sessions",
                "ip_rights",
                name="metric",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "compare",
            sa.Enum("at_least", "range", "exactly", "none", name="compare", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Boolean(), nullable=False),
        sa.Column("fixed_base", sa.Integer(), nullable=True),
        sa.Column(
            "spread",
            sa.Enum("whole", "each_district", "each_year", name="spread", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("needs_village", sa.Boolean(), nullable=False),
        sa.Column("star_from", sa.Integer(), nullable=True),
        sa.Column("star_to", sa.Integer(), nullable=True),
        sa.Column(
            "legal_form",
            sa.Enum(
                "htx",
                "to-hop-tac",
                "doanh-nghiep",
                "trang-trai",
                "ho-kinh-doanh",
                "co-so-san-xuat",
                "hoi",
                name="legalform",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("group_slug", sa.String(length=40), nullable=True),
        sa.Column(
            "point_level",
            sa.Enum("province", "district", "commune", name="pointlevel", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.CheckConstraint("(compare = 'none') = (least IS NULL)", name=op.f("ck_programme_target_least")),
        sa.CheckConstraint("(compare = 'range') = (most IS NOT NULL)", name=op.f("ck_programme_target_most")),
        sa.CheckConstraint("compare = 'none' OR metric IS NOT NULL", name=op.f("ck_programme_target_metric")),
        sa.CheckConstraint("least <= most", name=op.f("ck_programme_target_range")),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_programme_target_period")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["programme_target.id"], name=op.f("fk_programme_target_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_target_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_target")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_programme_target_programme_id_code")),
    )
    with op.batch_alter_table("programme_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_target_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "trade_event_participant",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trade_event.id"], name=op.f("fk_trade_event_participant_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_trade_event_participant_producer_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "producer_id", name=op.f("pk_trade_event_participant")),
    )
    with op.batch_alter_table("trade_event_participant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trade_event_participant_producer_id"), ["producer_id"], unique=False
        )

    op.create_table(
        "training_attendance",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_training_attendance_producer_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "producer_id", name=op.f("pk_training_attendance")),
    )
    with op.batch_alter_table("training_attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_attendance_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "capacity_support",
        sa.Column(
            "kind",
            sa.Enum(
                "management",
                "technology",
                "packaging",
                "central_dossier",
                name="supportkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'central_dossier' OR product_id IS NOT NULL", name=op.f("ck_capacity_support_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producer.id"], name=op.f("fk_capacity_support_producer_id")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_capacity_support_product_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_capacity_support_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_capacity_support_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_support")),
    )
    with op.batch_alter_table("capacity_support", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capacity_support_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_capacity_support_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_capacity_support_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "craft_village_product",
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum("made_in", "material_from", name="villagerelation", native_enum=False, length=30),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_craft_village_product_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["craft_village.id"], name=op.f("fk_craft_village_product_village_id")
        ),
        sa.PrimaryKeyConstraint("village_id", "product_id", name=op.f("pk_craft_village_product")),
    )
    with op.batch_alter_table("craft_village_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_craft_village_product_product_id"), ["product_id"], unique=False)

    op.create_table(
        "flagship_product",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_flagship_product_product_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_flagship_product_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_flagship_product_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flagship_product")),
        sa.UniqueConstraint("product_id", name=op.f("uq_flagship_product_product_id")),
    )
    with op.batch_alter_table("flagship_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flagship_product_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "programme_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_programme_evidence_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["programme_target.id"], name=op.f("fk_programme_evidence_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_evidence")),
    )
    with op.batch_alter_table("programme_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_evidence_target_id"), ["target_id"], unique=False)

    op.create_table(
        "programme_period_mark",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_against", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["person.id"], name=op.f("fk_programme_period_mark_marked_by")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["programme_target.id"], name=op.f("fk_programme_period_mark_target_id")
        ),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_programme_period_mark")),
    )
    op.execute("ALTER TABLE sales_point ADD COLUMN level VARCHAR(30)")


def downgrade():
    """Go back; plans, the marks of the office and its books are lost."""
    op.execute("ALTER TABLE sales_point DROP COLUMN level")
    op.drop_table("programme_period_mark")
    with op.batch_alter_table("programme_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_evidence_target_id"))

    op.drop_table("programme_evidence")
    with op.batch_alter_table("flagship_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flagship_product_unit_id"))

    op.drop_table("flagship_product")
    with op.batch_alter_table("craft_village_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_craft_village_product_product_id"))

    op.drop_table("craft_village_product")
    with op.batch_alter_table("capacity_support", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capacity_support_unit_id"))
        batch_op.drop_index(batch_op.f("ix_capacity_support_product_id"))
        batch_op.drop_index(batch_op.f("ix_capacity_support_producer_id"))

    op.drop_table("capacity_support")
    with op.batch_alter_table("training_attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_attendance_producer_id"))

    op.drop_table("training_attendance")
    with op.batch_alter_table("trade_event_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trade_event_participant_producer_id"))

    op.drop_table("trade_event_participant")
    with op.batch_alter_table("programme_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_target_programme_id"))

    op.drop_table("programme_target")
    with op.batch_alter_table("producer_year_stat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_producer_year_stat_unit_id"))
        batch_op.drop_index(batch_op.f("ix_producer_year_stat_producer_id"))

    op.drop_table("producer_year_stat")
    with op.batch_alter_table("ip_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ip_right_unit_id"))
        batch_op.drop_index(batch_op.f("ix_ip_right_producer_id"))

    op.drop_table("ip_right")
    with op.batch_alter_table("channel_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_presence_unit_id"))
        batch_op.drop_index(batch_op.f("ix_channel_presence_producer_id"))

    op.drop_table("channel_presence")
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_session_unit_id"))

    op.drop_table("training_session")
    with op.batch_alter_table("trade_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trade_event_unit_id"))

    op.drop_table("trade_event")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_unit_id"))

    op.drop_table("programme")
    with op.batch_alter_table("craft_village", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_craft_village_unit_id"))
        batch_op.drop_index(batch_op.f("ix_craft_village_district_id"))

    op.drop_table("craft_village")
