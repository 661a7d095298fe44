"""The office's radar: which certificates of its units run out, and how far their renewal is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from marketplace import clock
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.lapsing.models import OfficeReminder
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import Renewal, Stage, renewal_of
from marketplace.certification.validity import LONGEST_EXTENSION

LINES_PER_PAGE = 50

Columns = TypeVarTuple("Columns")
LAPSED_FOR = timedelta(days=365)
"""How long a lapsed certificate stays on the radar."""
_SILENT = frozenset({Stage.FAR, Stage.REVOKED})
_ENDED = tuple(state for state in DossierState if state.ended)


class Band(StrEnum):
    """When certificates run out, the most pressing first: within 4, 6, 12 months; or have done so."""

    FOUR = "4"
    SIX = "6"
    TWELVE = "12"
    LAPSED = "da-het"


@dataclass(frozen=True, slots=True)
class LapsingLine:
    """A certificate that runs out, with product, producer, and the dossier that is open for the product.

    `told` is the office's reminder in this stage, `reachable` whether anybody of the producer has an account.
    """

    certificate: Certificate
    renewal: Renewal
    dossier: Dossier | None
    told: OfficeReminder | None
    reachable: bool

    @property
    def may_remind(self) -> bool:
        """Whether a reminder may be sent."""
        return self.told is None and self.reachable and is_open_matter(self.renewal, self.dossier)


def is_open_matter(renewal: Renewal, dossier: Dossier | None) -> bool:
    """Return whether the producer still has to hand in a dossier."""
    return renewal.stage not in _SILENT and (dossier is None or dossier.state is DossierState.DRAFT)


def count_bands(session: Session, where: sa.ColumnElement[bool], day: date) -> dict[Band, int]:
    """Return how many certificates there are in each band, in one statement."""
    counts = (sa.func.count().filter(_within(band, day)) for band in Band)
    row = session.execute(_running_out(sa.select(*counts)).where(where)).one()
    return dict(zip(Band, row, strict=True))


def unanswered(where: sa.ColumnElement[bool], day: date) -> sa.Select[Any]:
    """Return the statement of the certificates of the first band for which nobody handed a dossier in.

    It stands on every page of the office: the days between which their terms end lead to few rows.
    """
    ending = Certificate.valid_until.between(day - LONGEST_EXTENSION, clock.add_months(day, 4))
    under_way = sa.exists().where(
        Dossier.product_id == Product.id, Dossier.state.not_in((DossierState.DRAFT, *_ENDED))
    )
    wanted = _running_out(sa.select(Certificate)).where(where, ending, _within(Band.FOUR, day), ~under_way)
    return wanted.order_by(_end, Certificate.id)


def list_unanswered(
    session: Session, where: sa.ColumnElement[bool], day: date, most: int
) -> Sequence[Certificate]:
    """Return those certificates with product and producer, what ends first on top."""
    shown = contains_eager(Certificate.product).joinedload(Product.producer)
    return session.scalars(unanswered(where, day).options(shown).limit(most)).all()


def list_lapsing(
    session: Session, where: sa.ColumnElement[bool], band: Band, day: date, page: int = 1
) -> list[LapsingLine]:
    """Return a page of a band, what ends first on top; those lapsed last come first."""
    order = sa.desc if band is Band.LAPSED else sa.asc
    member = sa.select(Membership.id).where(
        Membership.scope_kind == ScopeKind.PRODUCER, Membership.scope_id == Product.producer_id
    )
    wanted = (
        _running_out(sa.select(Certificate, Dossier, member.exists()))
        .outerjoin(Dossier, sa.and_(Dossier.product_id == Product.id, Dossier.state.not_in(_ENDED)))
        .where(where, _within(band, day))
        .options(contains_eager(Certificate.product).joinedload(Product.producer))
        .options(contains_eager(Certificate.product).joinedload(Product.commune))
        .order_by(order(_end), Certificate.id)
        .offset((page - 1) * LINES_PER_PAGE)
        .limit(LINES_PER_PAGE)
    )
    rows = session.execute(wanted).all()
    told = _reminders(session, [row[0].id for row in rows])
    lines = []
    for certificate, dossier, reachable in rows:
        renewal = renewal_of(certificate, day)
        assert renewal is not None
        reminder = told.get((certificate.id, renewal.stage))
        lines.append(LapsingLine(certificate, renewal, dossier, reminder, bool(reachable)))
    return lines


def find_lapsing(session: Session, where: sa.ColumnElement[bool], certificate_id: int) -> Certificate | None:
    """Return a certificate with its product, its row locked, if it is one of these."""
    wanted = (
        sa.select(Certificate)
        .join(Certificate.product)
        .where(Certificate.id == certificate_id, where)
        .options(joinedload(Certificate.product, innerjoin=True))
        .with_for_update(of=Certificate)
    )
    return session.scalar(wanted.execution_options(populate_existing=True))


_end = sa.func.coalesce(Certificate.extended_until, Certificate.valid_until)


def _running_out(wanted: sa.Select[*Columns]) -> sa.Select[*Columns]:
    """Narrow a statement down to the certificates that stand for a product and have an end."""
    begun = sa.or_(Certificate.issued_on.is_not(None), Certificate.year.is_not(None))
    return (
        wanted.select_from(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .where(Certificate.revoked_on.is_(None), Certificate.superseded_on.is_(None), begun)
    )


def _within(band: Band, day: date) -> sa.ColumnElement[bool]:
    four, six, twelve = (clock.add_months(day, months) for months in (4, 6, 12))
    return {
        Band.FOUR: _end.between(day, four),
        Band.SIX: sa.and_(_end > four, _end <= six),
        Band.TWELVE: sa.and_(_end > six, _end <= twelve),
        Band.LAPSED: sa.and_(_end < day, _end >= day - LAPSED_FOR),
    }[band]


def _reminders(session: Session, ids: list[int]) -> dict[tuple[int, Stage], OfficeReminder]:
    found = session.scalars(sa.select(OfficeReminder).where(OfficeReminder.certificate_id.in_(ids)))
    return {(one.certificate_id, one.stage): one for one in found}
