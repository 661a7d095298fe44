"""Questions about producers."""

from marketplace.database import db
from marketplace.producers.known import KnownProducers
from marketplace.producers.matching import Whereabouts, name_key
from marketplace.producers.models import Producer


def find_producer(name: str, where: Whereabouts) -> Producer | None:
    """Return the producer that a printed name and place mean, None when nobody fits or several do."""
    session = db.session()
    found = KnownProducers.load(session, name_key(name)).find(name, where)
    return session.get(Producer, found.id) if found else None
