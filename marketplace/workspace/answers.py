"""How the pages of this door answer: a page with its faults, or the way to the next one."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template

from marketplace.accounts.roles import Role
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.web.addresses import page_url
from marketplace.web.visitors import require_actor

Faults = Sequence[tuple[str, str]]
"""Pairs of the field that is wrong and the words that say so."""


def page(
    template: str, producer: Producer, *, faults: Faults = (), status: int = 0, **facts: Any
) -> Response:
    """Return a page of a producer's workspace: 422 where fields are wrong, 200 else, or the status named."""
    body = render_template(
        f"workspace/{template}.html",
        producer=producer,
        base=f"/gian-hang/{producer.slug}",
        owns=require_actor().holds(scope_of(producer), Role.OWNER),
        faults=list(faults),
        faulty=dict(faults),
        **facts,
    )
    return make_response(body, status or (422 if faults else 200))


def go(path: str, words: str = "") -> Response:
    """Send people to another page of ours, which begins with these words."""
    if words:
        flash(words)
    return make_response(redirect(page_url(path), 303))


def csv_table(name: str, text: str) -> Response:
    """Hand out a table for spreadsheets, as a file of that name."""
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return response
