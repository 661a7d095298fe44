"""Whatever producers, communes, province and ministry do, a dossier is where a plain model of it says."""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.certification.dossiers.editing import save_choices, save_report
from marketplace.certification.dossiers.errors import MissingPieces, NotEditable, TooLate, WrongState
from marketplace.certification.dossiers.evidence import get_own_evidence, remove_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceFile
from marketplace.certification.dossiers.laying import lay_to, take_from
from marketplace.certification.dossiers.models import Dossier, DossierStep, SelfReport, Topic
from marketplace.certification.dossiers.office_deeds import record_finding
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, rubric_of
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.producers.models import Producer
from tests.environment.application import empty_application
from tests.factories.dossier_deeds import BEFORE_COUNCIL, DEEDS, LEADS, Hands
from tests.factories.dossiers import (
    REPORT,
    a_dossier,
    a_dossier_product,
    a_round,
    an_evidence,
    choices_for,
    evidence_file,
    fill_dossier,
    the_officer,
    the_owner,
)

EDITABLE = {"draft", "returned", "needs_completion"}
KEPT_DUE = {"advised", "in_council", "evaluated", "proposed"}
INTAKE, DECIDED = date(2026, 12, 12), date(2027, 2, 28)
CRITERION = "1.1"
DETOURS = {"return", "ask", "take off the agenda"}
chance = st.randoms(use_true_random=True)
"""Draws evenly; its seed is what Hypothesis chooses."""


def fifteen_weekdays(day: date) -> date:
    """Return the day a commune answers by where there are no holidays."""
    for _ in range(15):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return day


