"""Every deed in every state of a dossier: what the procedure allows is done, all else refused and undone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.certification.dossiers.errors import InConflict, MemberCannotJudge, WrongState
from marketplace.certification.dossiers.flow import MOVES, move
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep
from marketplace.database import unit_of_work
from tests.factories.accounts import a_member, a_person, an_actor, an_administrator
from tests.factories.deeds import deeds
from tests.factories.dossier_deeds import DEEDS, LEADS, Hands
from tests.factories.dossier_desk import in_conflict
from tests.factories.dossiers import a_dossier, find_all, reload, the_officer, the_owner

AT_OFFICE = {
    "return": "submitted",
    "forward": "submitted",
    "accept": "forwarded",
    "ask": "accepted",
    "advise": "accepted",
    "send": "proposed",
    "answer with 85": "at_ministry",
}
"""A deed of each office, and a state in which it is open."""


@pytest.mark.parametrize("state", DossierState)
def test_only_what_the_procedure_allows_is_done(app: Flask, state: DossierState) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session, state=state)
        hands = Hands(the_owner(session, dossier.product), the_officer(session, dossier))
        if state is DossierState.SUBMITTED:
            find_all(session, hands.officer, dossier, clock.now())
        wrong = [name for name in DEEDS if state != "draft" or name != "submit"]
        wrong = [name for name in wrong if done(session, dossier, name, hands) != LEADS.get((name, state))]
    assert wrong == []


def done(session: Session, dossier: Dossier, name: str, hands: Hands) -> str | None:
    """Do a deed and undo it again; return the state it led to, None where it was refused as out of order."""
    before, steps = dossier.state, count_steps(session, dossier)
    savepoint = session.begin_nested()
    try:
        DEEDS[name](session, dossier, hands, clock.now())
    except WrongState:
        assert (dossier.state, count_steps(session, dossier)) == (before, steps)
        return None
    else:
        return dossier.state.value
    finally:
        savepoint.rollback()
        session.refresh(dossier, sa.inspect(Dossier).column_attrs.keys())


def count_steps(session: Session, dossier: Dossier) -> int | None:
    own = sa.select(sa.func.count()).where(DossierStep.dossier_id == dossier.id)
    return session.scalar(own)


def test_the_table_of_moves_is_that_of_the_procedure() -> None:
    told = {(DossierState(state), DossierState(to)) for (_, state), to in LEADS.items()}
    stay = {(DossierState.AT_MINISTRY, DossierState.AT_MINISTRY)}
    assert {(state, to) for state, leads in MOVES.items() for to in leads} == told - stay
    assert set(MOVES) == set(DossierState)
    assert {state for state in DossierState if not MOVES[state]} == {s for s in DossierState if s.ended}


@pytest.mark.parametrize(("name", "state"), AT_OFFICE.items())
def test_only_the_office_of_its_place_judges_a_dossier(app: Flask, name: str, state: str) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session, state=DossierState(state))
        owner = the_owner(session, dossier.product)
        find_all_if_open(session, dossier)
        elsewhere = Scope(ScopeKind.ADMIN_UNIT, a_dossier(session).commune_id)
        strangers = [owner, an_actor(a_person(session)), an_actor(a_person(session), (elsewhere, OFFICER))]
        if name in {"accept", "ask", "advise", "send", "answer with 85"}:
            strangers.append(the_officer(session, dossier, Role.COMMUNE_OFFICER))
        for stranger in strangers:
            with pytest.raises(NotPermitted):
                DEEDS[name](session, dossier, Hands(owner, stranger), clock.now())
        member = a_member(session, Scope(ScopeKind.PRODUCER, dossier.producer_id), Role.STAFF)
        own = an_actor(member, (SITE, Role.ADMINISTRATOR))
        with pytest.raises(MemberCannotJudge):
            DEEDS[name](session, dossier, Hands(owner, own), clock.now())
        brother = the_officer(session, dossier)
        in_conflict(session, brother.person_id, dossier.id)
        with pytest.raises(InConflict):
            DEEDS[name](session, dossier, Hands(owner, brother), clock.now())
        assert dossier.state == state
        by = an_actor(an_administrator(session), (SITE, Role.ADMINISTRATOR))
        DEEDS[name](session, dossier, Hands(owner, by), clock.now())
        assert dossier.state == LEADS[name, state]


OFFICER = Role.COMMUNE_OFFICER


def find_all_if_open(session: Session, dossier: Dossier) -> None:
    if dossier.state is DossierState.SUBMITTED:
        find_all(session, the_officer(session, dossier), dossier, clock.now())


def test_officers_of_the_commune_examine_and_forward(app: Flask) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session, state=DossierState.SUBMITTED)
        officer = the_officer(session, dossier, Role.COMMUNE_OFFICER)
        find_all(session, officer, dossier, clock.now())
        DEEDS["forward"](session, dossier, Hands(officer, officer), clock.now())
        assert dossier.state is DossierState.FORWARDED


def test_each_move_is_in_the_log_and_in_the_journal(app: Flask) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session, state=DossierState.RETURNED)
        officer = dossier.steps[-1].actor_id
        log = [(step.state, step.words) for step in dossier.steps]
    assert log == [("draft", None), ("submitted", None), ("returned", "Thiếu giấy xác nhận nguyên liệu.")]
    last = deeds("dossier:move")[-1]
    assert (last.actor_id, last.subject_id, last.org) == (
        officer,
        str(dossier.id),
        f"producer:{dossier.producer_id}",
    )
    assert "Thiếu" not in last.data
    assert '"from_state":"submitted"' in last.data
    assert '"to_state":"returned"' in last.data


def test_who_comes_second_finds_the_dossier_moved(app: Flask) -> None:
    """Somebody read the dossier before another moved it: the lock reads it anew."""
    with unit_of_work() as session:
        dossier = a_dossier(session, state=DossierState.FORWARDED)
        officer = the_officer(session, dossier)
        stale = reload(session, dossier.id)
        session.execute(
            sa.update(Dossier)
            .values(state=DossierState.WITHDRAWN)
            .execution_options(synchronize_session=False)
        )
        assert stale.state is DossierState.FORWARDED
        with pytest.raises(WrongState) as refusal:
            move(session, officer, stale, DossierState.ACCEPTED, clock.now() + timedelta(hours=1))
        assert refusal.value.parameters["state"] is DossierState.WITHDRAWN
