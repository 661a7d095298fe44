"""Which state a dossier can come into from which, and the one way to bring it there.

Decision 26/2026/QĐ-TTg, articles 5 to 7: from the producer to the commune, the province with its advisers
and its council, and with 90 points and more to the ministry.
"""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.certification.actions import end_extension
from marketplace.certification.dossiers.errors import WrongState
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep
from marketplace.certification.dossiers.working_days import add_working_days, closed_days

COMMUNE_WORKING_DAYS = 15
"""How long a commune examines a dossier (article 5)."""
RENEWAL_DAYS = timedelta(days=45)
"""Within how long the province decides on a product that is evaluated again (article 7.6)."""

_S = DossierState
MOVES: dict[DossierState, frozenset[DossierState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.RETURNED, _S.FORWARDED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.FORWARDED: frozenset({_S.NEEDS_COMPLETION, _S.ACCEPTED, _S.WITHDRAWN}),
    _S.NEEDS_COMPLETION: frozenset({_S.FORWARDED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset({_S.NEEDS_COMPLETION, _S.ADVISED, _S.WITHDRAWN}),
    _S.ADVISED: frozenset({_S.IN_COUNCIL, _S.WITHDRAWN}),
    _S.IN_COUNCIL: frozenset({_S.ADVISED, _S.EVALUATED, _S.PROPOSED}),
    _S.EVALUATED: frozenset({_S.RECOGNISED, _S.NOT_RECOGNISED}),
    _S.PROPOSED: frozenset({_S.AT_MINISTRY}),
    _S.AT_MINISTRY: frozenset({_S.RECOGNISED, _S.SENT_BACK}),
    _S.SENT_BACK: frozenset({_S.IN_COUNCIL, _S.RECOGNISED, _S.NOT_RECOGNISED}),
    _S.RECOGNISED: frozenset(),
    _S.NOT_RECOGNISED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
"""Every move there is; what is not here is refused. Back to ADVISED is a dossier taken off an agenda, from
SENT_BACK to IN_COUNCIL one that the province evaluates again."""

_DECIDED_WITH_ROUND = frozenset({_S.ADVISED, _S.IN_COUNCIL, _S.EVALUATED, _S.PROPOSED})
"""States in which the day of the province's decision still counts."""

_ANSWERED_WITHOUT_STARS = frozenset({_S.NOT_RECOGNISED, _S.WITHDRAWN})
"""States that end what a certificate was extended for (article 12.3)."""


def lock(session: Session, dossier: Dossier) -> None:
    """Lock a dossier and read anew what its row says; what was loaded beside it stays."""
    session.refresh(dossier, sa.inspect(Dossier).column_attrs.keys(), with_for_update=True)


def claim(session: Session, dossier: Dossier, *states: DossierState) -> None:
    """Lock a dossier and go on only when it is in one of the states; raises WrongState."""
    lock(session, dossier)
    if dossier.state not in states:
        raise WrongState(state=dossier.state)


def move(
    session: Session,
    actor: Actor | None,
    dossier: Dossier,
    to: DossierState,
    at: datetime,
    words: str | None = None,
    **facts: object,
) -> None:
    """Bring a dossier into a state, write that into its log and the journal, and say by when to act.

    `words` are the reasons given; `facts` are columns of the dossier written in the same breath, among
    them `due_on` where the state alone does not tell it. Raises WrongState.
    """
    lock(session, dossier)
    if to not in MOVES[dossier.state]:
        raise WrongState(state=dossier.state, to=to)
    before = dossier.state
    facts = {"due_on": _due(session, dossier, to, clock.local_date(at)), **facts}
    for column, value in {**facts, "state": to, "since": at}.items():
        setattr(dossier, column, value)
    write_step(session, actor, dossier, at, words)
    if to in _ANSWERED_WITHOUT_STARS:
        end_extension(session, dossier.product_id, clock.local_date(at))
    data = {"from_state": before, "to_state": to, "dossier_code": dossier.code}
    note(session, actor, dossier, "move", at, **data)


def write_step(
    session: Session, actor: Actor | None, dossier: Dossier, at: datetime, words: str | None = None
) -> None:
    """Add a line to the log: the dossier is in its state from now on."""
    person = actor.person_id if actor else None
    session.add(DossierStep(dossier_id=dossier.id, state=dossier.state, at=at, actor_id=person, words=words))
    session.flush()


def note(
    session: Session,
    actor: Actor | None,
    dossier: Dossier,
    verb: str,
    at: datetime,
    **data: object,
) -> None:
    """Write a deed upon a dossier into the journal."""
    org = Scope(ScopeKind.PRODUCER, dossier.producer_id)
    journal.record(session, actor, f"dossier:{verb}", "dossier", dossier.id, org, at=at, data=data)


def _due(session: Session, dossier: Dossier, to: DossierState, day: date) -> date | None:
    if to is DossierState.SUBMITTED:
        return add_working_days(day, COMMUNE_WORKING_DAYS, closed_days(session))
    return dossier.due_on if to in _DECIDED_WITH_ROUND else None
