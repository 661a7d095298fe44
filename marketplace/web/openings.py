"""Whether a request is a person who opens a page: what tallies of views and of scans count, and when."""

import re
from datetime import datetime
from functools import lru_cache

from flask import Flask, Response, request

from marketplace import clock
from marketplace.tallying import Tallies

_PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|preview|externalhit|monitor|uptime|lighthouse|headless|scrap|fetch|archive|"
    r"python|java/|http-?client",
    re.IGNORECASE,
)


def is_opening(status: int) -> bool:
    """Say whether this request is a person who opens a page, new or still fresh in the browser."""
    headers = request.headers
    return (
        request.method == "GET"
        and status in {200, 304}
        and headers.get("Sec-Fetch-Dest", "document") == "document"
        and "Sec-Purpose" not in headers
        and "Purpose" not in headers
        and is_person(headers.get("User-Agent", ""))
    )


@lru_cache(maxsize=512)
def is_person(user_agent: str) -> bool:
    """Say whether a browser calls itself what browsers do, and not what programs do."""
    return user_agent.startswith("Mozilla/") and not _PROGRAMS.search(user_agent)


def write_once_answered(app: Flask, response: Response, tallies: Tallies, at: datetime) -> None:
    """Have tallies that waited long enough written once an answer is on its way."""

    def write() -> None:
        with app.app_context():
            tallies.write_when_due(clock.now())

    if tallies.is_due(at):
        response.call_on_close(write)