class Desk(RuleBasedStateMachine):
    """One dossier filled ready, and the model of it."""

    database_url: str
    reached: ClassVar[set[str]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        url = self.database_url or f"sqlite:///{self.folder.name}/desk.db"
        self.context = empty_application(url, Path(self.folder.name))
        self.context.__enter__()
        with unit_of_work() as session:
            product = a_dossier_product(session)
            owner = the_owner(session, product)
            dossier = a_dossier(session, product, actor=owner)
            fill_dossier(session, owner, dossier)
            a_round(session, dossier.province_id, intake_until=INTAKE, decided_by=DECIDED)
            self.hands = Hands(owner, the_officer(session, dossier))
            self.id, self.producer = dossier.id, dossier.producer_id
            spare = session.get_one(Producer, self.producer)
            self.spare = an_evidence(session, spare, owner, file=evidence_file("Khác")).id
            self.choice = choices_for(rubric_of(dossier), 4)[CRITERION]
        self.at: datetime = clock.now()
        self.state, self.log, self.topics = "draft", ["draft"], dict.fromkeys(Topic, False)
        self.chosen = self.told = True
        self.laid = self.handed_in = False
        self.since = self.at
        self.due: date | None = None
        self.submitted_at: datetime | None = None
        self.digest: str | None = None
        self.kept_spare = True

    def teardown(self) -> None:
        db.session.rollback()
        self.context.__exit__(None, None, None)
        self.folder.cleanup()

    def refused(self, do: Any) -> MarketplaceError | None:
        """Do something to the dossier, and return why it was refused, or None."""
        try:
            with unit_of_work() as session:
                do(session, session.get_one(Dossier, self.id))
        except MarketplaceError as refusal:
            return refusal
        return None

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.at += timedelta(days=days)

    @rule(chance=chance, times=st.integers(1, 4))
    def do_anything(self, chance: Random, times: int) -> None:
        """Do what need not be open; nothing goes on after a dossier is taken back, so that comes last."""
        for _ in range(times):
            self.do(chance.choice(sorted(DEEDS.keys() - {"withdraw"})))

    @precondition(lambda self: len(self.log) > 9)
    @rule()
    def take_it_back(self) -> None:
        self.do("withdraw")

    @rule(chance=chance, steps=st.integers(2, 8))
    def goes_its_way(self, chance: Random, steps: int) -> None:
        """Do what is legal next, mostly without a detour, so that the last states are reached too."""
        for _ in range(steps):
            legal = sorted(name for name, state in LEADS if state == self.state and name != "withdraw")
            straight = [name for name in legal if name not in DETOURS]
            if not legal:
                return
            if self.state == "submitted":
                for topic in Topic:
                    self.find(topic, True)
            if self.state in EDITABLE:
                self.choose(True)
                self.tell(True)
            self.do(chance.choice(straight if straight and chance.random() < 0.85 else legal))
            self.is_where_the_model_says()

    def do(self, name: str) -> None:
        expected = self.expected(name)
        refusal = self.refused(lambda session, dossier: DEEDS[name](session, dossier, self.hands, self.at))
        assert (type(refusal) if refusal else None) is expected, (name, self.state, refusal)
        if expected is None:
            self.follow(name, LEADS[name, self.state])

    def expected(self, name: str) -> type[MarketplaceError] | None:
        if (name, self.state) not in LEADS:
            return WrongState
        if name == "submit" and not (self.chosen and self.told):
            return MissingPieces
        if name == "forward" and not all(self.topics.values()):
            return MissingPieces
        if name == "accept" and clock.local_date(self.since) > INTAKE:
            return TooLate
        return None

    def follow(self, name: str, to: str) -> None:
        if (name, to) == ("answer with 95", "at_ministry"):
            return
        if name == "submit" and self.submitted_at is None:
            self.submitted_at = self.at
        if name == "submit":
            self.handed_in |= self.laid
        self.state, self.since = to, self.at
        self.log.append(to)
        day = clock.local_date(self.at)
        if to not in KEPT_DUE:
            dues = {
                "submitted": fifteen_weekdays(day),
                "accepted": DECIDED,
                "needs_completion": day + timedelta(days=7),
            }
            self.due = dues.get(to)
        elif name == "put on the agenda" and self.log[-2] == "sent_back":
            self.due = None

    @rule(topic=st.sampled_from(Topic), holds=st.booleans())
    def find(self, topic: Topic, holds: bool) -> None:
        refusal = self.refused(
            lambda session, dossier: record_finding(
                session, self.hands.officer, dossier, topic, holds, "Đã xem.", self.at
            )
        )
        assert isinstance(refusal, WrongState) is (self.state != "submitted")
        if refusal is None:
            self.topics[topic] = holds

    @rule(there=st.booleans())
    def choose(self, there: bool) -> None:
        choices = {CRITERION: self.choice if there else None}
        if self.edited(
            lambda session, dossier: save_choices(session, self.hands.owner, dossier, choices, {}, self.at)
        ):
            self.chosen = there

    @rule(there=st.booleans())
    def tell(self, there: bool) -> None:
        facts = REPORT if there else type(REPORT)()
        if self.edited(
            lambda session, dossier: save_report(session, self.hands.owner, dossier, facts, self.at)
        ):
            self.told = there

    @rule(there=st.booleans())
    def lay_the_spare_piece(self, there: bool) -> None:
        """Lay a piece beside what is needed, or take it away again."""
        if not self.kept_spare or (not there and not self.laid):
            return

        def do(session: Any, dossier: Dossier) -> None:
            if there:
                piece = session.get_one(EvidenceFile, self.spare)
                lay_to(session, self.hands.owner, dossier, CRITERION, piece, self.at)
            else:
                take_from(session, self.hands.owner, dossier, CRITERION, self.spare, self.at)

        if self.edited(do):
            self.laid = there

    @rule()
    def throw_the_spare_piece_away(self) -> None:
        if not self.kept_spare:
            return

        def do(session: Any, dossier: Dossier) -> None:
            producer, piece = (
                session.get_one(Producer, self.producer),
                get_own_evidence(session, self.spare, self.producer),
            )
            remove_evidence(session, self.hands.owner, producer, piece, self.at)

        refusal = self.refused(do)
        assert (refusal is not None) is self.handed_in, refusal
        if refusal is None:
            self.kept_spare = self.laid = False

    def edited(self, do: Any) -> bool:
        refusal = self.refused(do)
        assert isinstance(refusal, NotEditable) is (self.state not in EDITABLE), refusal
        assert refusal is None or isinstance(refusal, NotEditable)
        return refusal is None

    @invariant()
    def is_where_the_model_says(self) -> None:
        db.session.rollback()
        dossier = db.session.get_one(Dossier, self.id)
        steps = db.session.scalars(
            sa.select(DossierStep).where(DossierStep.dossier_id == self.id).order_by(DossierStep.id)
        ).all()
        assert [step.state for step in steps] == self.log
        self.reached.add(self.state)
        assert (dossier.state, dossier.since, steps[-1].at) == (self.state, self.since, self.since)
        assert (dossier.submitted_at, dossier.due_on) == (self.submitted_at, self.due)
        moves = db.session.scalar(sa.select(sa.func.count()).where(Deed.action == "dossier:move"))
        assert moves == len(self.log) - 1

    @invariant()
    def what_was_handed_in_is_frozen(self) -> None:
        db.session.rollback()
        dossier = db.session.get_one(Dossier, self.id)
        assert (dossier.rubric_digest is not None) is (self.submitted_at is not None)
        assert self.digest in {None, dossier.rubric_digest}
        self.digest = dossier.rubric_digest
        sheet = find_sheet(db.session(), self.id, SheetLevel.SELF)
        assert sheet is not None
        assert (sheet.signed_at is not None) or self.state in {*EDITABLE, "withdrawn"}
        assert self.chosen is (CRITERION in {one.criterion for one in sheet.choices})
        report = db.session.get_one(SelfReport, self.id)
        assert self.told is bool(report.representative)
        assert self.laid is (self.spare in {use.evidence_id for use in list_uses(self.id)})

    @invariant()
    def only_before_the_council_it_can_be_taken_back(self) -> None:
        assert ("withdraw", self.state) not in LEADS or self.state in BEFORE_COUNCIL


@pytest.mark.parametrize(("database", "sequences"), [("sqlite", 10), ("postgresql", 6)])
def test_a_dossier_keeps_to_its_procedure(
    database: str, sequences: int, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    machine: Any = type("DeskOnDatabase", (Desk,), {"database_url": url, "reached": set()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert machine.reached >= {"submitted", "forwarded", "accepted", "advised", "in_council"}
