"""The addresses that are asked for: hundreds of different ones a page, deep pages included."""

from itertools import product
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.models import Product, ProductGroup
from marketplace.database import db
from marketplace.places.queries import list_provinces
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.lots.models import Lot

MANY = 400
QUERIES = 560
WAKE_EVERY = 10


def split(paths: list[str]) -> tuple[list[str], list[str]]:
    """Return some that wake the processes up, and the others, which are measured."""
    measured = [path for place, path in enumerate(paths) if place % WAKE_EVERY]
    return paths[::WAKE_EVERY], measured


def addresses() -> dict[str, list[str]]:
    """Return the addresses of each measured page, from what the database holds."""
    slugs, tokens, names = _products()
    provinces = [unit.slug for unit in list_provinces()]
    groups = list(db.session.scalars(sa.select(ProductGroup.slug)))
    pages = max(1, db.session.scalar(sa.select(sa.func.count()).select_from(Product)) or 1) // 24
    home = [f"/?vung={slug}" for slug in provinces]
    return {
        "home": home + [f"/en{path}" for path in home],
        "list": [
            f"/san-pham?{urlencode({'trang': 1 + n * pages // MANY, 'chung_nhan': 'tat_ca', 'n': n})}"
            for n in range(MANY)
        ],
        "filtered": _filtered(provinces, groups),
        "product": [f"/san-pham/{slug}" for slug in slugs],
        "trace": [f"/t/{token}" for token in tokens],
        "lot": [f"{path}?n={n}" for n in range(MANY // 10) for path in _lots()],
        "pack": _packs(),
        "search": [f"/san-pham?{urlencode({'q': query})}" for query in _queries(names)],
    }


def _products() -> tuple[list[str], list[str], list[str]]:
    rows = db.session.execute(
        sa.select(Product.slug, Product.trace_token, Product.name).order_by(Product.id)
    ).all()
    step = max(1, len(rows) // MANY)
    some = rows[::step][:MANY]
    return [r.slug for r in some], [r.trace_token for r in some], [r.name for r in rows]


def _lots() -> list[str]:
    """Return the trace pages of sample lots: kept copies, after the first time."""
    lots = db.session.scalars(sa.select(Lot).where(Lot.sample).options(joinedload(Lot.product)))
    return [_code_of(lot).path for lot in lots]


def _packs() -> list[str]:
    """Return the codes of single packs: made anew each time, because they tell how often they were opened."""
    codes = db.session.scalars(
        sa.select(SerialCode).options(joinedload(SerialCode.lot).joinedload(Lot.product))
    )
    return [f"{_code_of(code.lot).path}/21/{code.serial}" for code in codes]


def _code_of(lot: Lot) -> TraceCode:
    assert lot.product is not None
    gtin = lot.product.gtin
    return TraceCode(gtin=gtin, token=None if gtin else lot.product.trace_token, lot=lot.code)


def _filtered(provinces: list[str], groups: list[str]) -> list[str]:
    combinations = product(provinces, groups, ("3", "4", ""))
    return [
        f"/san-pham?{urlencode({'tinh': province, 'nhom': group, 'sao': stars, 'chung_nhan': 'tat_ca'})}"
        for province, group, stars in combinations
    ][:MANY]


def _queries(names: list[str]) -> list[str]:
    """Return different queries: two or three words of names, from their beginnings and middles."""
    split = [name.split() for name in names]
    parts = [" ".join(words[start:end]) for start, end in ((0, 2), (1, 3), (0, 3)) for words in split]
    return [query for query in dict.fromkeys(parts) if " " in query][:QUERIES]
