"""A producer's goods and sheets about them, for tests."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.packs import set_variants
from marketplace.ordering.stock import receive
from marketplace.producers.models import Producer
from marketplace.upkeep.shop_sheets.columns import Column
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_pack, a_product
from tests.factories.listings import DESCRIPTION

Cells = Mapping[Column, object]


@dataclass(frozen=True)
class Goods:
    """A producer's product with its packs, of which some are on the shelf."""

    producer: Producer
    product: Product
    packs: Sequence[Variant] = field(default_factory=tuple)

    def actor(self, role: Role = Role.OWNER, *, strong: bool = False) -> Actor:
        """Return somebody of the producer, who did not prove who they are lately."""
        number = list(Role).index(role) + 1
        return an_actor(number, (Scope(ScopeKind.PRODUCER, self.producer.id), role), strong=strong)


def goods_of(
    session: Session,
    producer: Producer,
    name: str = "Cam Khe Mây",
    skus: Sequence[str] = ("CAM-1", "CAM-5"),
    state: ListingState | None = ListingState.LIVE,
    **facts: Any,
) -> Goods:
    """Write a product with packs of 90,000 đồng, twenty of each on the shelf."""
    product = a_product(session, name, producer=producer, ever_certified=True, **facts)
    if state is not None:
        session.add(_listing(product, state))
    packs = [a_pack(sku=sku, name=f"Gói {sku}") for sku in skus]
    waiting = state is not None and state is not ListingState.LIVE
    variants = set_variants(session, product, packs, waiting=waiting)
    for variant in variants:
        receive(session, variant.id, 20, "produced", clock.now())
    return Goods(producer, product, variants)


def _listing(product: Product, state: ListingState) -> Listing:
    facts: dict[str, Any] = {"producer_id": product.producer_id, "touched_at": clock.now(), "version": 1}
    if state is ListingState.SUBMITTED:
        facts |= {"submitted_at": clock.now(), "answer_due_at": clock.now()}
    if state is ListingState.LIVE:
        facts |= {"live_since": clock.now()}
    return Listing(product_id=product.id, state=state, description=DESCRIPTION, **facts)


def sheet_csv(rows: Sequence[Cells]) -> bytes:
    """Return rows as CSV with just the columns that they have."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.value for column in columns])
    for row in rows:
        writer.writerow(["" if row.get(column) is None else row[column] for column in columns])
    return out.getvalue().encode("utf-8-sig")


def sheet_xlsx(rows: Sequence[Cells]) -> bytes:
    """Return rows as XLSX."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append([column.value for column in columns])
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
