"""The sitemap: every public page, in both languages, in parts when there are many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from marketplace import clock
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.models import Certificate, Decision
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.programme.models import Programme
from marketplace.sales_points.models import SalesPoint
from marketplace.storefront import promises

PAGES_PER_PART = 10_000
"""Each page is listed once per language; the protocol allows 50,000 addresses and 50 MB a file."""

FIXED = (
    "/",
    "/san-pham",
    "/chu-the",
    "/diem-ban",
    "/chung-nhan",
    "/chuong-trinh",
    "/chuong-trinh/bo-tieu-chi",
    "/t",
    *(f"/{path}" for path in promises.PAGES),
)
ONE_DAY = timedelta(days=1)
OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True)
class Page:
    """A public page by its Vietnamese path, and the day it last changed where that is known."""

    path: str
    changed: date | None = None


def list_pages(day: date) -> list[Page]:
    """Return every public page as it stands on a day; products off public view are left out."""
    return [*(Page(path) for path in FIXED), *_products(day), *_others()]


def _products(day: date) -> Iterator[Page]:
    """Yield products; one changes when it is published and on the day after its certificate ran out."""
    rows = db.session.execute(
        sa.select(Product.slug, Product.published_at, Product.certified_until)
        .where(Product.publication == Publication.PUBLISHED)
        .order_by(Product.id)
    )
    for slug, published_at, certified_until in rows:
        changed = clock.local_date(published_at)
        if certified_until is not None and certified_until < day:
            changed = max(changed, certified_until + ONE_DAY)
        yield Page(f"/san-pham/{slug}", changed)


def _others() -> Iterator[Page]:
    for rubric in list_rubrics():
        yield Page(f"/chuong-trinh/bo-tieu-chi/{rubric.slug}")
    for prefix, column in (
        ("/chu-the/", Producer.slug),
        ("/diem-ban/", SalesPoint.slug),
        ("/chuong-trinh/", Programme.slug),
        ("/chung-nhan/", Certificate.code),
        ("/chung-nhan/", Decision.code),
    ):
        for name in db.session.scalars(sa.select(column).order_by(column)):
            yield Page(prefix + name)


def count_parts(pages: int) -> int:
    """Return how many parts so many pages make."""
    return -(-pages // PAGES_PER_PART)


def part_of(pages: Sequence[Page], number: int) -> Sequence[Page]:
    """Return one part, counted from 1; beyond the last it is empty."""
    return pages[(number - 1) * PAGES_PER_PART : number * PAGES_PER_PART] if number > 0 else []


def write_index(site: str, parts: int) -> str:
    """Return the list of parts as XML."""
    listed = "".join(
        f"<sitemap><loc>{site}/sitemap-{number}.xml</loc></sitemap>\n" for number in range(1, parts + 1)
    )
    return f"{OPENING}<sitemapindex {NAMESPACE}>\n{listed}</sitemapindex>\n"


def write_pages(site: str, pages: Sequence[Page]) -> str:
    """Return pages as XML; each language names the other. Paths hold slugs, so nothing needs escaping."""
    listed = "".join(_write_page(site, page) for page in pages)
    return f'{OPENING}<urlset {NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{listed}</urlset>\n'


def _write_page(site: str, page: Page) -> str:
    addresses = {"vi": site + page.path, "en": f"{site}/en{page.path}"}
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in (*addresses.items(), ("x-default", addresses["vi"]))
    )
    changed = f"<lastmod>{page.changed}</lastmod>" if page.changed else ""
    return "".join(
        f"<url><loc>{address}</loc>{changed}{alternates}</url>\n" for address in addresses.values()
    )
