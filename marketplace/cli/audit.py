"""The commands about the journal of deeds."""

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace import clock
from marketplace.accounts import anchors
from marketplace.database import db
from marketplace.settings import Settings

audit = AppGroup("audit", help="The journal of deeds: anchor it, verify it.")


def anchor_journal() -> int | None:
    """Anchor the newest deed outside the database; a periodic duty of the worker."""
    settings: Settings = current_app.extensions["settings"]
    key = anchors.anchor_key(settings.secret_key)
    try:
        return anchors.anchor(db.session(), settings.journal_anchors, key, clock.now())
    finally:
        db.session.rollback()


@audit.command("anchor")
def anchor() -> None:
    """Anchor the newest deed now."""
    seq = anchor_journal()
    click.echo(f"Đã neo tới dòng {seq}." if seq else "Không có dòng mới để neo.")


@audit.command("verify")
def verify() -> None:
    """Walk the whole journal against its chain and its anchors; exit with 1 when something is wrong."""
    settings: Settings = current_app.extensions["settings"]
    kept = anchors.read_anchors(settings.journal_anchors, anchors.anchor_key(settings.secret_key))
    findings = anchors.verify(db.session(), kept, clock.now())
    for finding in findings:
        click.echo(f"dòng {finding.seq}: {WORDS[finding.kind]} ({finding.kind})", err=True)
    if findings:
        raise SystemExit(1)
    click.echo(f"Nhật ký nguyên vẹn, {len(kept)} mốc neo khớp.")


WORDS = {
    "missing": "thiếu dòng",
    "out_of_chain": "không nối với dòng trước",
    "changed": "nội dung đã bị sửa",
    "head_differs": "cuối nhật ký không khớp với sổ đầu chuỗi",
    "anchor_forged": "mốc neo không có chữ ký đúng",
    "anchor_differs": "không khớp với mốc neo",
    "not_anchored": "chưa được neo quá hai giờ",
}
