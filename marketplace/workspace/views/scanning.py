"""Scanning a pack in the workspace: from the code to the place where an event of its lot is written down."""

from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import Response, request

from marketplace.accounts.roles import Role
from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.traceability.lots.models import Lot
from marketplace.web.guards import requires
from marketplace.web.headers import allow_camera
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer

LONGEST_CODE = 400


@door.get("/<slug>/quet")
@requires(Role.OWNER, Role.STAFF)
def scan_pack(slug: str) -> Response:
    """Ask for a code, by the camera where a browser reads codes, else typed; lead on to its lot."""
    producer, typed = own_producer(slug), request.args.get("ma", "").strip()[:LONGEST_CODE]
    if not typed:
        return _scan_page(producer)
    lot_ids = _find_lots(producer, typed)
    if len(lot_ids) != 1:
        words = (
            _("Không có lô này trong gian hàng.") if not lot_ids else _("Nhiều lô cùng mã này. Mời quét tem.")
        )
        return _scan_page(producer, [("ma", words)])
    return go(f"/gian-hang/{slug}/lo/{lot_ids[0]}/su-kien")


def _find_lots(producer: Producer, typed: str) -> list[int]:
    """Return the lots that a printed address, or the code of a lot, stands for."""
    try:
        named = _named(typed)
    except ValueError:
        return []
    code = named.get("10", typed)
    wanted = sa.select(Lot.id).where(Lot.producer_id == producer.id, sa.func.lower(Lot.code) == code.lower())
    if "t" in named:
        wanted = wanted.join(Lot.product).where(Product.trace_token == named["t"])
    elif "01" in named:
        wanted = wanted.join(Lot.product).where(Product.gtin == named["01"])
    return list(db.session.scalars(wanted.limit(2)))


def _named(typed: str) -> dict[str, str]:
    """Return what a printed address names by its keys (GS1 application identifiers, and our own `t`).

    Raises ValueError for what is no address at all, and for the character NUL.
    """
    parts = [unquote(part) for part in urlsplit(typed).path.strip("/").split("/")]
    if any("\0" in part for part in (typed, *parts)):
        raise ValueError(typed)
    if parts[0] == "en":
        parts = parts[1:]
    return dict(zip(parts[::2], parts[1::2], strict=False))


def _scan_page(producer: Producer, faults: Faults = ()) -> Response:
    allow_camera()
    return page("lot_scan", producer, faults=faults, typed=request.args)
