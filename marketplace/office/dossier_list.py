"""Dossiers of an officer's units: what waits for the officer, and lists by state, round and deadline."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product
from marketplace.certification.councils.queries import open_case
from marketplace.certification.dossiers.models import Dossier, DossierState, EvaluationRound
from marketplace.office.tenancy import Reach
from marketplace.text import fold, whole_number

PER_PAGE = 30
SOON = timedelta(days=5)
OF_COMMUNES = frozenset({DossierState.SUBMITTED})
OF_PROVINCES = frozenset({DossierState.FORWARDED, DossierState.ACCEPTED, DossierState.PROPOSED})
"""States in which the office of that level has something to do beside the council."""
ENDED = [state for state in DossierState if state.ended]
TO_DO, ALL = "", "tat_ca"
OVERDUE, DUE_SOON = "qua_han", "sap_den"


@dataclass(frozen=True, slots=True)
class ListForm:
    """What is looked for, as the address says: words of a name or code, a state, a round, a deadline."""

    words: str
    state: str
    round_id: int | None
    due: str
    page: int

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "ListForm":
        """Read an address; what no page of ours asks for is passed over."""
        state, due = typed.get("trang_thai", ""), typed.get("han", "")
        return cls(
            words=typed.get("q", "")[:100],
            state=state if state in {ALL, *DossierState} else TO_DO,
            round_id=_number(typed.get("dot", "")),
            due=due if due in {OVERDUE, DUE_SOON} else "",
            page=_number(typed.get("trang", "")) or 1,
        )

    @property
    def address(self) -> dict[str, str | int | None]:
        """Return the query of the same list, its page apart."""
        return {"q": self.words, "trang_thai": self.state, "dot": self.round_id, "han": self.due}


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of dossiers, with how many there are in all."""

    dossiers: list[Dossier]
    number: int
    page: int
    last: int


def to_do(reach: Reach) -> sa.ColumnElement[bool]:
    """Return whether a dossier waits for the actor's own office."""
    everywhere = sa.true() if reach.everywhere else sa.false()
    return sa.and_(
        reach.dossiers(),
        sa.or_(
            sa.and_(
                Dossier.state.in_(OF_COMMUNES), sa.or_(everywhere, Dossier.commune_id.in_(reach.communes))
            ),
            sa.and_(
                Dossier.state.in_(OF_PROVINCES), sa.or_(everywhere, Dossier.province_id.in_(reach.provinces))
            ),
        ),
    )


def overdue(reach: Reach, day: date) -> sa.ColumnElement[bool]:
    """Return whether an office of the actor's units, a commune's among them, is late with a dossier."""
    return sa.and_(reach.dossiers(), Dossier.due_on < day, Dossier.state.not_in(ENDED))


def waiting_dossiers(reach: Reach) -> sa.Select[Any]:
    """Return the statement of the dossiers that wait for the actor's own office, that due first on top."""
    return sa.select(Dossier).where(to_do(reach)).order_by(*_by_deadline())


def overdue_dossiers(reach: Reach, day: date) -> sa.Select[Any]:
    """Return the statement of the dossiers with which an office of the actor's units is late."""
    return sa.select(Dossier).where(overdue(reach, day))


def dossiers_without_session(reach: Reach) -> sa.Select[Any]:
    """Return the statement of the dossiers through with their advisers that lie before no session."""
    return sa.select(Dossier).where(
        reach.dossiers_to_judge(), Dossier.state == DossierState.ADVISED, ~open_case(Dossier.id).exists()
    )


def list_waiting_dossiers(session: Session, reach: Reach, most: int) -> list[Dossier]:
    """Return the dossiers that wait for the actor's own office, with product and producer."""
    return list(session.scalars(_shown(waiting_dossiers(reach)).limit(most)))


def list_late_dossiers(session: Session, reach: Reach, day: date, most: int) -> list[Dossier]:
    """Return the dossiers with which an office of the actor's units is late, the latest first."""
    late = overdue_dossiers(reach, day).order_by(*_by_deadline())
    return list(session.scalars(_shown(late).limit(most)))


def list_dossiers(session: Session, reach: Reach, form: ListForm, day: date) -> Listed:
    """Return a page of what was looked for, that due first on top."""
    wanted = sa.select(Dossier).join(Dossier.product).where(*_filters(reach, form, day))
    number = session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    last = max(1, math.ceil(number / PER_PAGE))
    page = min(form.page, last)
    part = _shown(wanted).order_by(*_by_deadline()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return Listed(list(session.scalars(part)), number, page, last)


def list_filter_rounds(session: Session, reach: Reach) -> list[EvaluationRound]:
    """Return the rounds of the own provinces, the newest first."""
    wanted = sa.select(EvaluationRound).where(reach.rounds()).options(joinedload(EvaluationRound.unit))
    newest = wanted.order_by(EvaluationRound.year.desc(), EvaluationRound.number.desc(), EvaluationRound.id)
    return list(session.scalars(newest.limit(20)))


def _filters(reach: Reach, form: ListForm, day: date) -> list[sa.ColumnElement[bool]]:
    filters = [to_do(reach) if form.state == TO_DO and not form.due else reach.dossiers()]
    if form.state in set(DossierState):
        filters.append(Dossier.state == DossierState(form.state))
    if form.round_id is not None:
        filters.append(Dossier.round_id == form.round_id)
    if form.due == OVERDUE:
        filters.append(overdue(reach, day))
    elif form.due == DUE_SOON:
        filters.append(sa.and_(Dossier.due_on.between(day, day + SOON), Dossier.state.not_in(ENDED)))
    for word in fold(form.words).split()[:8]:
        of_code = sa.func.lower(Dossier.code).contains(word, autoescape=True)
        filters.append(sa.or_(of_code, Product.words_folded.contains(word, autoescape=True)))
    return filters


def _shown(wanted: sa.Select[Any]) -> sa.Select[Any]:
    return wanted.options(joinedload(Dossier.product), joinedload(Dossier.producer))


def _by_deadline() -> tuple[sa.ColumnElement[Any], ...]:
    return Dossier.due_on.asc().nulls_last(), Dossier.since.asc(), Dossier.id.asc()


def _number(text: str) -> int | None:
    return whole_number(text) or None
