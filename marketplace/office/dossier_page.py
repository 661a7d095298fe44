"""The page of a dossier: what was said of it so far, how it stands, and the desk it lies on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.models import (
    AdvisoryReport,
    CommuneFinding,
    CommuneLetter,
    Dossier,
    DossierState,
    MinistryFile,
    Topic,
)
from marketplace.certification.dossiers.office_deeds import TOURISM
from marketplace.certification.dossiers.queries import whole
from marketplace.certification.dossiers.rounds import list_open_rounds, ministry_round, suggest_round
from marketplace.certification.dossiers.sheet_models import SheetChoice, SheetLevel, SheetRow
from marketplace.certification.dossiers.standing import standing_of
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.office.answers import Faults, page
from marketplace.office.deadlines import TimeLeft, days_left, waited
from marketplace.office.tenancy import Reach, dossier_in_reach
from marketplace.web.dossier_words import DOSSIER_KINDS, DOSSIER_STATES, OUTCOMES, TOPICS
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import SHEET_FACTS, try_out
from marketplace.web.visitors import require_actor
from marketplace.web.words import gettext as _

COMMUNE, INTAKE, SENDING = "commune", "intake", "sending"
DESKS = {
    DossierState.FORWARDED: INTAKE,
    DossierState.ACCEPTED: "advice",
    DossierState.PROPOSED: SENDING,
    DossierState.AT_MINISTRY: "answer",
}
"""The desks of a province by the state of what lies on them."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What commune, advisers and ministry have said of a dossier; findings in the order of form 03.

    `scored` is at how many criteria the advisers' own sheet has marks, None where they began none.
    """

    findings: dict[Topic, CommuneFinding]
    letter: CommuneLetter | None
    advice: AdvisoryReport | None
    ministry: MinistryFile | None
    scored: int | None


def read_papers(session: Session, dossier: Dossier) -> Papers:
    """Return what was said of a dossier, in one statement."""
    wanted = (
        sa.select(CommuneFinding, CommuneLetter, AdvisoryReport, MinistryFile, _scored_by_advisers())
        .select_from(Dossier)
        .outerjoin(CommuneFinding, CommuneFinding.dossier_id == Dossier.id)
        .outerjoin(CommuneLetter, CommuneLetter.dossier_id == Dossier.id)
        .outerjoin(AdvisoryReport, AdvisoryReport.dossier_id == Dossier.id)
        .outerjoin(MinistryFile, MinistryFile.dossier_id == Dossier.id)
        .where(Dossier.id == dossier.id)
    )
    rows = session.execute(wanted).all()
    found = {row[0].topic: row[0] for row in rows if row[0] is not None}
    in_order = {topic: found[topic] for topic in Topic if topic in found}
    return Papers(in_order, *rows[0][1:])


def _scored_by_advisers() -> sa.ScalarSelect[int | None]:
    return (
        sa.select(sa.func.count(SheetChoice.criterion))
        .select_from(SheetRow)
        .outerjoin(SheetChoice, SheetChoice.sheet_id == SheetRow.id)
        .where(SheetRow.dossier_id == Dossier.id, SheetRow.level == SheetLevel.ADVISORY)
        .group_by(SheetRow.id)
        .correlate(Dossier)
        .scalar_subquery()
    )


def dossier_page(dossier_id: int, faults: Faults = (), refusal: MarketplaceError | None = None) -> Response:
    """Return the page of a dossier in reach; with what was typed, and why nothing was done, where so."""
    actor, work = require_actor(), db.session()
    dossier = dossier_in_reach(work, actor, dossier_id, *whole())
    standing = standing_of(dossier, clock.today())
    judged = judges(actor, dossier)
    return page(
        "dossier",
        faults=faults,
        status=refusal.status if refusal else 0,
        refusal=explain(refusal) if refusal else "",
        dossier=dossier,
        judged=judged,
        papers=read_papers(work, dossier),
        standing=standing,
        trial=try_out(standing.sheet),
        left=left_of(dossier),
        typed=request.form,
        kinds=DOSSIER_KINDS,
        states=DOSSIER_STATES,
        topics=TOPICS,
        outcomes=OUTCOMES,
        today=clock.today(),
        **_desk_facts(work, dossier, _desk(dossier, judged)),
        **SHEET_FACTS,
    )


def judges(actor: Actor, dossier: Dossier) -> bool:
    """Return whether the actor acts for the province of a dossier, an administrator for every one."""
    reach = Reach.of(actor)
    return reach.everywhere or dossier.province_id in reach.provinces


def left_of(dossier: Dossier) -> TimeLeft:
    """Return how long there still is to act upon a dossier, or where nobody said, how long it has waited."""
    if dossier.due_on is not None:
        return days_left(dossier.due_on, clock.now())
    return waited(dossier.since, clock.now())


def _desk(dossier: Dossier, judged: bool) -> str:
    """Return which desk the dossier lies on, nothing where this office has nothing to do."""
    if dossier.state is DossierState.SUBMITTED:
        return COMMUNE
    return DESKS.get(dossier.state, "") if judged else ""


def _desk_facts(work: Session, dossier: Dossier, desk: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"desk": desk, "no_samples": TOURISM}
    if desk == INTAKE:
        rounds = list_open_rounds(work, dossier.province_id, clock.today())
        facts["rounds"] = [
            (one.id, _("Đợt %(number)s năm %(year)s", number=one.number, year=one.year)) for one in rounds
        ]
        facts["suggested"] = suggest_round(rounds, _proposed_on(dossier))
    elif desk == SENDING:
        facts["ministry_takes"], facts["ministry_decides"] = ministry_round(clock.today())
    return facts


def _proposed_on(dossier: Dossier) -> date:
    """Return the day on which the commune first proposed a dossier, as its log says that is loaded."""
    proposed = (step.at for step in dossier.steps if step.state is DossierState.FORWARDED)
    return clock.local_date(next(proposed, dossier.since))
