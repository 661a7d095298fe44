"""What a trace page tells programs (schema.org)."""

from typing import Any

from marketplace.catalogue.models import Product
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.web.addresses import full_url


def describe(product: Product, code: TraceCode) -> dict[str, Any]:
    """Return a product as schema.org JSON-LD: with its Digital Link where it has a GTIN.

    It names the product and not the item: what a lot or serial is of, nothing here knows.
    """
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "url": full_url(f"/san-pham/{product.slug}"),
    }
    if code.gtin:
        described |= {"gtin": code.gtin, "hasGS1DigitalLink": full_url(code.product_code.path)}
    if product.producer is not None:
        described["manufacturer"] = {"@type": "Organization", "name": product.producer.name}
    return described
