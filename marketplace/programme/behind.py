"""The rows behind a target's figure, a page at a time: what was counted, or what might count as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.catalogue.models import Product
from marketplace.certification.ideas.models import ProductIdea
from marketplace.certification.oversight.models import Inspection
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.programme.asset_models import IPRight
from marketplace.programme.counting import count_targets
from marketplace.programme.districts import Districts, list_districts
from marketplace.programme.fact_models import TradeEvent, TrainingSession
from marketplace.programme.figures import Figure, Tally, figure_of
from marketplace.programme.metrics import Ground, Subject, rows_of, subject_of
from marketplace.programme.models import Programme, Target
from marketplace.programme.queries import get_programme
from marketplace.sales_points.models import SalesPoint

PAGE_SIZE = 50
LISTED: dict[Subject, tuple[type[Any], Sequence[Any], Sequence[ORMOption]]] = {
    Subject.PRODUCT: (Product, (Product.name_folded, Product.id), (joinedload(Product.producer),)),
    Subject.PRODUCER: (Producer, (Producer.name_key, Producer.id), ()),
    Subject.POINT: (SalesPoint, (SalesPoint.name_key, SalesPoint.id), ()),
    Subject.EVENT: (TradeEvent, (TradeEvent.started_on, TradeEvent.id), ()),
    Subject.SESSION: (TrainingSession, (TrainingSession.held_on, TrainingSession.id), ()),
    Subject.RIGHT: (IPRight, (IPRight.filed_on, IPRight.id), (joinedload(IPRight.producer),)),
    Subject.IDEA: (ProductIdea, (ProductIdea.year, ProductIdea.id), (joinedload(ProductIdea.commune),)),
    Subject.INSPECTION: (
        Inspection,
        (Inspection.inspected_on, Inspection.id),
        (joinedload(Inspection.unit),),
    ),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """A target with its figure and one page of the rows behind it, in the order of their names or days."""

    programme: Programme
    districts: Districts
    figure: Figure
    subject: Subject | None
    rows: Sequence[Any]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))


def get_behind(slug: str, code: str, *, unsure: bool = False, page: int = 1) -> Behind:
    """Return what stands behind a target of a plan; raises NotFound for what no plan has."""
    of_targets = selectinload(Programme.targets)
    programme = get_programme(
        slug, of_targets.joinedload(Target.mark), of_targets.selectinload(Target.evidence)
    )
    target = next((one for one in programme.targets if one.code == code), None)
    if target is None:
        raise NotFound(target=code)
    districts = list_districts(programme)
    ground = Ground.of(programme, districts.ids)
    figure = figure_of(target, count_targets([target], ground).get(code, Tally()), districts.units)
    total = figure.tally.unsure if unsure else figure.tally.count
    rows = _rows(target, ground, unsure, page) if total else []
    return Behind(programme, districts, figure, subject_of(target), rows, total, page)


def _rows(target: Target, ground: Ground, unsure: bool, page: int) -> Sequence[Any]:
    behind = rows_of(target, ground)
    subject = subject_of(target)
    assert subject is not None
    listed, order, options = LISTED[subject]
    counted = sa.select(behind.counted.subquery().c.id)
    wanted = sa.select(listed).options(*options).order_by(*order)
    if unsure and behind.unsure is not None:
        lacking = sa.select(behind.unsure.subquery().c.id)
        wanted = wanted.where(listed.id.in_(lacking), listed.id.not_in(counted))
    else:
        wanted = wanted.where(listed.id.in_(counted))
    return db.session.scalars(wanted.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
