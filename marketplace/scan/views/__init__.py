"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.scan import door
from marketplace.scan.views import trace  # noqa: F401

__all__ = ["door"]
