"""How the pages of this door answer: a page with its faults and what waits, or the way to the next one."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template

from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.office.tenancy import OFFICE, PROVINCE, Reach
from marketplace.office.units import name_office
from marketplace.office.waiting import count_waiting
from marketplace.web.addresses import page_url
from marketplace.web.headers import tell_no_address
from marketplace.web.visitors import require_actor
from marketplace.web.words import gettext as _

Faults = Sequence[tuple[str, str]]
"""Pairs of the field that is wrong and the words that say so."""


def page(template: str, *, faults: Faults = (), status: int = 0, **facts: Any) -> Response:
    """Return a page of the office: 422 where fields are wrong, 200 else, or the status named."""
    actor = require_actor()
    reach = Reach.of(actor)
    roles = {held.role for held in actor.live_memberships}
    serves = bool(roles & set(OFFICE))
    body = render_template(
        f"office/{template}.html",
        faults=list(faults),
        faulty=dict(faults),
        office=name_office(actor) if serves else _("Hội đồng đánh giá, phân hạng"),
        serves=serves,
        waiting=count_waiting(db.session(), reach) if serves else None,
        records=bool(roles & set(PROVINCE)),
        administers=Role.ADMINISTRATOR in roles,
        sits=Role.COUNCIL_MEMBER in roles,
        **facts,
    )
    return tell_no_address(make_response(body, status or (422 if faults else 200)))


def go(path: str, words: str = "") -> Response:
    """Send people to another page of ours, which begins with these words."""
    if words:
        flash(words)
    return tell_no_address(make_response(redirect(page_url(path), 303)))
