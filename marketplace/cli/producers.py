"""The commands about producers, for the operator at the machine."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.producers.queries import find_heir
from marketplace.upkeep.merging.acts import merge_producers
from marketplace.upkeep.merging.weighing import Weighed, weigh
from marketplace.web.post import Letter, send_to_members

producers = AppGroup("producers", help="Producers of the register: make two that are one into one.")


@producers.command("merge")
@click.argument("stays")
@click.argument("goes")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def merge(stays: str, goes: str, dry_run: bool, yes: bool) -> None:
    """Merge the producer of the slug GOES into that of STAYS, with all it has; there is no way back."""
    weighed = weigh(db.session(), _producer(stays), _producer(goes))
    for line in _lines(weighed):
        click.echo(line)
    if weighed.obstacles:
        raise SystemExit(1)
    if dry_run:
        return
    if not yes:
        click.confirm("Gộp rồi không tách lại được. Gộp?", abort=True)
    at = clock.now()
    with unit_of_work() as session:
        former = merge_producers(session, None, weighed.stays.id, weighed.goes.id, weighed.stamp, at)
        send_to_members(session, Letter.PRODUCERS_MERGED, former.producer_id, at, former.id)
    click.echo(f"Đã gộp. /chu-the/{former.slug} nay dẫn về /chu-the/{stays}.")


def _producer(slug: str) -> Producer:
    """Return the producer of exactly a slug: an address of before must not name the one it leads to."""
    if heir := find_heir(db.session(), slug):
        raise click.ClickException(f"{slug} đã gộp vào {heir}.")
    found = db.session.scalar(sa.select(Producer).where(Producer.slug == slug))
    if found is None:
        raise NotFound(producer=slug)
    return found


def _lines(weighed: Weighed) -> list[str]:
    """Return what the two have, by table, and what stands against making them one."""
    told = [
        f"giữ: {weighed.stays.name} ({weighed.stays.slug})",
        f"gộp vào: {weighed.goes.name} ({weighed.goes.slug})",
    ]
    told += [f"{name}: {one} + {other}" for name, (one, other) in sorted(weighed.counts.items())]
    against = ((one.hindrance, one.table, one.about) for one in weighed.obstacles)
    return told + [f"vướng: {' '.join(filter(None, words))}" for words in against]
