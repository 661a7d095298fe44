"""Drafting decisions from a sheet: all that it tells, or nothing and a report by row and column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.certification.authorities import level_by_rules
from marketplace.certification.decisions.errors import EvaluatedHere, MinistryStars
from marketplace.certification.decisions.paper_decisions import draft_decision
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperState
from marketplace.certification.errors import MemberCannotAward, SeveralAuthorities
from marketplace.certification.models import Authority, Certificate, Decision
from marketplace.errors import MarketplaceError
from marketplace.text import canonical
from marketplace.upkeep.decision_sheets.finding import Meant, Register
from marketplace.upkeep.decision_sheets.rows import Told, read_told
from marketplace.upkeep.importing.cells import Speaker, doubt_lost_letters
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.sheets import Finding, Row

WORDS: dict[type[MarketplaceError], tuple[str, str]] = {
    NotPermitted: ("province", "sản phẩm không nằm trong tỉnh mà bạn ghi quyết định"),
    SeveralAuthorities: ("stars", "một quyết định mà các hạng sao do nhiều cấp công nhận"),
    MinistryStars: ("stars", "hạng sao này do Bộ công nhận, số quyết định không phải của Bộ"),
    MemberCannotAward: ("producer", "bạn là thành viên của chủ thể này"),
    EvaluatedHere: ("name", "kết quả đánh giá sản phẩm này đang chờ quyết định ở đây"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A row and the product that it means."""

    told: Told
    product: Meant


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one decision; decisions of equal number and day of two districts are two."""

    number: str
    decided_on: date
    unit_id: int
    district: str | None
    rows: list[Named] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What a sheet came to: the report, and its decisions; `papers` are their drafts once written."""

    report: Report
    groups: list[Group] = field(default_factory=list)
    papers: list[int] = field(default_factory=list)


class _TakenBack(Exception):
    """Takes what was tried back: no error, only the way out of a savepoint without keeping it."""


def draft_from_sheet(
    session: Session,
    actor: Actor,
    rows: Sequence[Row],
    found: Iterable[Finding],
    at: datetime,
    *,
    dry_run: bool,
) -> Outcome:
    """Draft the decisions that rows tell of, one each; `found` is what was wrong with the sheet itself.

    With `dry_run`, or when anything is in error, nothing is kept. What the register or a waiting draft has
    already is left out and said.
    """
    outcome = Outcome(Report("Quyết định cũ", dry_run=dry_run, rows=len(rows), findings=list(found)))
    outcome.groups = _group(session, rows, outcome.report, clock.local_date(at))
    if outcome.report.errors:
        return outcome
    try:
        with session.begin_nested():
            papers = [_draft(session, actor, group, outcome.report, at) for group in outcome.groups]
            if dry_run or outcome.report.errors:
                _take_back()
    except _TakenBack:
        return outcome
    outcome.papers = [paper for paper in papers if paper is not None]
    outcome.report.applied = True
    return outcome


def _take_back() -> NoReturn:
    raise _TakenBack


def _group(session: Session, rows: Sequence[Row], report: Report, today: date) -> list[Group]:
    register, kept = Register(session), _Kept(session)
    groups: dict[tuple[object, ...], Group] = {}
    seen: dict[tuple[int, str, date], int] = {}
    for row in rows:
        say = Speaker(row.number, report.findings)
        doubt_lost_letters(row, say)
        told = read_told(row, today, say)
        product = register.find(told, say) if told else None
        if told is None or product is None:
            continue
        earlier = seen.setdefault((product.id, canonical(told.number), told.decided_on), row.number)
        if earlier != row.number:
            say.error("name", f"quyết định này đã ghi sản phẩm ở dòng {earlier}")
        elif (reason := kept.holds(told, product)) is not None:
            say.doubt("decision_no", reason)
            report.skipped += 1
        else:
            _add(groups, Named(told, product), say)
    report.added = len(groups)
    return list(groups.values())


def _add(groups: dict[tuple[object, ...], Group], named: Named, say: Speaker) -> None:
    told, where = named.told, named.product.where
    if where.province_id is None:
        say.error("province", "sổ chưa rõ sản phẩm này nay thuộc tỉnh nào")
        return
    by_district = level_by_rules(told.stars, told.decided_on, None) is Authority.DISTRICT
    district = named.product.printed_district if by_district else None
    key = (canonical(told.number), told.decided_on, where.province_id, district)
    groups.setdefault(key, Group(told.number, told.decided_on, where.province_id, district)).rows.append(
        named
    )


def _draft(session: Session, actor: Actor, group: Group, report: Report, at: datetime) -> int | None:
    stars = {named.product.id: named.told.stars for named in group.rows}
    points = {named.product.id: named.told.points for named in group.rows}
    try:
        with session.begin_nested():
            paper = draft_decision(
                session, actor, group.unit_id, group.number, group.decided_on, stars, at, points
            )
            return paper.id
    except MarketplaceError as refusal:
        column, words = WORDS.get(type(refusal), ("decision_no", refusal.code))
        name = refusal.parameters.get("name")
        Speaker(group.rows[0].told.row.number, report.findings).error(
            column, f"{words}: {name}" if name else words
        )
        return None


class _Kept:
    """What the register has of decisions, and what waits in drafts, by product."""

    def __init__(self, session: Session) -> None:
        given = sa.select(
            Certificate.product_id, Certificate.stars, Certificate.year, Decision.number, Decision.decided_on
        ).outerjoin(Decision, Certificate.decision_id == Decision.id)
        self._given: dict[int, list[tuple[int | None, int | None, str | None, date | None]]] = {}
        for product_id, stars, year, number, day in session.execute(given):
            self._given.setdefault(product_id, []).append((stars, year, number, day))
        waiting = (
            sa.select(PaperAward.product_id, PaperDecision.number, PaperDecision.decided_on)
            .join(PaperDecision, PaperDecision.id == PaperAward.paper_decision_id)
            .where(PaperDecision.state == PaperState.DRAFTED)
        )
        self._waiting = {
            (product_id, canonical(number), day)
            for product_id, number, day in session.execute(waiting)
            if number is not None
        }

    def holds(self, told: Told, product: Meant) -> str | None:
        """Return in words why a row has nothing to add, None when it has."""
        if (product.id, canonical(told.number), told.decided_on) in self._waiting:
            return "đã soạn, đang chờ người thứ hai; bỏ qua dòng này"
        for stars, year, number, day in self._given.get(product.id, ()):
            if number is None and (stars, year) == (told.stars, told.decided_on.year):
                return "sổ đã có lần công nhận này, chưa ghi số quyết định; bỏ qua dòng này"
            if number is None or canonical(number) != canonical(told.number):
                continue
            if day == told.decided_on or (day is None and year in {None, told.decided_on.year}):
                return "sổ đã có quyết định này; bỏ qua dòng này"
        return None
