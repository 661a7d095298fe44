"""The producer that a row names: known under some spelling, or new."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.catalogue.actions import refresh_offers_of
from marketplace.producers.actions import add_spelling, register_producer
from marketplace.producers.known import Known, KnownProducers
from marketplace.producers.legal_forms import form_of_type
from marketplace.producers.models import Producer
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.importing.changes import assign, fill
from marketplace.upkeep.importing.locating import Place


@dataclass(frozen=True, slots=True)
class Named:
    """The producer a row means, whether it is new, and whether the row taught us something.

    `former` says that the row means one that was merged into it: where that lay and how it was reached is
    told of it no more.
    """

    producer: Producer
    new: bool
    changed: bool
    former: bool = False


def find_or_register(
    session: Session,
    known: KnownProducers,
    name: str,
    place: Place,
    say: Speaker,
    printed_type: str | None,
    source_url: str | None,
) -> Named:
    """Return the producer meant by a printed name and place, registered when nobody fits.

    Another spelling is remembered; a name that differs from one of the same province in its form
    words or accents alone stays a producer of its own, and is said to deserve a look.
    """
    if printed_type is not None and form_of_type(printed_type) is None:
        say.doubt("producer_type", f"«{printed_type}» không phải loại chủ thể đã biết; giữ như nguồn ghi")
    found = known.find(name, place.whereabouts())
    if found is not None:
        return _recognise(session, known, found, name, place, printed_type)
    if (alike := known.similar(name, place.whereabouts())) is not None:
        say.doubt("producer", f"«{name}» có thể là «{alike}» cùng tỉnh; để riêng")
    producer = register_producer(
        session, name, printed_type=printed_type, location=place.columns(), source_url=source_url
    )
    known.add(producer.id, name, place.whereabouts())
    return Named(producer, new=True, changed=False)


def _recognise(
    session: Session,
    known: KnownProducers,
    found: Known,
    name: str,
    place: Place,
    printed_type: str | None,
) -> Named:
    """Return a known producer, having learnt what the row tells of it."""
    producer = session.get_one(Producer, found.id)
    if found.former:
        return Named(producer, new=False, changed=False, former=True)
    changed = add_spelling(session, producer, name)
    if changed:
        known.add(producer.id, name, found.where)
    changed |= _learn_type(session, producer, printed_type)
    if detail(place) and not printed_detail(producer):
        changed |= move(known, producer, place)
    return Named(producer, new=False, changed=changed)


def detail(place: Place) -> int:
    """Return how closely a place is printed below its province."""
    return bool(place.district) + bool(place.commune)


def printed_detail(producer: Producer) -> int:
    """Return how closely a producer's place is known below its province."""
    return bool(producer.printed_district) + bool(producer.printed_commune)


def move(known: KnownProducers, producer: Producer, place: Place) -> bool:
    """Put a producer where a row has it; say whether that was news."""
    if not assign(producer, place.columns()):
        return False
    known.move(producer.id, place.whereabouts())
    return True


def _learn_type(session: Session, producer: Producer, printed_type: str | None) -> bool:
    learnt = fill(producer, {"printed_type": printed_type})
    if fill(producer, {"legal_form": form_of_type(printed_type or "")}):
        refresh_offers_of(session, producer)
        return True
    return learnt
