"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.scan import door, places, resolver, resolver_description  # noqa: F401
from marketplace.scan.views import chain, leaving, maps, offline, papers, pins, trace, whereabouts  # noqa: F401

__all__ = ["door"]
