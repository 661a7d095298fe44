"""Blind scoring: nobody sees a sheet of another, or anything reckoned from it, before all are in.

What is open is asked here alone and in the query itself: no page, export or journal can know more.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.bench import Bench, bench_of
from marketplace.certification.councils.founding import scope_of
from marketplace.certification.councils.models import Conflict, Seat, SessionDossier
from marketplace.certification.dossiers.sheet_models import SheetLevel, SheetRow


def list_open_sheets(session: Session, session_id: int, dossier_id: int) -> Sequence[SheetRow]:
    """Return the sheets of a dossier in a session with what stands on them; none before all are in.

    They come in the order of the members; those of members in conflict do not count.
    """
    return list_counting_sheets(session, session_id, [dossier_id])


def list_counting_sheets(session: Session, session_id: int, dossier_ids: Sequence[int]) -> Sequence[SheetRow]:
    """Return the open sheets of several dossiers of a session at once, as `list_open_sheets` does of one."""
    wanted = (
        sa.select(SheetRow)
        .join(
            SessionDossier,
            sa.and_(
                SessionDossier.session_id == SheetRow.session_id,
                SessionDossier.dossier_id == SheetRow.dossier_id,
            ),
        )
        .where(*_signed(session_id), SheetRow.dossier_id.in_(dossier_ids))
        .where(SessionDossier.revealed_at.is_not(None))
        .options(selectinload(SheetRow.choices), joinedload(SheetRow.stops))
        .order_by(SheetRow.dossier_id, SheetRow.member_id)
    )
    return session.execute(wanted.execution_options(populate_existing=True)).unique().scalars().all()


def count_signed(session: Session, session_id: int) -> dict[int, int]:
    """Return by dossier how many sheets of a session are in: all that is told while scoring is blind."""
    counted = (
        sa.select(SheetRow.dossier_id, sa.func.count())
        .where(*_signed(session_id))
        .group_by(SheetRow.dossier_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def count_conflicts(session: Session, session_id: int) -> dict[int, frozenset[int]]:
    """Return by dossier which members of a session are in conflict over it."""
    rows = (
        sa.select(Conflict.dossier_id, Conflict.member_id)
        .join(Seat, Seat.member_id == Conflict.member_id)
        .join(
            SessionDossier,
            sa.and_(
                SessionDossier.session_id == Seat.session_id,
                SessionDossier.dossier_id == Conflict.dossier_id,
            ),
        )
        .where(Seat.session_id == session_id)
    )
    found: dict[int, frozenset[int]] = {}
    for dossier_id, member_id in session.execute(rows):
        found[dossier_id] = found.get(dossier_id, frozenset()) | {member_id}
    return found


def reveal_when_in(
    session: Session, actor: Actor, council_id: int, case: SessionDossier, at: datetime
) -> bool:
    """Open the sheets of a dossier, its row locked, if all of its bench have signed; tell whether they are.

    From then on the journal holds every sheet as it was signed, and the next version of one beside it.
    """
    bench = bench_of(session, case.session_id, case.dossier_id)
    if case.revealed_at is None and _all_in(session, case, bench):
        case.revealed_at = at
        session.flush()
        for row in list_open_sheets(session, case.session_id, case.dossier_id):
            _write_down(session, actor, council_id, row, at)
    return case.revealed_at is not None


def _all_in(session: Session, case: SessionDossier, bench: Bench) -> bool:
    signed = sa.select(SheetRow.member_id).where(
        *_signed(case.session_id), SheetRow.dossier_id == case.dossier_id
    )
    return bench.quorate and {one.id for one in bench.scorers} <= set(session.execute(signed).scalars())


def _signed(session_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what holds of a signed sheet of a session whose member is in no conflict."""
    conflict = sa.exists().where(
        Conflict.member_id == SheetRow.member_id, Conflict.dossier_id == SheetRow.dossier_id
    )
    return (
        SheetRow.level == SheetLevel.COUNCIL,
        SheetRow.session_id == session_id,
        SheetRow.signed_at.is_not(None),
        ~conflict,
    )


def _write_down(session: Session, actor: Actor, council_id: int, row: SheetRow, at: datetime) -> None:
    chosen = sorted((one.criterion, one.option) for one in row.choices)
    journal.record(
        session,
        actor,
        "council:reveal",
        "score_sheet",
        row.id,
        scope_of(council_id),
        at=at,
        data={
            "session_id": row.session_id,
            "dossier_id": row.dossier_id,
            "member_id": row.member_id,
            "choice_codes": [f"{criterion}:{option}" for criterion, option in chosen],
            "stops": sorted(one.number for one in row.stops),
        },
    )
