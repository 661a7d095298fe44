"""What a report is about: a product, a producer, or the code on a pack, which may belong to nothing known."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.catalogue.models import Product
from marketplace.catalogue.reports import get_reported
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.producers.models import Producer
from marketplace.text import clean
from marketplace.traceability.codes.digital_link import read_link
from marketplace.traceability.codes.queries import get_traced_product
from marketplace.traceability.codes.trace_code import TraceCode

LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class About:
    """What is reported: `field` and `value` name it in the form, `path` is the page to go back to."""

    subject: Product | Producer | None
    name: str
    path: str
    field: str
    value: str
    code: str | None = None


def read_about(named: Mapping[str, str]) -> About:
    """Read what a report is about from an address or a form; raises NotFound."""
    code = "".join(sign for sign in clean(named.get("ma", "")) if sign.isprintable())[:LONGEST_CODE]
    if code:
        return _of_code(code)
    subject = get_reported(named.get("san-pham"), named.get("chu-the"), db.session())
    if isinstance(subject, Product):
        return About(subject, subject.name, f"/san-pham/{subject.slug}", "san-pham", subject.slug)
    return About(subject, subject.name, f"/chu-the/{subject.slug}", "chu-the", subject.slug)


def _of_code(code: str) -> About:
    """Return what a code leads to: its product, on view or not, or nothing; never an address elsewhere."""
    try:
        read = read_link(code).code if code.startswith("/") else None
        product = get_traced_product(read) if isinstance(read, TraceCode) else None
    except MarketplaceError:
        product = read = None
    if product is None or read is None:
        return About(None, code, "/t", "ma", code, code)
    return About(product, product.name, read.path, "ma", code, code)
