"""The command that asks whether all books agree."""

import click
from flask.cli import with_appcontext

from marketplace.database import db
from marketplace.upkeep.doctor import BOOKS, Fault, examine

COLUMNS = "{:<10} {:<44} {:>16} {:>16}"
NAMES = {
    "stock": "kho",
    "orders": "đơn hàng",
    "payments": "thanh toán",
    "ledger": "sổ người bán",
    "trace": "truy xuất",
    "register": "sổ chứng nhận",
    "dossiers": "hồ sơ",
}


@click.command()
@with_appcontext
def doctor() -> None:
    """Reconcile stock, orders, payments, sellers' money, lots and codes; name what is off and exit with 1."""
    faults = 0
    for fault in examine(db.session()):
        if not faults:
            click.echo(COLUMNS.format("sổ", "mục", "phải là", "đang là"))
        faults += 1
        click.echo(_row(fault))
    if faults:
        click.echo(f"{faults} mục không khớp.", err=True)
        raise SystemExit(1)
    click.echo(f"Mọi sổ đều khớp: {', '.join(NAMES[book] for book in BOOKS)}.")


def _row(fault: Fault) -> str:
    return COLUMNS.format(NAMES[fault.book], fault.subject, fault.expected, fault.found)
