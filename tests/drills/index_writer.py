"""A process that changes products and brings the index up to date until it is killed."""

import json
import random
import sys
from pathlib import Path

import sqlalchemy as sa

from marketplace import jobs
from marketplace.app import create_app
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.search import actions, generations
from marketplace.settings import read_settings


def write_in_place(base: Path, name: str) -> Path:
    """Write into the present generation itself: what the control does."""
    return base / name


def main() -> None:
    """Rename products, do the jobs this leaves, and build the index anew now and then."""
    environment, seed, guarded = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1"
    chance = random.Random(seed)
    if not guarded:
        generations.begin_from = write_in_place
    with create_app(read_settings(environment)).app_context():
        while True:
            with unit_of_work() as session:
                ids = session.scalars(sa.select(Product.id)).all()
                session.get_one(Product, chance.choice(ids)).name = f"Kẹo lạc số {chance.randrange(1000)}"
            jobs.do_next()
            if guarded and chance.random() < 0.1:
                actions.rebuild()
            db.session.remove()


if __name__ == "__main__":
    main()
