"""Sites where lots are made, kept or sold: added, corrected, and retired."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.producers.models import Producer
from marketplace.traceability.zones.errors import InvalidPlace, PlaceInUse
from marketplace.traceability.zones.keeping import (
    change,
    get_own,
    hold,
    is_used,
    list_own,
    read_required,
    write,
)
from marketplace.traceability.zones.models import Site, SiteKind
from marketplace.traceability.zones.placing import Place, columns_of

LONGEST_NAME = 120
_GLN = re.compile(r"\d{13}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What is to be recorded of a site; `gln` are 13 digits as `codes.gln` reads them."""

    name: str
    kind: SiteKind
    place: Place
    gln: str | None = None
    sample: bool = False


def add_site(
    session: Session, actor: Actor | None, producer: Producer, facts: SiteFacts, at: datetime
) -> Site:
    """Record a site; raises InvalidPlace and PlaceNameTaken."""
    site = Site(producer_id=producer.id, **_columns(session, facts))
    return write(session, actor, producer, site, "add", at)


def change_site(
    session: Session, actor: Actor, producer: Producer, site: Site, facts: SiteFacts, at: datetime
) -> None:
    """Correct what is recorded of a site; raises InvalidPlace, PlaceNameTaken, and PlaceInUse for a move.

    A location number under which events went out stays with its site: it may be added, not exchanged.
    """
    columns = _columns(session, facts)
    if site.gln is not None and columns["gln"] != site.gln and is_used(session, site):
        raise PlaceInUse(name=site.name)
    change(session, site, columns)
    write(session, actor, producer, site, "change", at)


def retire_site(session: Session, actor: Actor, producer: Producer, site: Site, at: datetime) -> None:
    """End the use of a site: events that name it keep it, new ones cannot."""
    hold(session, site)
    if site.retired_at is None:
        site.retired_at = at
        write(session, actor, producer, site, "retire", at)


def get_own_site(session: Session, site_id: int, producer_id: int) -> Site:
    """Return a site of a producer with its units; raises NotFound for those of others."""
    return get_own(session, Site, site_id, producer_id)


def list_sites(session: Session, producer_id: int, *, retired: bool = False) -> list[Site]:
    """Return the sites of a producer that are in use, or those that are not, by name."""
    return list_own(session, Site, producer_id, retired=retired)


def _columns(session: Session, facts: SiteFacts) -> dict[str, Any]:
    if facts.gln is not None and not _GLN.fullmatch(facts.gln):
        raise InvalidPlace(field="gln")
    return {
        "name": read_required("name", facts.name, LONGEST_NAME),
        "kind": facts.kind,
        "gln": facts.gln,
        "sample": facts.sample,
        **columns_of(session, facts.place),
    }
