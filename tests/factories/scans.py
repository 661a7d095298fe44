"""Packs in somebody's hand, for tests: a lot, a label with a minted serial, and phones that scan it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.codes.serial_states import activate
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.labels.making import LabelOrder, make_labels
from marketplace.traceability.lots.models import Lot
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.lots import a_lot
from tests.factories.producers import a_producer

FORMAT = "a4-24"
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@dataclass(frozen=True, slots=True)
class Packs:
    """A lot with its labels: their paths in the order of their numbers, and what was minted."""

    product: Product
    lot: Lot
    code: TraceCode
    minted: list[Minted]

    @property
    def lot_path(self) -> str:
        """Return the path of the lot."""
        return self.code.path

    def path(self, place: int = 0) -> str:
        """Return the path on a label, the first one by default."""
        return f"{self.lot_path}/21/{self.minted[place].serial}"


def certified_product(session: Session, name: str = "Cam Khe Mây", **facts: Any) -> Product:
    """Write a product with a living certificate of a decision, and a producer of its own."""
    producer = facts.pop("producer", None) or a_producer(session, f"HTX {name}")
    product = a_product(session, name, producer=producer, **facts)
    decision = a_decision(session, f"{2000 + product.id}/QĐ-UBND")
    a_certificate(session, product, 4, decision=decision)
    return product


def some_packs(
    session: Session,
    product: Product | None = None,
    *,
    count: int = 3,
    with_pins: bool = False,
    active: bool = True,
    at: datetime | None = None,
    **facts: Any,
) -> Packs:
    """Make a lot of a certified product with so many serial labels, in use unless told otherwise.

    All is done at an instant: a lot past its use is printed by nobody.
    """
    product = product or certified_product(session)
    order = LabelOrder(FORMAT, LabelLevel.ITEM, count, with_pins)
    with clock.stopped(at or clock.now()):
        lot = a_lot(session, product, **facts)
        made = make_labels(session, None, lot, order, clock.now())
        if active:
            activate(session, lot.id, 1, count, clock.now())
    token = None if product.gtin else product.trace_token
    return Packs(product, lot, TraceCode(gtin=product.gtin, token=token, lot=lot.code), made.minted)


def scan(client: FlaskClient, path: str, phone: int = 1, **headers: str) -> TestResponse:
    """Open a path as one of many phones does, each with an address of its own."""
    told = {"User-Agent": PHONE, **{name.replace("_", "-"): value for name, value in headers.items()}}
    address = f"10.{phone >> 16 & 255}.{phone >> 8 & 255}.{phone & 255}"
    return client.get(path, headers=told, environ_base={"REMOTE_ADDR": address})


def write_scans(client: FlaskClient, at: datetime) -> None:
    """Have all that was counted by an instant written, as a later answer does, and read anew afterwards."""
    with clock.stopped(at + timedelta(minutes=1)):
        client.get("/healthz").close()
    db.session.rollback()
