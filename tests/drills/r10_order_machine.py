"""R10: whatever happens to orders, in whatever order, stock, states and money are what plain Python says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from marketplace import clock
from marketplace.ordering.models import PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.gateway import gateways
from tests.drills import SEED, Outcome, Run, drill
from tests.drills.order_machine import OrderMachine
from tests.drills.order_stage import Stage
from tests.factories.payments import MemoryGateway

STEPS = 25


@drill("R10", bar="0 divergences from the model in 5,000 sequences, the doctor finds nothing after each")
def the_shop_agrees_with_plain_python(run: Run) -> Outcome:
    """Let Hypothesis buy, pay, send, fail, cancel, expire, return and refund; compare after each step."""
    sequences = run.count(short=8, full=5_000)
    gateway = MemoryGateway()
    with (
        run.application(),
        clock.stopped(clock.now()),
        patch.dict(gateways, {PaymentMethod.CARD: gateway}),
        _guard(run),
    ):
        OrderMachine.stage, OrderMachine.steps = Stage(gateway), 0
        divergence = _play(sequences)
    got: dict[str, Any] = {"sequences": sequences, "steps": OrderMachine.steps}
    got["divergences"] = int(divergence is not None)
    if divergence is not None:
        got["first"] = divergence
    return Outcome(got, ok=divergence is None)


def _play(sequences: int) -> str | None:
    """Return how the shop first differed from the model, or None."""
    plan = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(SEED)(OrderMachine), settings=plan)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return None


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """In the control goods are sent whether they are paid or not."""
    if run.guarded:
        yield
        return
    with patch.object(settlement, "_require_paid", lambda session, order_id: None):
        yield
