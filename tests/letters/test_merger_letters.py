"""The letter about two producers that became one."""

from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.letters.matters import find_matter
from marketplace.producers.models import FormerProducer
from marketplace.web.post import Letter
from tests.factories.producers import a_producer


def test_it_names_both_and_leads_to_the_one_that_stands(app: Flask) -> None:
    with unit_of_work() as session:
        kept = a_producer(session)
        former = FormerProducer(
            number=900, slug="htx-cu", name="HTX Cũ", producer_id=kept.id, merged_at=clock.now()
        )
        session.add(former)
        session.flush()
        number = former.id
    told = find_matter(db.session(), Letter.PRODUCERS_MERGED, number)
    assert told == {"former": "HTX Cũ", "producer": "HTX Cam Khe Mây", "shop": "/gian-hang/htx-cam-khe-may"}
    assert find_matter(db.session(), Letter.PRODUCERS_MERGED, number + 1) is None
