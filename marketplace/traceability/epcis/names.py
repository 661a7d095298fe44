"""The URIs by which documents name lots, places, steps and dispositions.

Lots and sites with a location number are named by their Digital Links on our own address; what nobody can
open by an address (lots of material, zones, sites without a number) by URIs made from it.
"""

import re
from uuid import NAMESPACE_URL, uuid5

from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.events.models import BizStep, Disposition
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.zones.models import MaterialZone, Site

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PREFIX = "ocop"

OWN_STEPS = frozenset({BizStep.GROWING, BizStep.PROCESSING})
"""Steps that CBV 2.0 has no word for."""

_CBV_STEP = re.compile(r"(?:urn:epcglobal:cbv:bizstep:|https?://(?:ref|ns)\.gs1\.org/cbv/BizStep-)([a-z_]+)")
_CBV_DISPOSITION = re.compile(r"(?:urn:epcglobal:cbv:disp:|https?://(?:ref|ns)\.gs1\.org/cbv/Disp-)([a-z_]+)")
_OWN_STEP = re.compile(r"\S+/ns/ocop#([a-z_]+)")


def namespace(site_url: str) -> str:
    """Return the namespace of our own members and steps."""
    return f"{site_url}/ns/ocop#"


def lot_uri(lot: Lot, site_url: str) -> str:
    """Return the class-level URI of a lot; its product must be loaded."""
    if lot.product is None:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{site_url}/lot/{lot.id}')}"
    token = None if lot.product.gtin else lot.product.trace_token
    return site_url + TraceCode(gtin=lot.product.gtin, token=token, lot=lot.code).path


def site_uri(site: Site, site_url: str) -> str:
    """Return the URI of a site."""
    if site.gln:
        return f"{site_url}/414/{site.gln}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{site_url}/site/{site.id}')}"


def zone_uri(zone: MaterialZone, site_url: str) -> str:
    """Return the URI of a material zone."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{site_url}/zone/{zone.id}')}"


def step_name(step: BizStep, site_url: str) -> str:
    """Return a business step as documents write it: the bare word of CBV, or the URI of one of ours."""
    return namespace(site_url) + step.value if step in OWN_STEPS else step.value


def read_step(name: str | None) -> BizStep | None:
    """Return the step that a document names by word or URI; None for one that is not known here."""
    word = _word(name, _CBV_STEP, _OWN_STEP)
    return BizStep(word) if word in set(BizStep) else None


def read_disposition(name: str | None) -> Disposition | None:
    """Return the disposition that a document names by word or URI; None for one that is not known here."""
    word = _word(name, _CBV_DISPOSITION)
    return Disposition(word) if word in set(Disposition) else None


def _word(name: str | None, *forms: re.Pattern[str]) -> str | None:
    """Return the bare word of a name."""
    for form in forms:
        if name is not None and (match := form.fullmatch(name)):
            return match[1]
    return name
