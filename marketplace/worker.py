"""The worker: does the jobs that changes left behind, and the duties that come round by themselves."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

from marketplace import jobs
from marketplace.accounts.retention import let_go
from marketplace.catalogue.reports import let_contacts_go
from marketplace.catalogue.tallies import forget_old_tallies
from marketplace.cli.audit import anchor_journal
from marketplace.cli.preconditions import reason_of, require_set_up
from marketplace.cli.supervisor import Stop
from marketplace.database import db
from marketplace.letters.forgetting import let_old_letters_go
from marketplace.letters.reminders import remind
from marketplace.media.pictures import settle_pictures
from marketplace.ordering.deadlines import remind_sellers
from marketplace.ordering.own_data import let_buyers_go
from marketplace.ordering.reservations import sweep_holds
from marketplace.ordering.restock_wishes import forget_old_wishes
from marketplace.payments import sweeper
from marketplace.payments.own_data import let_messages_go
from marketplace.reviews.own_data import let_writers_go
from marketplace.search.actions import tend
from marketplace.traceability.scans.tallies import forget_old_scans
from marketplace.upkeep.shop_sheets.trials import let_go_of_expired

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.3
AFTER_FAILURE_SECONDS = 2.0


@dataclass
class Duty:
    """Something done every so many seconds, beginning with the worker's first round."""

    name: str
    every_seconds: float
    do: Callable[[], object]
    next_at: float = 0.0


DUTIES: list[Duty] = [
    Duty("tend the search index", every_seconds=3, do=tend),
    Duty("anchor the journal", every_seconds=3600, do=anchor_journal),
    Duty("let go of what has been kept long enough", every_seconds=3600, do=let_go),
    Duty("let go of goods held too long", every_seconds=15, do=sweep_holds),
    Duty("remind sellers of orders to answer", every_seconds=600, do=remind_sellers),
    Duty("ask gateways what became of payments", every_seconds=60, do=sweeper.resume_sessions),
    Duty("cancel drafts that nobody pays", every_seconds=60, do=sweeper.expire_drafts),
    Duty("give money back by card", every_seconds=15, do=sweeper.carry_out_refunds),
    Duty("pay sellers out", every_seconds=3600, do=sweeper.pay_sellers_out),
    Duty("take buyers off old orders", every_seconds=3600, do=let_buyers_go),
    Duty("forget what was typed into old transfers", every_seconds=3600, do=let_messages_go),
    Duty("forget who waited for goods in vain", every_seconds=3600, do=forget_old_wishes),
    Duty("take names off reviews of old orders", every_seconds=3600, do=let_writers_go),
    Duty("forget who reported something", every_seconds=3600, do=let_contacts_go),
    Duty("remind of renewals and tell of saved products", every_seconds=3600, do=remind),
    Duty("let go of letters that nobody took away", every_seconds=3600, do=let_old_letters_go),
    Duty("let go of old figures", every_seconds=3600, do=forget_old_tallies),
    Duty("let go of old scans and of salts of days gone by", every_seconds=600, do=forget_old_scans),
    Duty("settle pictures that a crash left behind", every_seconds=600, do=settle_pictures),
    Duty("let go of tried sheets that ran out", every_seconds=600, do=let_go_of_expired),
]


def work(app: Flask, stopped: Callable[[], bool]) -> None:
    """Do jobs and duties until told to stop.

    A job under way is finished first; one that is cut off is done again when its lease ends.
    """
    while not stopped():
        time.sleep(_round(app))


def _round(app: Flask) -> float:
    """Do one job and what duties are due; return how many seconds to rest."""
    try:
        with app.app_context():
            _do_duties(time.monotonic())
            return 0.0 if jobs.do_next() else IDLE_SECONDS
    except Exception as error:
        _log_failure("the worker's round", error)
        return AFTER_FAILURE_SECONDS


def _do_duties(at: float) -> None:
    for duty in DUTIES:
        if duty.next_at > at:
            continue
        duty.next_at = at + duty.every_seconds
        try:
            duty.do()
        except Exception as error:
            _log_failure(f"the duty {duty.name}", error)
            db.session.rollback()


def _log_failure(what: str, error: Exception) -> None:
    """Log a failure with its trace, and a database that is away or busy in one line."""
    if isinstance(error, OperationalError):
        log.warning("%s waits for the database: %s", what, reason_of(error))
    else:
        log.error("%s failed", what, exc_info=error)


@click.command()
@click.option("--parent", type=int, hidden=True)
@click.pass_obj
def worker(info: ScriptInfo, parent: int | None) -> None:
    """Do the jobs that changes leave behind, until stopped or left alone by the parent process."""
    stop = Stop()
    stop.listen()
    app = info.load_app()
    if parent is None:
        with app.app_context():
            require_set_up()
    work(app, lambda: stop() or parent not in {None, os.getppid()})
