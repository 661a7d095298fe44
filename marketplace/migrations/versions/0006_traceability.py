"""From the raw-material zone to the pack: zones, lots, events, codes, recalls, scans; which lots orders got."""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.constraints import add_constraint, drop_constraint, exchange_constraint

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ABOUT_BEFORE = "CONSTRAINT ck_report_about_one CHECK ((product_id IS NULL) <> (producer_id IS NULL))"
ABOUT_ONE = "CONSTRAINT ck_report_about_one CHECK (product_id IS NULL OR producer_id IS NULL)"
ABOUT_SOMETHING = (
    "CONSTRAINT ck_report_about_something CHECK"
    " (product_id IS NOT NULL OR producer_id IS NOT NULL OR code IS NOT NULL)"
)


def upgrade():
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("key", name=op.f("uq_document_key")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_owner"), ["owner"], unique=False)

    op.create_table(
        "label_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_key")),
    )
    op.create_table(
        "scan_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_scan_salt")),
    )
    op.create_table(
        "scan_tally",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=30), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "product_id", "lot_id", "verdict", "province_id", name=op.f("pk_scan_tally")
        ),
    )
    with op.batch_alter_table("scan_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_tally_product_id"), ["product_id"], unique=False)

    op.create_table(
        "epcis_capture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_epcis_capture_producer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epcis_capture")),
        sa.UniqueConstraint("code", name=op.f("uq_epcis_capture_code")),
        sa.UniqueConstraint("producer_id", "digest", name=op.f("uq_epcis_capture_producer_id_digest")),
    )
    op.create_table(
        "material_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("growing_area_code", sa.String(length=40), nullable=True),
        sa.Column("crop", sa.String(length=120), nullable=False),
        sa.Column("area_ha", sa.Numeric(precision=10, scale=3), nullable=True),
        sa.Column(
            "standard",
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
            nullable=True,
        ),
        sa.Column("certificate_number", sa.String(length=60), nullable=True),
        sa.Column("certificate_issuer", sa.String(length=160), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
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
        sa.CheckConstraint("area_ha > 0", name=op.f("ck_material_zone_area")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_material_zone_validity")),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_material_zone_commune_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["admin_unit.id"], name=op.f("fk_material_zone_origin_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_material_zone_producer_id")),
        sa.ForeignKeyConstraint(
            ["province_id"], ["admin_unit.id"], name=op.f("fk_material_zone_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_zone")),
        sa.UniqueConstraint("producer_id", "name", name=op.f("uq_material_zone_producer_id_name")),
    )
    with op.batch_alter_table("material_zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_zone_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_material_zone_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_material_zone_province_id"), ["province_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "farm",
                "workshop",
                "packing",
                "warehouse",
                "laboratory",
                "shop",
                name="sitekind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
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
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_site_commune_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["admin_unit.id"], name=op.f("fk_site_origin_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_site_producer_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_site_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("gln", name=op.f("uq_site_gln")),
        sa.UniqueConstraint("producer_id", "name", name=op.f("uq_site_producer_id_name")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_province_id"), ["province_id"], unique=False)

    op.create_table(
        "former_code",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_former_code_product_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_former_code")),
    )
    with op.batch_alter_table("former_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_code_product_id"), ["product_id"], unique=False)

    op.create_table(
        "lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("variant_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("use_by", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "uom",
            sa.Enum("KGM", "LTR", "H87", name="measureunit", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("certificate_code", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chain_length", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.String(length=64), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(chain_length = 0) = (chain_hash IS NULL)", name=op.f("ck_lot_chain")),
        sa.CheckConstraint("(product_id IS NULL) <> (name IS NULL)", name=op.f("ck_lot_goods_or_material")),
        sa.CheckConstraint("made_on <= use_by", name=op.f("ck_lot_dates")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_lot_quantity")),
        sa.CheckConstraint("variant_id IS NULL OR product_id IS NOT NULL", name=op.f("ck_lot_variant")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_lot_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_lot_product_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_lot_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("product_id", "code", name=op.f("uq_lot_product_id_code")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_variant_id"), ["variant_id"], unique=False)
        batch_op.create_index(
            "uq_lot_material_code",
            ["producer_id", "code"],
            unique=True,
            sqlite_where=sa.text("product_id IS NULL"),
            postgresql_where=sa.text("product_id IS NULL"),
        )

    op.create_table(
        "external_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column(
            "portal",
            sa.Enum("national", "verigoods", "checkvn", "other", name="portal", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_external_reference_lot_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_external_reference_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_reference")),
        sa.UniqueConstraint(
            "product_id",
            "lot_id",
            "portal",
            "reference",
            name=op.f("uq_external_reference_product_id_lot_id_portal_reference"),
        ),
    )
    with op.batch_alter_table("external_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_reference_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_external_reference_product_id"), ["product_id"], unique=False)

    op.create_table(
        "label_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column(
            "level", sa.Enum("lot", "item", name="labellevel", native_enum=False, length=30), nullable=False
        ),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("reprint_of_id", sa.Integer(), nullable=True),
        sa.Column("order_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint("count > 0 AND first_number > 0", name=op.f("ck_label_batch_count")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_label_batch_lot_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_label_batch_made_by")),
        sa.ForeignKeyConstraint(
            ["reprint_of_id"], ["label_batch.id"], name=op.f("fk_label_batch_reprint_of_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_batch")),
        sa.UniqueConstraint("order_key", name=op.f("uq_label_batch_order_key")),
    )
    with op.batch_alter_table("label_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_batch_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_label_batch_made_by"), ["made_by"], unique=False)

    op.create_table(
        "lot_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("source_lot_id", sa.Integer(), nullable=True),
        sa.Column("material", sa.String(length=120), nullable=False),
        sa.Column("bought_from", sa.String(length=160), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("harvested_on", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column(
            "uom",
            sa.Enum("KGM", "LTR", "H87", name="measureunit", native_enum=False, length=30),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(CASE WHEN zone_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN source_lot_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN bought_from IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_lot_input_one_source"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_lot_input_quantity")),
        sa.CheckConstraint(
            "source_lot_id IS NULL OR source_lot_id <> lot_id", name=op.f("ck_lot_input_not_itself")
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_lot_input_commune_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_input_lot_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_lot_input_province_id")),
        sa.ForeignKeyConstraint(["source_lot_id"], ["lot.id"], name=op.f("fk_lot_input_source_lot_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["material_zone.id"], name=op.f("fk_lot_input_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_input")),
    )
    with op.batch_alter_table("lot_input", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_input_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_input_source_lot_id"), ["source_lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_input_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "lot_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("lab_report", "inspection", "other", name="paperkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("issuer", sa.String(length=160), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(document_id IS NULL) <> (picture_id IS NULL)", name=op.f("ck_lot_paper_one_file")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_lot_paper_document_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_paper_lot_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_lot_paper_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_paper")),
        sa.UniqueConstraint("document_id", name=op.f("uq_lot_paper_document_id")),
        sa.UniqueConstraint("picture_id", name=op.f("uq_lot_paper_picture_id")),
    )
    with op.batch_alter_table("lot_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_paper_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "lot_stock",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.CheckConstraint("remaining >= 0 AND quarantined >= 0", name=op.f("ck_lot_stock_counts")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_stock_lot_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_lot_stock_variant_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_lot_stock")),
    )
    with op.batch_alter_table("lot_stock", schema=None) as batch_op:
        batch_op.create_index("ix_lot_stock_variant", ["variant_id", "lot_id"], unique=False)

    op.create_table(
        "order_line_lot",
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_lot_quantity")),
        sa.CheckConstraint("sent >= 0 AND sent <= quantity", name=op.f("ck_order_line_lot_sent")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_order_line_lot_lot_id")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_order_line_lot_order_line_id")
        ),
        sa.PrimaryKeyConstraint("order_line_id", "lot_id", name=op.f("pk_order_line_lot")),
    )
    with op.batch_alter_table("order_line_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_lot_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "recall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("lot", "product", "producer", name="recallscope", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("producer_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "contamination",
                "allergen",
                "foreign_body",
                "quality",
                "labelling",
                "counterfeit",
                "authority",
                name="recallreason",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("advice", sa.String(length=1000), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=True),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lift_words", sa.String(length=1000), nullable=True),
        sa.Column("buyers_told", sa.Integer(), nullable=False),
        sa.Column("points_told", sa.Integer(), nullable=False),
        sa.Column("orders_frozen", sa.Integer(), nullable=False),
        sa.Column("trade_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(scope = 'lot') = (lot_id IS NOT NULL)", name=op.f("ck_recall_lot")),
        sa.CheckConstraint(
            "(scope = 'producer') = (producer_id IS NOT NULL)", name=op.f("ck_recall_producer")
        ),
        sa.CheckConstraint("(scope = 'product') = (product_id IS NOT NULL)", name=op.f("ck_recall_product")),
        sa.CheckConstraint("resumed_at IS NULL OR scope = 'lot'", name=op.f("ck_recall_resuming")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_words IS NULL)", name=op.f("ck_recall_lifting")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_recall_lifted_by")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_recall_lot_id")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_recall_ordered_by")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_recall_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_recall_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("code", name=op.f("uq_recall_code")),
    )
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recall_ordered_at"), ["ordered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_recall_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recall_product_id"), ["product_id"], unique=False)

    op.create_table(
        "order_freeze",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_freeze_order_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_order_freeze_recall_id")),
        sa.PrimaryKeyConstraint("order_id", "recall_id", name=op.f("pk_order_freeze")),
    )
    with op.batch_alter_table("order_freeze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_freeze_recall_id"), ["recall_id"], unique=False)

    op.create_table(
        "recall_told",
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_recall_told_order_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_told_recall_id")),
        sa.PrimaryKeyConstraint("recall_id", "order_id", name=op.f("pk_recall_told")),
    )
    with op.batch_alter_table("recall_told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_told_order_id"), ["order_id"], unique=False)

    op.create_table(
        "serial_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum("printed", "active", "void", name="serialstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "void_reason",
            sa.Enum(
                "reprinted",
                "spoilt",
                "lost",
                "stolen",
                "unused",
                name="voidreason",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pin_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", name=op.f("ck_serial_code_voided")),
        sa.CheckConstraint(
            "state <> 'active' OR activated_at IS NOT NULL", name=op.f("ck_serial_code_activated")
        ),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_serial_code_void_reason")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["label_batch.id"], name=op.f("fk_serial_code_batch_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_serial_code_lot_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["serial_code.id"], name=op.f("fk_serial_code_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial_code")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_serial_code_lot_id_number")),
        sa.UniqueConstraint("serial", name=op.f("uq_serial_code_serial")),
    )
    with op.batch_alter_table("serial_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_serial_code_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "trace_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ObjectEvent",
                "TransformationEvent",
                "AggregationEvent",
                "TransactionEvent",
                name="eventkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "action",
            sa.Enum("ADD", "OBSERVE", "DELETE", name="action", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column(
            "biz_step",
            sa.Enum(
                "growing",
                "processing",
                "commissioning",
                "creating_class_instance",
                "collecting",
                "inspecting",
                "sampling",
                "packing",
                "unpacking",
                "storing",
                "holding",
                "shipping",
                "transporting",
                "receiving",
                "stocking",
                "retail_selling",
                "decommissioning",
                "destroying",
                "other",
                name="bizstep",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "disposition",
            sa.Enum(
                "active",
                "in_progress",
                "in_transit",
                "sellable_accessible",
                "sellable_not_accessible",
                "conformant",
                "non_conformant",
                "non_sellable_other",
                "recalled",
                "expired",
                "damaged",
                "destroyed",
                "retail_sold",
                name="disposition",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("event_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone_offset", sa.String(length=6), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("place_words", sa.String(length=200), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column(
            "uom",
            sa.Enum("KGM", "LTR", "H87", name="measureunit", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("declares_wrong_id", sa.Integer(), nullable=True),
        sa.Column(
            "error_reason",
            sa.Enum("did_not_occur", "incorrect_data", name="errorreason", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(kind = 'TransformationEvent') = (action IS NULL)", name=op.f("ck_trace_event_action")
        ),
        sa.CheckConstraint(
            "(declares_wrong_id IS NULL) = (error_reason IS NULL)",
            name=op.f("ck_trace_event_error_declaration"),
        ),
        sa.CheckConstraint("(position = 1) = (previous_hash IS NULL)", name=op.f("ck_trace_event_chained")),
        sa.CheckConstraint("position > 0", name=op.f("ck_trace_event_position")),
        sa.ForeignKeyConstraint(["corrects_id"], ["trace_event.id"], name=op.f("fk_trace_event_corrects_id")),
        sa.ForeignKeyConstraint(
            ["declares_wrong_id"], ["trace_event.id"], name=op.f("fk_trace_event_declares_wrong_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_trace_event_lot_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["lot_paper.id"], name=op.f("fk_trace_event_paper_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_trace_event_picture_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_trace_event_recorded_by")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_trace_event_site_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["material_zone.id"], name=op.f("fk_trace_event_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_event")),
        sa.UniqueConstraint("declares_wrong_id", name=op.f("uq_trace_event_declares_wrong_id")),
        sa.UniqueConstraint("lot_id", "event_id", name=op.f("uq_trace_event_lot_id_event_id")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_trace_event_lot_id_position")),
    )
    with op.batch_alter_table("trace_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trace_event_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trace_event_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trace_event_recorded_by"), ["recorded_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_trace_event_site_id"), ["site_id"], unique=False)
        batch_op.create_index("ix_trace_event_time", ["event_time", "biz_step"], unique=False)
        batch_op.create_index(batch_op.f("ix_trace_event_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "scan_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column(
            "rule",
            sa.Enum(
                "rate",
                "spread",
                "sold_out",
                "before_activation",
                "void",
                "after_recall",
                "forged",
                "unknown_lot",
                name="scanrule",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("seen_count", sa.Integer(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clear_words", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(cleared_at IS NULL) = (clear_words IS NULL)", name=op.f("ck_scan_alert_clearing")
        ),
        sa.CheckConstraint("(product_id IS NULL) <> (lot_id IS NULL)", name=op.f("ck_scan_alert_subject")),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name=op.f("ck_scan_alert_seen")),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_count IS NULL)", name=op.f("ck_scan_alert_seen_count")),
        sa.CheckConstraint("cleared_at IS NULL OR seen_at IS NOT NULL", name=op.f("ck_scan_alert_cleared")),
        sa.CheckConstraint("serial_id IS NULL OR lot_id IS NOT NULL", name=op.f("ck_scan_alert_serial")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_scan_alert_lot_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_scan_alert_product_id")),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name=op.f("fk_scan_alert_seen_by")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_code.id"], name=op.f("fk_scan_alert_serial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_alert")),
    )
    with op.batch_alter_table("scan_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_alert_raised_at"), ["raised_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_scan_alert_serial_id"), ["serial_id"], unique=False)
        batch_op.create_index(
            "uq_scan_alert_lot",
            ["lot_id", "rule"],
            unique=True,
            sqlite_where=sa.text("serial_id IS NULL AND lot_id IS NOT NULL"),
            postgresql_where=sa.text("serial_id IS NULL AND lot_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_scan_alert_product",
            ["product_id", "rule"],
            unique=True,
            sqlite_where=sa.text("product_id IS NOT NULL"),
            postgresql_where=sa.text("product_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_scan_alert_serial",
            ["serial_id", "rule"],
            unique=True,
            sqlite_where=sa.text("serial_id IS NOT NULL"),
            postgresql_where=sa.text("serial_id IS NOT NULL"),
        )

    op.create_table(
        "scan_device",
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_code.id"], name=op.f("fk_scan_device_serial_id")),
        sa.PrimaryKeyConstraint("serial_id", "day", "device", name=op.f("pk_scan_device")),
    )
    with op.batch_alter_table("scan_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_device_day"), ["day"], unique=False)
    op.add_column("report", sa.Column("code", sa.String(length=200), nullable=True))
    exchange_constraint("report", ABOUT_BEFORE, ABOUT_ONE)
    add_constraint("report", ABOUT_SOMETHING)
    op.add_column(
        "variant", sa.Column("halted", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade():
    """Go back; lots, their codes and events are lost, and reports about codes of nothing known."""
    op.execute("ALTER TABLE variant DROP COLUMN halted")
    drop_constraint("report", ABOUT_SOMETHING)
    op.execute("DELETE FROM report WHERE product_id IS NULL AND producer_id IS NULL")
    exchange_constraint("report", ABOUT_ONE, ABOUT_BEFORE)
    op.execute("ALTER TABLE report DROP COLUMN code")
    with op.batch_alter_table("scan_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scan_device_day"))

    op.drop_table("scan_device")
    with op.batch_alter_table("scan_alert", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_scan_alert_serial",
            sqlite_where=sa.text("serial_id IS NOT NULL"),
            postgresql_where=sa.text("serial_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_scan_alert_product",
            sqlite_where=sa.text("product_id IS NOT NULL"),
            postgresql_where=sa.text("product_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_scan_alert_lot",
            sqlite_where=sa.text("serial_id IS NULL AND lot_id IS NOT NULL"),
            postgresql_where=sa.text("serial_id IS NULL AND lot_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_scan_alert_serial_id"))
        batch_op.drop_index(batch_op.f("ix_scan_alert_raised_at"))

    op.drop_table("scan_alert")
    with op.batch_alter_table("trace_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trace_event_zone_id"))
        batch_op.drop_index("ix_trace_event_time")
        batch_op.drop_index(batch_op.f("ix_trace_event_site_id"))
        batch_op.drop_index(batch_op.f("ix_trace_event_recorded_by"))
        batch_op.drop_index(batch_op.f("ix_trace_event_paper_id"))
        batch_op.drop_index(batch_op.f("ix_trace_event_corrects_id"))

    op.drop_table("trace_event")
    with op.batch_alter_table("serial_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_serial_code_batch_id"))

    op.drop_table("serial_code")
    with op.batch_alter_table("recall_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_told_order_id"))

    op.drop_table("recall_told")
    with op.batch_alter_table("order_freeze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_freeze_recall_id"))

    op.drop_table("order_freeze")
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_product_id"))
        batch_op.drop_index(batch_op.f("ix_recall_producer_id"))
        batch_op.drop_index(batch_op.f("ix_recall_ordered_at"))
        batch_op.drop_index(batch_op.f("ix_recall_lot_id"))

    op.drop_table("recall")
    with op.batch_alter_table("order_line_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_lot_lot_id"))

    op.drop_table("order_line_lot")
    with op.batch_alter_table("lot_stock", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_stock_variant")

    op.drop_table("lot_stock")
    with op.batch_alter_table("lot_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_paper_lot_id"))

    op.drop_table("lot_paper")
    with op.batch_alter_table("lot_input", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_input_zone_id"))
        batch_op.drop_index(batch_op.f("ix_lot_input_source_lot_id"))
        batch_op.drop_index(batch_op.f("ix_lot_input_lot_id"))

    op.drop_table("lot_input")
    with op.batch_alter_table("label_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_batch_made_by"))
        batch_op.drop_index(batch_op.f("ix_label_batch_lot_id"))

    op.drop_table("label_batch")
    with op.batch_alter_table("external_reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_reference_product_id"))
        batch_op.drop_index(batch_op.f("ix_external_reference_lot_id"))

    op.drop_table("external_reference")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lot_material_code",
            sqlite_where=sa.text("product_id IS NULL"),
            postgresql_where=sa.text("product_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_lot_variant_id"))
        batch_op.drop_index(batch_op.f("ix_lot_producer_id"))

    op.drop_table("lot")
    with op.batch_alter_table("former_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_code_product_id"))

    op.drop_table("former_code")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_province_id"))
        batch_op.drop_index(batch_op.f("ix_site_origin_id"))
        batch_op.drop_index(batch_op.f("ix_site_commune_id"))

    op.drop_table("site")
    with op.batch_alter_table("material_zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_zone_province_id"))
        batch_op.drop_index(batch_op.f("ix_material_zone_origin_id"))
        batch_op.drop_index(batch_op.f("ix_material_zone_commune_id"))

    op.drop_table("material_zone")
    op.drop_table("epcis_capture")
    with op.batch_alter_table("scan_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scan_tally_product_id"))

    op.drop_table("scan_tally")
    op.drop_table("scan_salt")
    op.drop_table("label_key")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_owner"))

    op.drop_table("document")
