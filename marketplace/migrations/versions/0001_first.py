"""The first tables: places, producers, products, certificates, sales points, orders.

Until the first release this one file is generated anew when models change (CONTRIBUTING.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "admin_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=True),
        sa.Column(
            "level",
            sa.Enum("province", "district", "commune", name="level", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["admin_unit.id"], name=op.f("fk_admin_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_admin_unit_key")),
    )
    with op.batch_alter_table("admin_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admin_unit_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_admin_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_admin_unit_slug"), ["slug"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_due_at"), ["due_at"], unique=False)

    op.create_table(
        "lookup_attempt",
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "hour", name=op.f("pk_lookup_attempt")),
    )
    op.create_table(
        "phone_allowance",
        sa.Column("phone", sa.String(length=15), nullable=False),
        sa.Column("unconfirmed", sa.Integer(), nullable=False),
        sa.CheckConstraint("unconfirmed BETWEEN 0 AND 3", name=op.f("ck_phone_allowance_three_at_most")),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_phone_allowance")),
    )
    op.create_table(
        "product_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column(
            "strictest_policy",
            sa.Enum(
                "normal",
                "age_18",
                "licence_required",
                "display_only",
                "booking",
                name="salepolicy",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_group_slug")),
    )
    op.create_table(
        "register_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_register_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_version")),
    )
    op.create_table(
        "regulation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("points_a", sa.Integer(), nullable=True),
        sa.Column("points_b", sa.Integer(), nullable=True),
        sa.Column("points_c", sa.Integer(), nullable=True),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("province_from", sa.Integer(), nullable=True),
        sa.Column("ministry_from", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["amends_id"], ["regulation.id"], name=op.f("fk_regulation_amends_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
        sa.UniqueConstraint("code", name=op.f("uq_regulation_code")),
    )
    op.create_table(
        "search_generation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_generation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_generation")),
    )
    op.create_table(
        "admin_succession",
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["admin_unit.id"], name=op.f("fk_admin_succession_predecessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["admin_unit.id"], name=op.f("fk_admin_succession_successor_id")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_admin_succession")),
    )
    with op.batch_alter_table("admin_succession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admin_succession_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "cart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("age_confirmed", sa.Boolean(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_cart_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_cart_token_hash")),
    )
    with op.batch_alter_table("cart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cart_touched_at"), ["touched_at"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column(
            "authority",
            sa.Enum("district", "province", "ministry", name="authority", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column(
            "authority_basis",
            sa.Enum("source", "number", "regulation", name="authoritybasis", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column("authority_name", sa.String(length=120), nullable=True),
        sa.Column("printed_place", sa.String(length=200), nullable=True),
        sa.Column("authority_unit_id", sa.Integer(), nullable=True),
        sa.Column("regulation_id", sa.Integer(), nullable=True),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.CheckConstraint("(authority IS NULL) = (authority_basis IS NULL)", name=op.f("ck_decision_basis")),
        sa.ForeignKeyConstraint(
            ["authority_unit_id"], ["admin_unit.id"], name=op.f("fk_decision_authority_unit_id")
        ),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulation.id"], name=op.f("fk_decision_regulation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("code", name=op.f("uq_decision_code")),
    )
    op.create_table(
        "order_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("submit_hash", sa.String(length=64), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "payment_method",
            sa.Enum("cod", name="paymentmethod", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("allowance_held", sa.Boolean(), nullable=False),
        sa.Column("buyer_name", sa.String(length=100), nullable=False),
        sa.Column("buyer_phone", sa.String(length=15), nullable=False),
        sa.Column("ship_address", sa.String(length=200), nullable=False),
        sa.Column("ship_commune_id", sa.Integer(), nullable=False),
        sa.Column("ship_place", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("goods_total", sa.BigInteger(), nullable=False),
        sa.Column("shipping_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("goods_total >= 0 AND shipping_total >= 0", name=op.f("ck_order_group_amounts")),
        sa.CheckConstraint("total = goods_total + shipping_total", name=op.f("ck_order_group_total")),
        sa.ForeignKeyConstraint(
            ["ship_commune_id"], ["admin_unit.id"], name=op.f("fk_order_group_ship_commune_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_group")),
        sa.UniqueConstraint("number", name=op.f("uq_order_group_number")),
        sa.UniqueConstraint("submit_hash", name=op.f("uq_order_group_submit_hash")),
    )
    with op.batch_alter_table("order_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_group_buyer_phone"), ["buyer_phone"], unique=False)

    op.create_table(
        "producer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
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
        sa.Column("printed_type", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("sample_contact", sa.Boolean(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("printed_address", sa.String(length=300), nullable=True),
        sa.Column("printed_commune", sa.String(length=80), nullable=True),
        sa.Column("printed_district", sa.String(length=80), nullable=True),
        sa.Column("printed_province", sa.String(length=80), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("point_accuracy", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_producer_commune_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["admin_unit.id"], name=op.f("fk_producer_origin_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_producer_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producer")),
        sa.UniqueConstraint("slug", name=op.f("uq_producer_slug")),
    )
    with op.batch_alter_table("producer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_producer_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_producer_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_producer_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_producer_province_id"), ["province_id"], unique=False)

    op.create_table(
        "product_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regulation_code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=100), nullable=False),
        sa.Column("agency", sa.String(length=120), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "sale_policy",
            sa.Enum(
                "normal",
                "age_18",
                "licence_required",
                "display_only",
                "booking",
                name="salepolicy",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["group_id"], ["product_group.id"], name=op.f("fk_product_set_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_set")),
        sa.UniqueConstraint("regulation_code", "number", name=op.f("uq_product_set_regulation_code_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_set_slug")),
    )
    op.create_table(
        "sales_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("opening_hours", sa.String(length=200), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("printed_address", sa.String(length=300), nullable=True),
        sa.Column("printed_commune", sa.String(length=80), nullable=True),
        sa.Column("printed_district", sa.String(length=80), nullable=True),
        sa.Column("printed_province", sa.String(length=80), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("point_accuracy", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_sales_point_commune_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["admin_unit.id"], name=op.f("fk_sales_point_origin_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_sales_point_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_point")),
        sa.UniqueConstraint(
            "name_key", "printed_province", name=op.f("uq_sales_point_name_key_printed_province")
        ),
        sa.UniqueConstraint("slug", name=op.f("uq_sales_point_slug")),
    )
    with op.batch_alter_table("sales_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sales_point_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sales_point_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sales_point_province_id"), ["province_id"], unique=False)

    op.create_table(
        "order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "placed", "canceled", name="orderstatus", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("canceled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seller_name", sa.String(length=200), nullable=False),
        sa.Column("seller_address", sa.String(length=600), nullable=False),
        sa.Column("seller_phone", sa.String(length=20), nullable=True),
        sa.Column("goods_total", sa.BigInteger(), nullable=False),
        sa.Column("shipping_fee", sa.BigInteger(), nullable=False),
        sa.Column("days_from", sa.Integer(), nullable=False),
        sa.Column("days_to", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'canceled') = (canceled_at IS NOT NULL)", name=op.f("ck_order_cancellation")
        ),
        sa.CheckConstraint("goods_total >= 0 AND shipping_fee >= 0", name=op.f("ck_order_amounts")),
        sa.CheckConstraint("total = goods_total + shipping_fee", name=op.f("ck_order_total")),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_order_group_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_order_producer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order")),
        sa.UniqueConstraint("group_id", "position", name=op.f("uq_order_group_id_position")),
    )
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "producer_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_producer_alias_producer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producer_alias")),
    )
    with op.batch_alter_table("producer_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_producer_alias_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_producer_alias_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("name_folded", sa.String(length=200), nullable=False),
        sa.Column("words_folded", sa.Text(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("set_id", sa.Integer(), nullable=True),
        sa.Column(
            "classified_by",
            sa.Enum("source", "ours", "inferred", name="classifiedby", native_enum=False, length=30),
            nullable=True,
        ),
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
        sa.Column(
            "publication",
            sa.Enum(
                "draft",
                "published",
                "suspended",
                "withdrawn",
                name="publication",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("granted_stars", sa.Integer(), nullable=True),
        sa.Column("certified_until", sa.Date(), nullable=True),
        sa.Column("decision_checked", sa.Boolean(), nullable=False),
        sa.Column("from_price", sa.BigInteger(), nullable=True),
        sa.Column(
            "price_band",
            sa.Integer(),
            sa.Computed(
                "CASE WHEN from_price >= 500000 THEN 4 WHEN from_price >= 200000 THEN 3 WHEN from_price >= 100000 THEN 2 WHEN from_price >= 50000 THEN 1 WHEN from_price >= 0 THEN 0 ELSE -1 END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("trace_token", sa.String(length=32), nullable=False),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("season_from", sa.Integer(), nullable=True),
        sa.Column("season_to", sa.Integer(), nullable=True),
        sa.Column("fictitious", sa.Boolean(), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_address", sa.String(length=300), nullable=True),
        sa.Column("printed_commune", sa.String(length=80), nullable=True),
        sa.Column("printed_district", sa.String(length=80), nullable=True),
        sa.Column("printed_province", sa.String(length=80), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("point_accuracy", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "granted_stars IS NULL OR granted_stars BETWEEN 3 AND 5", name=op.f("ck_product_stars")
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_product_commune_id")),
        sa.ForeignKeyConstraint(["group_id"], ["product_group.id"], name=op.f("fk_product_group_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["admin_unit.id"], name=op.f("fk_product_origin_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_product_producer_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_product_province_id")),
        sa.ForeignKeyConstraint(["set_id"], ["product_set.id"], name=op.f("fk_product_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("gtin", name=op.f("uq_product_gtin")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
        sa.UniqueConstraint("trace_token", name=op.f("uq_product_trace_token")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(
            "ix_product_by_name",
            ["publication", "name_folded", "certified_until", "granted_stars"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_product_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(
            "ix_product_facts",
            [
                "publication",
                "granted_stars",
                "legal_form",
                "offered",
                "price_band",
                "from_price",
                "certified_until",
                "set_id",
                "group_id",
                "province_id",
                "commune_id",
                "origin_id",
                "name_folded",
            ],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_product_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_product_newest", ["publication", "published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_set_id"), ["set_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("regulation_id", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("extended_until", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column(
            "revocation_reason",
            sa.Enum(
                "dishonest_file",
                "criteria_not_met",
                "law_broken",
                "mark_misused",
                "production_stopped",
                "other",
                name="revocationreason",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=True),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("source_url", sa.String(length=400), nullable=True),
        sa.CheckConstraint(
            "(revoked_on IS NULL) = (revocation_reason IS NULL)", name=op.f("ck_certificate_revocation")
        ),
        sa.CheckConstraint(
            "(superseded_on IS NULL) = (superseded_by_id IS NULL)", name=op.f("ck_certificate_supersession")
        ),
        sa.CheckConstraint(
            "extended_until IS NULL OR extended_until > valid_until", name=op.f("ck_certificate_extension")
        ),
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 3 AND 5", name=op.f("ck_certificate_stars")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_certificate_decision_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_certificate_product_id")),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_certificate_regulation_id")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["certificate.id"], name=op.f("fk_certificate_superseded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("external_id", name=op.f("uq_certificate_external_id")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_valid_until"), ["valid_until"], unique=False)

    op.create_table(
        "product_alias",
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_alias_product_id")),
        sa.PrimaryKeyConstraint("external_id", name=op.f("pk_product_alias")),
    )
    with op.batch_alter_table("product_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_alias_product_id"), ["product_id"], unique=False)

    op.create_table(
        "sales_point_product",
        sa.Column("sales_point_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_sales_point_product_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["sales_point_id"], ["sales_point.id"], name=op.f("fk_sales_point_product_sales_point_id")
        ),
        sa.PrimaryKeyConstraint("sales_point_id", "product_id", name=op.f("pk_sales_point_product")),
    )
    with op.batch_alter_table("sales_point_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sales_point_product_product_id"), ["product_id"], unique=False)

    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("vat_percent", sa.Integer(), nullable=False),
        sa.Column("content", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column(
            "uom", sa.Enum("g", "ml", "piece", name="uom", native_enum=False, length=30), nullable=False
        ),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("content > 0", name=op.f("ck_variant_content")),
        sa.CheckConstraint("price > 0", name=op.f("ck_variant_price")),
        sa.CheckConstraint("vat_percent BETWEEN 0 AND 20", name=op.f("ck_variant_vat")),
        sa.CheckConstraint("weight_g > 0", name=op.f("ck_variant_weight")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_variant_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("sku", name=op.f("uq_variant_sku")),
    )
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_product_id"), ["product_id"], unique=False)

    op.create_table(
        "cart_line",
        sa.Column("cart_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seen_price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_cart_line_quantity")),
        sa.ForeignKeyConstraint(["cart_id"], ["cart.id"], name=op.f("fk_cart_line_cart_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_cart_line_variant_id")),
        sa.PrimaryKeyConstraint("cart_id", "variant_id", name=op.f("pk_cart_line")),
    )
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("variant_name", sa.String(length=120), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("vat_percent", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("certified_until", sa.Date(), nullable=True),
        sa.Column("certificate_code", sa.String(length=120), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity")),
        sa.CheckConstraint("total = unit_price * quantity", name=op.f("ck_order_line_total")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_order_line_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("order_id", "variant_id", name=op.f("uq_order_line_order_id_variant_id")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_line_variant_id"), ["variant_id"], unique=False)

    op.create_table(
        "stock_item",
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("allocated >= 0 AND reserved >= 0", name=op.f("ck_stock_item_promises")),
        sa.CheckConstraint("on_hand - allocated - reserved >= 0", name=op.f("ck_stock_item_never_oversold")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_item_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_stock_item")),
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "allocated",
                "shipped",
                "released",
                "adjusted",
                name="movementkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_stock_movement_order_id")),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["stock_item.variant_id"], name=op.f("fk_stock_movement_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
        sa.UniqueConstraint(
            "order_id", "variant_id", "kind", name=op.f("uq_stock_movement_order_id_variant_id_kind")
        ),
    )
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_movement_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_movement_variant_id"), ["variant_id"], unique=False)


def downgrade():
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_movement_variant_id"))
        batch_op.drop_index(batch_op.f("ix_stock_movement_order_id"))

    op.drop_table("stock_movement")
    op.drop_table("stock_item")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_variant_id"))
        batch_op.drop_index(batch_op.f("ix_order_line_order_id"))

    op.drop_table("order_line")
    op.drop_table("cart_line")
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_product_id"))

    op.drop_table("variant")
    with op.batch_alter_table("sales_point_product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_point_product_product_id"))

    op.drop_table("sales_point_product")
    with op.batch_alter_table("product_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_alias_product_id"))

    op.drop_table("product_alias")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_valid_until"))
        batch_op.drop_index(batch_op.f("ix_certificate_product_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_decision_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_set_id"))
        batch_op.drop_index(batch_op.f("ix_product_province_id"))
        batch_op.drop_index(batch_op.f("ix_product_producer_id"))
        batch_op.drop_index(batch_op.f("ix_product_origin_id"))
        batch_op.drop_index("ix_product_newest")
        batch_op.drop_index(batch_op.f("ix_product_group_id"))
        batch_op.drop_index("ix_product_facts")
        batch_op.drop_index(batch_op.f("ix_product_commune_id"))
        batch_op.drop_index("ix_product_by_name")

    op.drop_table("product")
    with op.batch_alter_table("producer_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_producer_alias_producer_id"))
        batch_op.drop_index(batch_op.f("ix_producer_alias_name_key"))

    op.drop_table("producer_alias")
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_producer_id"))
        batch_op.drop_index(batch_op.f("ix_order_group_id"))

    op.drop_table("order")
    with op.batch_alter_table("sales_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_point_province_id"))
        batch_op.drop_index(batch_op.f("ix_sales_point_origin_id"))
        batch_op.drop_index(batch_op.f("ix_sales_point_commune_id"))

    op.drop_table("sales_point")
    op.drop_table("product_set")
    with op.batch_alter_table("producer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_producer_province_id"))
        batch_op.drop_index(batch_op.f("ix_producer_origin_id"))
        batch_op.drop_index(batch_op.f("ix_producer_name_key"))
        batch_op.drop_index(batch_op.f("ix_producer_commune_id"))

    op.drop_table("producer")
    with op.batch_alter_table("order_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_group_buyer_phone"))

    op.drop_table("order_group")
    op.drop_table("decision")
    with op.batch_alter_table("cart", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cart_touched_at"))

    op.drop_table("cart")
    with op.batch_alter_table("admin_succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admin_succession_successor_id"))

    op.drop_table("admin_succession")
    op.drop_table("search_generation")
    op.drop_table("regulation")
    op.drop_table("register_version")
    op.drop_table("product_group")
    op.drop_table("phone_allowance")
    op.drop_table("lookup_attempt")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_due_at"))

    op.drop_table("job")
    with op.batch_alter_table("admin_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admin_unit_slug"))
        batch_op.drop_index(batch_op.f("ix_admin_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_admin_unit_name_key"))

    op.drop_table("admin_unit")
