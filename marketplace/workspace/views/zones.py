"""Material zones and sites: where material comes from, and where it is worked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.traceability.zones import sites, zones
from marketplace.traceability.zones.errors import InvalidPlace, PlaceInUse, PlaceNameTaken
from marketplace.web.guards import requires
from marketplace.web.lot_words import SITE_KINDS
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door, place_form
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.shop_words import QUALITY_KINDS
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed


@dataclass(frozen=True, slots=True)
class Room:
    """How one of the two kinds of places is read, found and written; they have the same pages."""

    template: str
    read: Callable[[Typed], Any]
    as_typed: Callable[[Any], dict[str, str]]
    get_own: Callable[[Session, int, int], Any]
    add: Callable[..., Any]
    change: Callable[..., Any]
    retire: Callable[..., Any]


ROOMS = {
    "vung": Room(
        "zone",
        place_form.read_zone,
        place_form.zone_as_typed,
        zones.get_own_zone,
        zones.add_zone,
        zones.change_zone,
        zones.retire_zone,
    ),
    "noi-lam": Room(
        "zone_site",
        place_form.read_site,
        place_form.site_as_typed,
        sites.get_own_site,
        sites.add_site,
        sites.change_site,
        sites.retire_site,
    ),
}
"""The two kinds of places by their part of the address."""
ROOM = "<any('vung', 'noi-lam'):room>"


@door.get("/<slug>/vung")
@requires(Role.OWNER, Role.STAFF)
def show_zones(slug: str) -> Response:
    """List the zones and sites of a producer that are in use, and those that no longer are."""
    producer, session = own_producer(slug), db.session()
    return page(
        "zones",
        producer,
        zones=zones.list_zones(session, producer.id),
        sites=sites.list_sites(session, producer.id),
        retired=[
            *zones.list_zones(session, producer.id, retired=True),
            *sites.list_sites(session, producer.id, retired=True),
        ],
        site_kinds=SITE_KINDS,
        standards=QUALITY_KINDS,
        day=clock.today(),
    )


@door.get(f"/<slug>/{ROOM}/moi")
@requires(Role.OWNER, Role.STAFF)
def ask_for_place(slug: str, room: str) -> Response:
    """Ask what there is to say of another zone or site."""
    producer = own_producer(slug)
    return _form_page(producer, room, None, place_form.blank_place(producer))


@door.post(f"/<slug>/{ROOM}/moi")
@requires(Role.OWNER, Role.STAFF)
def save_new_place(slug: str, room: str) -> Response:
    """Record another zone or site."""
    return _save(slug, room, None)


@door.get(f"/<slug>/{ROOM}/<int(max=2147483647):place_id>")
@requires(Role.OWNER, Role.STAFF)
def show_place(slug: str, room: str, place_id: int) -> Response:
    """Show what is known of a zone or site, for correcting it."""
    producer = own_producer(slug)
    kept = ROOMS[room].get_own(db.session(), place_id, producer.id)
    return _form_page(producer, room, kept, ROOMS[room].as_typed(kept))


@door.post(f"/<slug>/{ROOM}/<int(max=2147483647):place_id>")
@requires(Role.OWNER, Role.STAFF)
def save_place(slug: str, room: str, place_id: int) -> Response:
    """Correct what is known of a zone or site."""
    return _save(slug, room, place_id)


@door.post(f"/<slug>/{ROOM}/<int(max=2147483647):place_id>/ngung")
@requires(Role.OWNER, Role.STAFF)
def retire_place(slug: str, room: str, place_id: int) -> Response:
    """End the use of a zone or site; what was made of it keeps its name."""
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        ROOMS[room].retire(session, actor, own, ROOMS[room].get_own(session, place_id, own.id), clock.now())
    return go(f"/gian-hang/{slug}/vung", _("Đã ngừng dùng. Lô cũ vẫn ghi nơi này."))


def _save(slug: str, room: str, place_id: int | None) -> Response:
    producer, typed = own_producer(slug), Typed(request.form)
    kept = ROOMS[room].get_own(db.session(), place_id, producer.id) if place_id is not None else None
    facts = ROOMS[room].read(typed)
    if facts is None:
        return _form_page(producer, room, kept, request.form, typed.faults)
    try:
        _write(slug, room, place_id, facts)
    except (InvalidPlace, PlaceNameTaken, PlaceInUse) as refusal:
        kept = ROOMS[room].get_own(db.session(), place_id, producer.id) if place_id is not None else None
        return _form_page(own_producer(slug), room, kept, request.form, [place_form.fault_of(refusal)])
    return go(f"/gian-hang/{slug}/vung", _("Đã lưu. Lô sau chọn được nơi này."))


def _write(slug: str, room: str, place_id: int | None, facts: Any) -> None:
    with acting() as (session, actor):
        own, at = own_producer_in(session, actor, slug), clock.now()
        if place_id is None:
            ROOMS[room].add(session, actor, own, facts, at)
        else:
            kept = ROOMS[room].get_own(session, place_id, own.id)
            ROOMS[room].change(session, actor, own, kept, facts, at)


def _form_page(producer: Producer, room: str, kept: Any, typed: Any, faults: Faults = ()) -> Response:
    return page(
        ROOMS[room].template,
        producer,
        faults=faults,
        kept=kept,
        typed=typed,
        at=f"/gian-hang/{producer.slug}/{room}/{kept.id if kept else 'moi'}",
        **place_form.choices_of(typed),
    )
