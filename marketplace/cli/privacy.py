"""The commands about personal data: hand it out, erase it."""

import json
import os
from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.accounts import privacy as subjects
from marketplace.database import unit_of_work

privacy = AppGroup("privacy", help="Personal data: hand it out, erase it.")


@privacy.command("export")
@click.argument("identity")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="A new file; else printed.")
def export(identity: str, to: Path | None) -> None:
    """Write as JSON everything known of a person's number, e-mail address or phone."""
    with unit_of_work() as session:
        known = subjects.export(session, subjects.subject_of(session, identity), clock.now())
    text = json.dumps(known, ensure_ascii=False, indent=2)
    if to is None:
        click.echo(text)
        return
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    click.echo(f"Đã ghi {to}.")


@privacy.command("erase")
@click.argument("identity")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(identity: str, yes: bool) -> None:
    """Erase a person's number, e-mail address or phone from every domain; there is no way back."""
    if not yes:
        click.confirm("Xoá vĩnh viễn dữ liệu cá nhân này?", abort=True)
    with unit_of_work() as session:
        kept = subjects.erase(session, subjects.subject_of(session, identity), clock.now())
    click.echo("Đã xoá.")
    for domain, reason in kept.items():
        click.echo(f"Giữ lại ({domain}): {reason}.")
