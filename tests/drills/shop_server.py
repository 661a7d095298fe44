"""The four web processes of a shop under attack: `python -m tests.drills.shop_server FD GUARD`.

It serves the real application with the real server on a socket that it is handed; GUARD names the
guard that the negative control takes away, or is `whole`.
"""

import os
import secrets
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import attempts
from marketplace.accounts.attempts import WINDOWS, Claim, Rule
from marketplace.accounts.errors import TooManyAttempts
from marketplace.app import create_app
from marketplace.cli.warming import warm_up
from marketplace.cli.web_server import WebServer
from marketplace.ordering import checkout, stock
from marketplace.ordering.errors import OutOfStock
from marketplace.ordering.models import StockItem
from marketplace.ordering.stock import Demand
from tests.drills.card_guards import CARD_GUARDS

PROCESSES = 4


def _allocate_naively(session: Session, demands: Collection[Demand], at: datetime) -> None:
    """Read, think long enough for others to read meanwhile, and write: what oversells."""
    for demand in demands:
        item = session.execute(
            sa.select(StockItem.on_hand, StockItem.allocated).where(StockItem.variant_id == demand.variant_id)
        ).one()
        time.sleep(0.25)
        if item.on_hand - item.allocated < demand.quantity:
            raise OutOfStock(variant_id=demand.variant_id, available=item.on_hand - item.allocated)
        session.execute(
            sa.update(StockItem)
            .where(StockItem.variant_id == demand.variant_id)
            .values(allocated=item.allocated + demand.quantity)
            .execution_options(synchronize_session=False)
        )


def _count_in_memory() -> Callable[..., Claim]:
    """Return a claim that counts in this process alone, and from nothing at each start."""
    counted: Counter[tuple[Rule, str]] = Counter()

    def claim_here(asked: Sequence[tuple[Rule, str]], at: datetime) -> Claim:
        counted.update(asked)
        if over := [rule for rule, subject in asked if counted[rule, subject] > WINDOWS[rule][0].count]:
            raise TooManyAttempts(rule=over[0].value, wait=60)
        return Claim({})

    return claim_here


def _take_away(guard: str) -> None:
    """Replace a guard by code that does without it."""
    if guard == "limits":
        shared, claim_here = attempts.claim, _count_in_memory()
        for name, module in list(sys.modules.items()):
            if name.startswith("marketplace.") and getattr(module, "claim", None) is shared:
                module.__dict__["claim"] = claim_here
        return
    replaced: dict[str, list[tuple[Any, str, Callable[..., Any]]]] = {
        "whole": [],
        "stock": [(stock, "allocate", _allocate_naively)],
        "replay": [
            (checkout, "find_group_by_submission", lambda *_: None),
            (checkout, "hash_secret", lambda _: secrets.token_hex(32)),
        ],
        **CARD_GUARDS,
    }
    for module, name, naive in replaced[guard]:
        setattr(module, name, naive)


def main(descriptor: int, guard: str) -> None:
    """Serve in four processes until the process that asked for it ends this one or is gone."""
    _take_away(guard)
    app = create_app()
    warm_up(app)
    parent = os.getppid()
    for _ in range(PROCESSES - 1):
        if os.fork() == 0:
            parent = os.getppid()
            break
    with socket.socket(fileno=descriptor) as listener:
        WebServer(app, app.extensions["settings"], listener).run(lambda: os.getppid() != parent)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
