"""What the tests of accounts share: two threads that want the same thing."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from marketplace.database import unit_of_work
from marketplace.errors import MarketplaceError

Act = Callable[..., Any]
Race = Callable[..., list[str]]


@pytest.fixture
def race(app: Flask) -> Race:
    """Do actions at the same moment, each in a unit of work of its own; return sorted what came of them."""

    def run(*acts: Act) -> list[str]:
        start, results = threading.Barrier(len(acts)), list[str]()

        def one(act: Act) -> None:
            with app.app_context():
                start.wait()
                try:
                    with unit_of_work() as session:
                        act(session)
                except MarketplaceError as refusal:
                    results.append(type(refusal).__name__)
                else:
                    results.append("done")

        threads = [threading.Thread(target=one, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(results)

    return run
