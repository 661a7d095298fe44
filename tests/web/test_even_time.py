"""Answers that take as long whatever was found."""

import time

import pytest

from marketplace.web.even_time import STEP_SECONDS, in_even_time


@pytest.mark.parametrize("work", [0.0, 0.03, 0.06])
def test_more_work_takes_no_longer(work: float) -> None:
    begun = time.monotonic()
    with in_even_time():
        time.sleep(work)
    assert time.monotonic() - begun >= STEP_SECONDS


def test_a_refusal_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr("marketplace.web.even_time.time.sleep", rests.append)
    with pytest.raises(LookupError), in_even_time():
        raise LookupError
    assert rests == []
