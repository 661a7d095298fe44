"""Tried sheets: kept for a while, confirmed as a whole or not at all, let go."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.privacy import Subject, erasers
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.media.models import Picture
from marketplace.media.pictures import owner_of
from marketplace.media.unused import erase_when_unused
from marketplace.producers.models import Producer
from marketplace.upkeep.shop_sheets.applying import Hand
from marketplace.upkeep.shop_sheets.errors import TrialGone, TrialHasErrors, TrialOutdated
from marketplace.upkeep.shop_sheets.examining import draw_up, examine
from marketplace.upkeep.shop_sheets.limits import KEPT_FOR
from marketplace.upkeep.shop_sheets.models import SheetTrial
from marketplace.upkeep.shop_sheets.plans import Plan, ProductWork, differences
from marketplace.upkeep.shop_sheets.uploads import Upload


def begin_trial(
    session: Session,
    producer_id: int,
    actor: Actor,
    upload: Upload,
    pictures: Mapping[str, str],
    brought: Collection[str],
    at: datetime,
) -> SheetTrial:
    """Keep a sheet for its person, in the place of the one before; what it would do is examined next."""
    let_go_of(session, _own(producer_id, actor.person_id), spare=set(pictures.values()))
    trial = SheetTrial(
        producer_id=producer_id,
        person_id=actor.person_id,
        token=_draw_token(),
        upload=upload.to_json(),
        plan=Plan().to_json(),
        pictures=dict(pictures),
        brought=sorted(brought),
        made_at=at,
        expires_at=at + KEPT_FOR,
    )
    session.add(trial)
    session.flush()
    return trial


def examine_trial(producer_id: int, actor: Actor, at: datetime) -> Plan:
    """Find out what a person's kept sheet would do now, keep that under a new token, and return it.

    Two units of work of its own, the first of which is taken back. Raises TrialGone.
    """
    trial = get_trial(db.session(), producer_id, actor.person_id, at)
    plan = examine(producer_id, Upload.from_json(trial.upload), trial.pictures, actor, at)
    with unit_of_work() as session:
        trial = get_trial(session, producer_id, actor.person_id, at, lock=True)
        trial.plan, trial.token = plan.to_json(), _draw_token()
    return plan


def find_trial(session: Session, producer_id: int, person_id: int, at: datetime) -> SheetTrial | None:
    """Return the sheet that a person tried for a producer and may still confirm, without its rows."""
    wanted = sa.select(SheetTrial).where(_own(producer_id, person_id), SheetTrial.expires_at > at)
    return session.scalar(wanted)


def get_trial(
    session: Session, producer_id: int, person_id: int, at: datetime, *, lock: bool = False
) -> SheetTrial:
    """Return it with its rows; raises TrialGone."""
    wanted = sa.select(SheetTrial).where(_own(producer_id, person_id), SheetTrial.expires_at > at)
    wanted = wanted.options(undefer(SheetTrial.upload)).execution_options(populate_existing=True)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise TrialGone
    return found


def confirm_trial(session: Session, producer: Producer, actor: Actor, token: str, at: datetime) -> Plan:
    """Do all that the person was shown, or nothing of it, and return what was done.

    `token` is that of the page they saw. Raises TrialGone, TrialHasErrors, TrialOutdated when anything
    the sheet speaks of changed meanwhile, or an action refuses what it did not before, and
    ReauthenticationNeeded when a price goes far and the owner has not proved who they are lately.
    """
    trial = get_trial(session, producer.id, actor.person_id, at, lock=True)
    if trial.token != token:
        raise TrialGone
    shown = Plan.from_json(trial.plan)
    if shown.errors:
        raise TrialHasErrors
    if shown.needs_owner:
        require_strong(actor, at)
    upload = Upload.from_json(trial.upload)
    planner = draw_up(session, producer, upload, trial.pictures, lock=True)
    if planner.plan.errors or differences(shown, planner.plan):
        raise TrialOutdated
    _do_all(Hand(session, producer, planner.kept, actor, at), planner.works.values())
    _note(session, producer, actor, planner.plan, at)
    let_go_of(session, SheetTrial.id == trial.id)
    return planner.plan


def _do_all(hand: Hand, works: Collection[ProductWork]) -> None:
    try:
        for work in works:
            hand.do(work)
        hand.count(works)
    except MarketplaceError as refusal:
        raise TrialOutdated from refusal


def drop_trial(session: Session, producer_id: int, actor: Actor) -> None:
    """Let a tried sheet go, if there is one."""
    let_go_of(session, _own(producer_id, actor.person_id))


def let_go_of(session: Session, which: sa.ColumnElement[bool], spare: Collection[str] = frozenset()) -> int:
    """Delete tried sheets, and the pictures that came with them and are shown nowhere."""
    trials = session.scalars(sa.select(SheetTrial).where(which)).all()
    for trial in trials:
        _erase_unshown(session, trial, [key for key in trial.brought if key not in spare])
        session.delete(trial)
    session.flush()
    return len(trials)


def let_go_of_expired() -> int:
    """Delete the tried sheets that ran out, a periodic duty; return how many there were."""
    with unit_of_work() as session:
        return let_go_of(session, SheetTrial.expires_at <= clock.now())


def _draw_token() -> str:
    return secrets.token_urlsafe(12)


def _own(producer_id: int, person_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(SheetTrial.producer_id == producer_id, SheetTrial.person_id == person_id)


def _erase_unshown(session: Session, trial: SheetTrial, keys: Iterable[str]) -> None:
    owner = owner_of("producer", trial.producer_id)
    theirs = sa.select(Picture).where(Picture.owner == owner, Picture.key.in_(list(keys)))
    for picture in session.scalars(theirs).all():
        erase_when_unused(session, picture)


def _note(session: Session, producer: Producer, actor: Actor, plan: Plan, at: datetime) -> None:
    org = Scope(ScopeKind.PRODUCER, producer.id)
    data = {"rows": plan.rows, "changes": len(plan.changes)}
    journal.record(session, actor, "sheet:apply", "producer", producer.id, org, at=at, data=data)


def erase_trials(session: Session, subject: Subject, at: datetime) -> None:
    """Let the tried sheets of a person go."""
    if subject.person_id is not None:
        let_go_of(session, SheetTrial.person_id == subject.person_id)


erasers["sheets"] = erase_trials
