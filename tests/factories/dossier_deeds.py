"""Every deed upon a dossier by its name, and where each leads: the procedure, written down a second time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.actions import submit_dossier, withdraw_dossier
from marketplace.certification.dossiers.flow import claim, move
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer, send_to_ministry
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.office_deeds import (
    Advice,
    accept_dossier,
    ask_completion,
    forward_dossier,
    report_advice,
    return_dossier,
)
from tests.factories.dossiers import a_round

BEFORE_COUNCIL = (
    "draft", "submitted", "returned", "forwarded", "needs_completion", "accepted", "advised",
)  # fmt: skip
LEADS = {
    **{("withdraw", state): "withdrawn" for state in BEFORE_COUNCIL},
    ("submit", "draft"): "submitted",
    ("submit", "returned"): "submitted",
    ("submit", "needs_completion"): "forwarded",
    ("return", "submitted"): "returned",
    ("forward", "submitted"): "forwarded",
    ("accept", "forwarded"): "accepted",
    ("ask", "forwarded"): "needs_completion",
    ("ask", "accepted"): "needs_completion",
    ("advise", "accepted"): "advised",
    ("put on the agenda", "advised"): "in_council",
    ("put on the agenda", "sent_back"): "in_council",
    ("take off the agenda", "in_council"): "advised",
    ("evaluate", "in_council"): "evaluated",
    ("propose", "in_council"): "proposed",
    ("send", "proposed"): "at_ministry",
    ("answer with 95", "at_ministry"): "at_ministry",
    ("answer with 85", "at_ministry"): "sent_back",
    ("answer without points", "at_ministry"): "sent_back",
    ("recognise", "evaluated"): "recognised",
    ("recognise", "at_ministry"): "recognised",
    ("recognise", "sent_back"): "recognised",
    ("refuse", "evaluated"): "not_recognised",
    ("refuse", "sent_back"): "not_recognised",
}
"""Where a deed leads from a state; what is not here is illegal."""


@dataclass(frozen=True)
class Hands:
    """Who does deeds upon a dossier: its owner, and an officer of its province."""

    owner: Actor
    officer: Actor


Deed = Callable[[Session, Dossier, Hands, datetime], None]


def _to(state: DossierState, *since: DossierState) -> Deed:
    """Return the deed of a room above: councils and decisions bring dossiers on by `move`."""

    def do(session: Session, dossier: Dossier, hands: Hands, at: datetime) -> None:
        claim(session, dossier, *(since or DossierState))
        move(session, hands.officer, dossier, state, at)

    return do


def _ask(session: Session, dossier: Dossier, hands: Hands, at: datetime) -> None:
    due_on = clock.local_date(at) + timedelta(days=7)
    ask_completion(session, hands.officer, dossier, "Bổ sung nhãn.", due_on, at)


def _advise(session: Session, dossier: Dossier, hands: Hands, at: datetime) -> None:
    advice = Advice(group="Tổ tư vấn", words="Đủ điều kiện.", reported_on=clock.local_date(at))
    report_advice(session, hands.officer, dossier, advice, at)


def _forward(session: Session, dossier: Dossier, hands: Hands, at: datetime) -> None:
    forward_dossier(session, hands.officer, dossier, "12/TTr-UBND", clock.local_date(at), 5, at)


def _accept(session: Session, dossier: Dossier, hands: Hands, at: datetime) -> None:
    accept_dossier(session, hands.officer, dossier, a_round(session, dossier.province_id), at)


def _answer(points: Decimal | None) -> Deed:
    def do(session: Session, dossier: Dossier, hands: Hands, at: datetime) -> None:
        day = clock.local_date(at)
        record_ministry_answer(session, hands.officer, dossier, points, "Kết quả.", day, at)

    return do


DEEDS: dict[str, Deed] = {
    "submit": lambda session, dossier, hands, at: submit_dossier(session, hands.owner, dossier, at),
    "withdraw": lambda session, dossier, hands, at: withdraw_dossier(session, hands.owner, dossier, at),
    "return": lambda session, dossier, hands, at: return_dossier(
        session, hands.officer, dossier, "Thiếu.", at
    ),
    "forward": _forward,
    "accept": _accept,
    "ask": _ask,
    "advise": _advise,
    "put on the agenda": _to(DossierState.IN_COUNCIL),
    "take off the agenda": _to(DossierState.ADVISED, DossierState.IN_COUNCIL),
    "evaluate": _to(DossierState.EVALUATED),
    "propose": _to(DossierState.PROPOSED),
    "send": lambda session, dossier, hands, at: send_to_ministry(
        session, hands.officer, dossier, "45/TTr-UBND", clock.local_date(at), at
    ),
    "answer with 95": _answer(Decimal(95)),
    "answer with 85": _answer(Decimal(85)),
    "answer without points": _answer(None),
    "recognise": _to(DossierState.RECOGNISED),
    "refuse": _to(DossierState.NOT_RECOGNISED),
}
