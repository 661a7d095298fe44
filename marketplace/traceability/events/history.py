"""All that is on record of a lot, in three statements."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.traceability.events.attached import PAPER, digest_of
from marketplace.traceability.events.chain import first_broken
from marketplace.traceability.events.first_event import differences
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.models import ExternalReference, Lot, LotInput, LotPaper
from marketplace.traceability.lots.shares import Shares, share_of_material
from marketplace.traceability.zones.chain import is_changed
from marketplace.traceability.zones.models import MaterialZone, Site


@dataclass(frozen=True, slots=True)
class History:
    """A lot with all that led to it; `inputs` are its own, `inputs_by_lot` also those of its source lots.

    `events` are all of the chain in their order, those declared wrong and their declarations among them.
    """

    lot: Lot
    inputs_by_lot: dict[int, list[LotInput]]
    events: list[TraceEvent]
    papers: list[LotPaper]
    references: list[ExternalReference]

    @property
    def product(self) -> Product | None:
        """Return the product that the lot is of; material is of none."""
        return self.lot.product

    @property
    def producer(self) -> Producer:
        """Return who made it."""
        return self.lot.producer

    @property
    def inputs(self) -> list[LotInput]:
        """Return what went into the lot itself."""
        return self.inputs_by_lot.get(self.lot.id, [])

    @property
    def living_events(self) -> list[TraceEvent]:
        """Return the events that hold: neither declared wrong nor such declarations, by their time."""
        wrong = {event.declares_wrong_id for event in self.events if event.declares_wrong_id}
        living = (one for one in self.events if one.declares_wrong_id is None and one.id not in wrong)
        return sorted(living, key=lambda event: (event.event_time, event.position))

    @property
    def zones(self) -> list[MaterialZone]:
        """Return the zones that material of the lot and of its source lots came from, each once."""
        named = (one.zone for several in self.inputs_by_lot.values() for one in several if one.zone)
        return list({zone.id: zone for zone in named}.values())

    @property
    def places_of_growth(self) -> list[MaterialZone]:
        """Return the zones of its material, and those that its living events name, each once."""
        named = (one.zone for one in self.living_events if one.zone)
        return list({zone.id: zone for zone in (*self.zones, *named)}.values())

    @property
    def changed_zones(self) -> list[MaterialZone]:
        """Return the zones of its material that are no longer what the last line of their chain says."""
        return [zone for zone in self.zones if is_changed(zone, zone.last_line)]

    @property
    def sites(self) -> list[Site]:
        """Return the sites that its living events name, each once."""
        return list({one.site.id: one.site for one in self.living_events if one.site}.values())

    @property
    def shares(self) -> Shares:
        """Return how much of its material comes from the product's own commune and province."""
        home = self.product if self.product and self.product.province_id else self.producer
        return share_of_material(self.lot.id, self.inputs_by_lot, home.commune_id, home.province_id)

    @property
    def first_broken(self) -> int | None:
        """Return the first position at which the chain of events is broken, or None."""
        return first_broken(self.events, self.lot.chain_length, self.lot.chain_hash)

    @property
    def is_lot_changed(self) -> bool:
        """Whether the lot or what went into it is no longer what its first event says."""
        first = next(iter(self.events), None)
        return first is not None and any(differences(self.lot, self.inputs, first))

    @property
    def changed_papers(self) -> list[LotPaper]:
        """Return the papers whose file is not the one that an event was recorded with."""
        told = {(one.paper_id, one.details[PAPER]) for one in self.events if PAPER in one.details}
        return [
            paper
            for paper in self.papers
            if any(
                named == paper.id and digest != digest_of(paper.document or paper.picture)
                for named, digest in told
            )
        ]


def load_history(session: Session, lot_id: int) -> History:
    """Return all that is on record of a lot; raises NotFound."""
    found = _load(session, Lot.id == lot_id)
    if found is None:
        raise NotFound(lot=lot_id)
    return found


def _load(session: Session, which: sa.ColumnElement[bool]) -> History | None:
    rows = session.execute(_lot_and_inputs(which)).unique().all()
    if not rows:
        return None
    lot: Lot = rows[0][0]
    inputs: dict[int, list[LotInput]] = {}
    for _, one in rows:
        if one is not None:
            inputs.setdefault(one.lot_id, []).append(one)
    papers, references = _papers_and_references(session, lot)
    return History(lot, inputs, _events(session, lot.id), papers, references)


def _lot_and_inputs(which: sa.ColumnElement[bool]) -> sa.Select[Lot, LotInput]:
    """Return a lot with its inputs and, through source lots, the inputs of those."""
    reached = sa.select(Lot.id).where(which).cte("reached", recursive=True)
    further = sa.select(LotInput.source_lot_id).join(reached, reached.c.id == LotInput.lot_id)
    reached = reached.union(further.where(LotInput.source_lot_id.is_not(None)))
    of_lot = (joinedload(Lot.product), joinedload(Lot.producer), joinedload(Lot.variant))
    zone = joinedload(LotInput.zone)
    of_input = (
        zone.joinedload(MaterialZone.commune),
        zone.joinedload(MaterialZone.province),
        zone.joinedload(MaterialZone.last_line),
        joinedload(LotInput.source_lot).joinedload(Lot.product),
        joinedload(LotInput.commune),
        joinedload(LotInput.province),
    )
    return (
        sa.select(Lot, LotInput)
        .outerjoin(LotInput, LotInput.lot_id.in_(sa.select(reached.c.id)))
        .where(which)
        .options(*of_lot, *of_input)
        .order_by(LotInput.id)
    )


def _events(session: Session, lot_id: int) -> list[TraceEvent]:
    site, zone = joinedload(TraceEvent.site), joinedload(TraceEvent.zone)
    wanted = (
        sa.select(TraceEvent)
        .where(TraceEvent.lot_id == lot_id)
        .options(
            site.joinedload(Site.commune),
            site.joinedload(Site.province),
            zone.joinedload(MaterialZone.commune),
            zone.joinedload(MaterialZone.province),
            joinedload(TraceEvent.paper),
            joinedload(TraceEvent.picture),
        )
        .order_by(TraceEvent.position)
    )
    return list(session.scalars(wanted))


def _papers_and_references(session: Session, lot: Lot) -> tuple[list[LotPaper], list[ExternalReference]]:
    """Return the papers of a lot, and its references with those of its product; both are few."""
    of_lot = sa.or_(ExternalReference.lot_id.is_(None), ExternalReference.lot_id == lot.id)
    wanted = (
        sa.select(LotPaper, ExternalReference)
        .select_from(Lot)
        .outerjoin(LotPaper, LotPaper.lot_id == Lot.id)
        .outerjoin(ExternalReference, sa.and_(ExternalReference.product_id == Lot.product_id, of_lot))
        .where(Lot.id == lot.id)
        .options(joinedload(LotPaper.document), joinedload(LotPaper.picture))
        .order_by(LotPaper.issued_on, LotPaper.id, ExternalReference.id)
    )
    rows = session.execute(wanted).all()
    papers = {paper.id: paper for paper, _ in rows if paper is not None}
    references = {one.id: one for _, one in rows if one is not None}
    return list(papers.values()), list(references.values())
