"""The office's radar: whose certificates run out, how far renewal is, and reminders by letter."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.lapsing.queries import (
    LINES_PER_PAGE,
    Band,
    count_bands,
    find_lapsing,
    list_lapsing,
)
from marketplace.certification.lapsing.reminders import remind_producer
from marketplace.certification.renewal import next_round
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.answers import go, page
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.territories import Place, read_place
from marketplace.web.addresses import page_url
from marketplace.web.dossier_words import DOSSIER_STATES
from marketplace.web.guards import requires
from marketplace.web.post import Letter, send_to_members
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext

PATH = "/van-phong/gia-han"
LAST_PAGE = 10_000


@door.get("/gia-han")
@requires(*OFFICE)
def show_lapsing() -> Response:
    """Show the certificates of the own places that run out, what ends first on top."""
    work, day, place, band = db.session(), clock.today(), _place(request.args), _band(request.args)
    where = _where(Reach.of(require_actor()), place)
    counts = count_bands(work, where, day)
    number = request.args.get("trang", 1, int)
    lines = list_lapsing(work, where, band, day, min(max(number, 1), LAST_PAGE))
    noi = place.id if place else None
    return page(
        "lapsing",
        place=place,
        band=band,
        counts=counts,
        lines=lines,
        round=next_round(day),
        states=DOSSIER_STATES,
        page=number,
        pages=max(1, -(-counts[band] // LINES_PER_PAGE)),
        address=lambda other: page_url(PATH, trong=band.value, noi=noi, trang=other if other > 1 else None),
        band_path=lambda other: page_url(PATH, trong=other.value, noi=noi),
    )


@door.post("/gia-han/<int(max=2147483647):certificate_id>/nhac")
@requires(*OFFICE)
def remind_one(certificate_id: int) -> Response:
    """Have the producer of a certificate reminded by letter; once in each stage."""
    with acting() as (work, actor):
        _remind(work, actor, certificate_id)
    return go(_back(), _("Đã gửi thư nhắc."))


@door.post("/gia-han/nhac-ca-trang")
@requires(*OFFICE)
def remind_all() -> Response:
    """Have all producers of the first page of a band reminded who were not yet."""
    place, band = _place(request.form), _band(request.form)
    with acting() as (work, actor):
        lines = list_lapsing(work, _where(Reach.of(actor), place), band, clock.today())
        due = sorted(line.certificate.id for line in lines if line.may_remind)
        for certificate_id in due:
            _remind(work, actor, certificate_id)
    return go(_back(), ngettext("Đã gửi %(num)s thư nhắc.", "Đã gửi %(num)s thư nhắc.", len(due)))


def _remind(work: Session, actor: Actor, certificate_id: int) -> None:
    certificate = find_lapsing(work, Reach.of(actor).products(), certificate_id)
    if certificate is None:
        raise NotFound(certificate=certificate_id)
    at = clock.now()
    producer_id = remind_producer(work, actor, certificate, at)
    send_to_members(work, Letter.RENEWAL_REMINDED, producer_id, at, certificate.id)


def _where(reach: Reach, place: Place | None) -> sa.ColumnElement[bool]:
    return sa.and_(reach.products(), place.territory.over(Product)) if place else reach.products()


def _place(typed: Mapping[str, str]) -> Place | None:
    """Return the place that is asked for; without one, all the officer's places are."""
    asked = typed.get("noi", "")
    return read_place(Reach.of(require_actor()), asked) if asked else None


def _band(typed: Mapping[str, str]) -> Band:
    return next((band for band in Band if band.value == typed.get("trong")), Band.FOUR)


def _back() -> str:
    place = _place(request.form)
    noi = f"&noi={place.id}" if place else ""
    return f"{PATH}?trong={_band(request.form).value}{noi}"
