"""Dossiers, councils, ideas and oversight of the programme office; decisions drafted from results."""

import sqlalchemy as sa
from alembic import op

from marketplace.migrations.constraints import (
    add_constraint,
    drop_constraint,
    exchange_constraint,
    make_nullable,
    make_required,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ADDED = {
    "paper_decision": (
        "kind VARCHAR(30) DEFAULT 'paper' NOT NULL",
        "session_id INTEGER CONSTRAINT fk_paper_decision_session_id REFERENCES council_session (id)",
    ),
    "paper_award": (
        "dossier_id INTEGER CONSTRAINT fk_paper_award_dossier_id REFERENCES dossier (id)",
        "points NUMERIC(5, 2)",
        "product_name VARCHAR(200)",
        "holder_name VARCHAR(200)",
    ),
}
NULLABLE = (
    ("paper_decision", "number", "VARCHAR(60)"),
    ("paper_decision", "decided_on", "DATE"),
    ("paper_award", "stars", "INTEGER"),
)
DECIDED_BEFORE = (
    "CONSTRAINT ck_paper_decision_decision CHECK ((state = 'confirmed') = (decision_id IS NOT NULL))"
)
DECIDED_NOW = (
    "CONSTRAINT ck_paper_decision_decision CHECK"
    " ((state = 'confirmed' AND kind <> 'notice') = (decision_id IS NOT NULL))"
)
RULES = (
    (
        "paper_decision",
        "CONSTRAINT ck_paper_decision_number_and_day CHECK ((number IS NULL) = (decided_on IS NULL))",
    ),
    (
        "paper_decision",
        "CONSTRAINT ck_paper_decision_number_known CHECK"
        " (number IS NOT NULL OR (kind <> 'paper' AND state <> 'confirmed'))",
    ),
    (
        "paper_decision",
        "CONSTRAINT ck_paper_decision_session CHECK (session_id IS NULL OR kind <> 'paper')",
    ),
    (
        "paper_award",
        "CONSTRAINT ck_paper_award_dossier CHECK (stars IS NOT NULL OR dossier_id IS NOT NULL)",
    ),
    (
        "paper_award",
        "CONSTRAINT ck_paper_award_printed CHECK ((dossier_id IS NULL) = (product_name IS NULL))",
    ),
)


def upgrade():
    op.create_table(
        "public_holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_public_holiday")),
    )
    op.create_table(
        "register_line",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "turn",
            sa.Enum(
                "recorded",
                "extended",
                "revoked",
                "superseded",
                "corrected",
                name="turn",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "subject",
            sa.Enum("decision", "certificate", name="subject", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_register_line")),
    )
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_line_subject_code"), ["subject", "code"], unique=False)

    op.create_table(
        "authority_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_authority_order_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_authority_order_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_order")),
    )
    with op.batch_alter_table("authority_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_order_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "council",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision_number", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("spread_limit", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("spread_limit BETWEEN 1 AND 100", name=op.f("ck_council_spread_limit")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_council_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
    )
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "evaluation_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("intake_until", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Date(), nullable=False),
        sa.CheckConstraint("intake_until <= decided_by", name=op.f("ck_evaluation_round_days")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_evaluation_round_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_round")),
        sa.UniqueConstraint(
            "unit_id", "year", "number", name=op.f("uq_evaluation_round_unit_id_year_number")
        ),
    )
    with op.batch_alter_table("evaluation_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_round_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "register_mark",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_against", sa.String(length=200), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_register_mark_marked_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_register_mark_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_register_mark")),
    )
    op.create_table(
        "council_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "position",
            sa.Enum("chair", "deputy", "member", "secretary", name="position", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("agency", sa.String(length=160), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_member_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_council_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
        sa.UniqueConstraint("council_id", "person_id", name=op.f("uq_council_member_council_id_person_id")),
    )
    with op.batch_alter_table("council_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_member_council_id"), ["council_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_council_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "council_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "scoring", "closed", name="sessionstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_council_session_closed")
        ),
        sa.CheckConstraint(
            "(state = 'planned') = (opened_at IS NULL)", name=op.f("ck_council_session_opened")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_session_council_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["evaluation_round.id"], name=op.f("fk_council_session_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_session")),
        sa.UniqueConstraint(
            "council_id", "year", "number", name=op.f("uq_council_session_council_id_year_number")
        ),
    )
    with op.batch_alter_table("council_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_session_council_id"), ["council_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_council_session_round_id"), ["round_id"], unique=False)

    op.create_table(
        "authority_order_item",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["authority_order.id"], name=op.f("fk_authority_order_item_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_authority_order_item_product_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "product_id", name=op.f("pk_authority_order_item")),
    )
    with op.batch_alter_table("authority_order_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_order_item_product_id"), ["product_id"], unique=False)

    op.create_table(
        "council_minutes",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_minutes_session_id")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_council_minutes_written_by")),
        sa.PrimaryKeyConstraint("session_id", "version", name=op.f("pk_council_minutes")),
    )
    op.create_table(
        "council_seat",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["council_member.id"], name=op.f("fk_council_seat_member_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_seat_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "member_id", name=op.f("pk_council_seat")),
    )
    with op.batch_alter_table("council_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_seat_member_id"), ["member_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("first", "upgrade", "reassess", name="dossierkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "forwarded",
                "needs_completion",
                "accepted",
                "advised",
                "in_council",
                "evaluated",
                "proposed",
                "at_ministry",
                "sent_back",
                "recognised",
                "not_recognised",
                "withdrawn",
                name="dossierstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("regulation", sa.String(length=20), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("rubric_edition", sa.Integer(), nullable=False),
        sa.Column("rubric_digest", sa.String(length=64), nullable=True),
        sa.Column("samples", sa.Integer(), nullable=True),
        sa.Column("points", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "recognised",
                "proposed",
                "sent_back",
                "not_recognised",
                "disqualified",
                name="outcome",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("granted", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN submitted_at IS NULL THEN state IN ('draft', 'withdrawn') ELSE state <> 'draft' END",
            name=op.f("ck_dossier_submitted"),
        ),
        sa.CheckConstraint("(points IS NULL) = (outcome IS NULL)", name=op.f("ck_dossier_result")),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (rubric_digest IS NULL)", name=op.f("ck_dossier_frozen")
        ),
        sa.CheckConstraint("granted IS NULL OR granted BETWEEN 3 AND 5", name=op.f("ck_dossier_granted")),
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name=op.f("ck_dossier_stars")),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_dossier_commune_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_dossier_created_by")),
        sa.ForeignKeyConstraint(["previous_id"], ["dossier.id"], name=op.f("fk_dossier_previous_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_dossier_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_dossier_product_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_dossier_province_id")),
        sa.ForeignKeyConstraint(["round_id"], ["evaluation_round.id"], name=op.f("fk_dossier_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_dossier_open",
            ["product_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('recognised', 'not_recognised', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('recognised', 'not_recognised', 'withdrawn')"),
        )

    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "business_registration",
                "production_conditions",
                "material_origin",
                "environment",
                "local_labour",
                "finances",
                "ip_right",
                "market_contract",
                "promotion",
                "story_media",
                "quality_declaration",
                "lab_test",
                "trace_code",
                "quality_system",
                "award",
                "other",
                name="evidencekind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column(
            "own_page",
            sa.Enum("trace", "story", "stall", name="ownpage", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("handed_in", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN document_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN picture_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN own_page IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_evidence_file_one_thing"),
        ),
        sa.CheckConstraint("(own_page IS NULL) = (digest IS NOT NULL)", name=op.f("ck_evidence_file_digest")),
        sa.CheckConstraint(
            "(own_page IS NULL) = (product_id IS NULL)", name=op.f("ck_evidence_file_page_of")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_evidence_file_added_by")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_evidence_file_document_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_evidence_file_picture_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_evidence_file_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_evidence_file_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("document_id", name=op.f("uq_evidence_file_document_id")),
        sa.UniqueConstraint("picture_id", name=op.f("uq_evidence_file_picture_id")),
        sa.UniqueConstraint("product_id", "own_page", name=op.f("uq_evidence_file_product_id_own_page")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_producer_id"), ["producer_id"], unique=False)

    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "post_check", "periodic", "unannounced", name="inspectionkind", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("inspectors", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_inspection_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_inspection_product_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_inspection_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_inspection_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "product_idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "accepted",
                "declined",
                "withdrawn",
                name="ideastate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("slip_number", sa.Integer(), nullable=True),
        sa.Column("potential", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'accepted' OR slip_number IS NOT NULL", name=op.f("ck_product_idea_numbered")
        ),
        sa.CheckConstraint("set_number BETWEEN 1 AND 26", name=op.f("ck_product_idea_set_number")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_product_idea_answered_by")),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_product_idea_commune_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_product_idea_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_idea_product_id")),
        sa.ForeignKeyConstraint(["province_id"], ["admin_unit.id"], name=op.f("fk_product_idea_province_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_product_idea_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_idea")),
        sa.UniqueConstraint(
            "commune_id", "year", "slip_number", name=op.f("uq_product_idea_commune_id_year_slip_number")
        ),
    )
    with op.batch_alter_table("product_idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_idea_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_idea_producer_id"), ["producer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_idea_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_idea_province_id"), ["province_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_idea_state"), ["state"], unique=False)

    op.create_table(
        "advisory_report",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("group_members", sa.String(length=500), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_advisory_report_dossier_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_advisory_report_recorded_by")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_advisory_report")),
    )
    op.create_table(
        "business_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "submitted", "returned", "approved", name="planstate", native_enum=False, length=30
            ),
            nullable=False,
        ),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("materials", sa.Text(), nullable=False),
        sa.Column("technology", sa.Text(), nullable=False),
        sa.Column("labour", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("own_capital", sa.BigInteger(), nullable=False),
        sa.Column("borrowed", sa.BigInteger(), nullable=False),
        sa.Column("support", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_business_plan_submitted")
        ),
        sa.CheckConstraint(
            "own_capital >= 0 AND borrowed >= 0 AND support >= 0", name=op.f("ck_business_plan_money")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["product_idea.id"], name=op.f("fk_business_plan_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_plan")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_business_plan_idea_id")),
    )
    with op.batch_alter_table("business_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_business_plan_state"), ["state"], unique=False)

    op.create_table(
        "commune_finding",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum("material", "labour", "idea", "identity", name="topic", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_commune_finding_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "topic", name=op.f("pk_commune_finding")),
    )
    op.create_table(
        "commune_letter",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_commune_letter_dossier_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_commune_letter_written_by")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_commune_letter")),
    )
    op.create_table(
        "council_conflict",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_council_conflict_declared_by")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_council_conflict_dossier_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_conflict_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "dossier_id", name=op.f("pk_council_conflict")),
    )
    with op.batch_alter_table("council_conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_conflict_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "forwarded",
                "needs_completion",
                "accepted",
                "advised",
                "in_council",
                "evaluated",
                "proposed",
                "at_ministry",
                "sent_back",
                "recognised",
                "not_recognised",
                "withdrawn",
                name="dossierstate",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_dossier_step_actor_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_step_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_step")),
    )
    with op.batch_alter_table("dossier_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_step_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "evidence_use",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_evidence_use_dossier_id")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_file.id"], name=op.f("fk_evidence_use_evidence_id")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "criterion", "evidence_id", name=op.f("pk_evidence_use")),
    )
    with op.batch_alter_table("evidence_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_use_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "idea_tick",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column(
            "check",
            sa.Enum(
                "local_material",
                "local_labour",
                "own_idea",
                "identity",
                "legal_form",
                "right_set",
                name="ideacheck",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["product_idea.id"], name=op.f("fk_idea_tick_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", "check", name=op.f("pk_idea_tick")),
    )
    op.create_table(
        "inspection_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "criteria_kept",
                "mark_use",
                "information",
                "advertising",
                "safety",
                name="findingtopic",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("mended_words", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_finding_inspection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_finding")),
    )
    with op.batch_alter_table("inspection_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_finding_inspection_id"), ["inspection_id"], unique=False
        )

    op.create_table(
        "ministry_file",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=60), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("points", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_ministry_file_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_ministry_file")),
    )
    op.create_table(
        "minutes_signature",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_minutes_signature_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "version"],
            ["council_minutes.session_id", "council_minutes.version"],
            name=op.f("fk_minutes_signature_session_id_version"),
        ),
        sa.PrimaryKeyConstraint("session_id", "version", "member_id", name=op.f("pk_minutes_signature")),
    )
    with op.batch_alter_table("minutes_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_signature_member_id"), ["member_id"], unique=False)

    op.create_table(
        "office_reminder",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "far",
                "near",
                "open",
                "missed",
                "extended",
                "lapsed",
                "revoked",
                name="stage",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_office_reminder_certificate_id")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_office_reminder_sent_by")),
        sa.PrimaryKeyConstraint("certificate_id", "stage", name=op.f("pk_office_reminder")),
    )
    op.create_table(
        "revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
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
            nullable=False,
        ),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("drafted", "decided", "withdrawn", name="revocationstate", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (decision_id IS NOT NULL)", name=op.f("ck_revocation_decision")
        ),
        sa.CheckConstraint("(state = 'drafted') = (closed_at IS NULL)", name=op.f("ck_revocation_closed")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> drafted_by", name=op.f("ck_revocation_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_revocation_certificate_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_revocation_decided_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_revocation_decision_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_revocation_drafted_by")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_revocation_inspection_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_revocation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revocation_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revocation_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_revocation_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_revocation_open",
            ["certificate_id"],
            unique=True,
            sqlite_where=sa.text("state = 'drafted'"),
            postgresql_where=sa.text("state = 'drafted'"),
        )

    op.create_table(
        "roadmap_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["product_idea.id"], name=op.f("fk_roadmap_step_idea_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_roadmap_step_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadmap_step")),
    )
    with op.batch_alter_table("roadmap_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roadmap_step_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("self", "advisory", "council", name="sheetlevel", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(level = 'council') = (member_id IS NOT NULL)", name=op.f("ck_score_sheet_member")
        ),
        sa.CheckConstraint(
            "(level = 'council') = (session_id IS NOT NULL)", name=op.f("ck_score_sheet_session")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_score_sheet_changed_by")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_score_sheet_dossier_id")),
        sa.ForeignKeyConstraint(["member_id"], ["council_member.id"], name=op.f("fk_score_sheet_member_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_score_sheet_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint(
            "dossier_id",
            "session_id",
            "member_id",
            name=op.f("uq_score_sheet_dossier_id_session_id_member_id"),
        ),
    )
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_sheet_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_sheet_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_sheet_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_score_sheet_level",
            ["dossier_id", "level"],
            unique=True,
            sqlite_where=sa.text("member_id IS NULL"),
            postgresql_where=sa.text("member_id IS NULL"),
        )

    op.create_table(
        "self_report",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("representative", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("female", sa.Boolean(), nullable=True),
        sa.Column("ethnicity", sa.String(length=60), nullable=False),
        sa.Column("home", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("licence", sa.String(length=120), nullable=False),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("history", sa.Text(), nullable=False),
        sa.Column("structure", sa.Text(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=True),
        sa.Column("local_workers", sa.Integer(), nullable=True),
        sa.Column("materials", sa.Text(), nullable=False),
        sa.Column("technology", sa.Text(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=True),
        sa.Column("profit", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_self_report_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_self_report")),
    )
    op.create_table(
        "session_dossier",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("spread", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("by_points", sa.Integer(), nullable=True),
        sa.Column("by_gates", sa.Integer(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "recognised",
                "proposed",
                "sent_back",
                "not_recognised",
                "disqualified",
                name="outcome",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_session_dossier_result")),
        sa.CheckConstraint(
            "closed_at IS NULL OR revealed_at IS NOT NULL", name=op.f("ck_session_dossier_revealed")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_session_dossier_dossier_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_session_dossier_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "dossier_id", name=op.f("pk_session_dossier")),
        sa.UniqueConstraint("session_id", "position", name=op.f("uq_session_dossier_session_id_position")),
    )
    with op.batch_alter_table("session_dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_dossier_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "score_choice",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"], name=op.f("fk_score_choice_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "criterion", name=op.f("pk_score_choice")),
    )
    op.create_table(
        "score_stop",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"], name=op.f("fk_score_stop_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "number", name=op.f("pk_score_stop")),
    )
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for table, column, kind in NULLABLE:
        make_nullable(table, column, kind)
    exchange_constraint("paper_decision", DECIDED_BEFORE, DECIDED_NOW)
    for table, rule in RULES:
        add_constraint(table, rule)
    op.create_index(op.f("ix_paper_decision_session_id"), "paper_decision", ["session_id"])
    op.create_index(op.f("ix_paper_award_dossier_id"), "paper_award", ["dossier_id"])


def downgrade():
    """Go back; all that the programme office kept, and decisions drafted from results, are lost."""
    op.execute(
        "DELETE FROM paper_award WHERE paper_decision_id IN"
        " (SELECT id FROM paper_decision WHERE kind <> 'paper')"
    )
    op.execute("DELETE FROM paper_decision WHERE kind <> 'paper'")
    op.drop_index(op.f("ix_paper_award_dossier_id"), "paper_award")
    op.drop_index(op.f("ix_paper_decision_session_id"), "paper_decision")
    for table, rule in RULES:
        drop_constraint(table, rule)
    exchange_constraint("paper_decision", DECIDED_NOW, DECIDED_BEFORE)
    for table, column, kind in NULLABLE:
        make_required(table, column, kind)
    for table, columns in ADDED.items():
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_table("score_stop")
    op.drop_table("score_choice")
    with op.batch_alter_table("session_dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_dossier_dossier_id"))

    op.drop_table("session_dossier")
    op.drop_table("self_report")
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_score_sheet_level",
            sqlite_where=sa.text("member_id IS NULL"),
            postgresql_where=sa.text("member_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_score_sheet_session_id"))
        batch_op.drop_index(batch_op.f("ix_score_sheet_member_id"))
        batch_op.drop_index(batch_op.f("ix_score_sheet_dossier_id"))

    op.drop_table("score_sheet")
    with op.batch_alter_table("roadmap_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roadmap_step_idea_id"))

    op.drop_table("roadmap_step")
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_revocation_open",
            sqlite_where=sa.text("state = 'drafted'"),
            postgresql_where=sa.text("state = 'drafted'"),
        )
        batch_op.drop_index(batch_op.f("ix_revocation_unit_id"))
        batch_op.drop_index(batch_op.f("ix_revocation_state"))
        batch_op.drop_index(batch_op.f("ix_revocation_certificate_id"))

    op.drop_table("revocation")
    op.drop_table("office_reminder")
    with op.batch_alter_table("minutes_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_signature_member_id"))

    op.drop_table("minutes_signature")
    op.drop_table("ministry_file")
    with op.batch_alter_table("inspection_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_finding_inspection_id"))

    op.drop_table("inspection_finding")
    op.drop_table("idea_tick")
    with op.batch_alter_table("evidence_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_use_evidence_id"))

    op.drop_table("evidence_use")
    with op.batch_alter_table("dossier_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_step_dossier_id"))

    op.drop_table("dossier_step")
    with op.batch_alter_table("council_conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_conflict_dossier_id"))

    op.drop_table("council_conflict")
    op.drop_table("commune_letter")
    op.drop_table("commune_finding")
    with op.batch_alter_table("business_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_business_plan_state"))

    op.drop_table("business_plan")
    op.drop_table("advisory_report")
    with op.batch_alter_table("product_idea", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_idea_state"))
        batch_op.drop_index(batch_op.f("ix_product_idea_province_id"))
        batch_op.drop_index(batch_op.f("ix_product_idea_product_id"))
        batch_op.drop_index(batch_op.f("ix_product_idea_producer_id"))
        batch_op.drop_index(batch_op.f("ix_product_idea_commune_id"))

    op.drop_table("product_idea")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_unit_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_product_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_producer_id"))

    op.drop_table("inspection")
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_producer_id"))

    op.drop_table("evidence_file")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dossier_open",
            sqlite_where=sa.text("state NOT IN ('recognised', 'not_recognised', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('recognised', 'not_recognised', 'withdrawn')"),
        )
        batch_op.drop_index(batch_op.f("ix_dossier_state"))
        batch_op.drop_index(batch_op.f("ix_dossier_round_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_province_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_product_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_producer_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_due_on"))
        batch_op.drop_index(batch_op.f("ix_dossier_commune_id"))

    op.drop_table("dossier")
    with op.batch_alter_table("council_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_seat_member_id"))

    op.drop_table("council_seat")
    op.drop_table("council_minutes")
    with op.batch_alter_table("authority_order_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_order_item_product_id"))

    op.drop_table("authority_order_item")
    with op.batch_alter_table("council_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_session_round_id"))
        batch_op.drop_index(batch_op.f("ix_council_session_council_id"))

    op.drop_table("council_session")
    with op.batch_alter_table("council_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_member_person_id"))
        batch_op.drop_index(batch_op.f("ix_council_member_council_id"))

    op.drop_table("council_member")
    op.drop_table("register_mark")
    with op.batch_alter_table("evaluation_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_round_unit_id"))

    op.drop_table("evaluation_round")
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_council_unit_id"))

    op.drop_table("council")
    with op.batch_alter_table("authority_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_order_unit_id"))

    op.drop_table("authority_order")
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_line_subject_code"))

    op.drop_table("register_line")
    op.drop_table("public_holiday")
