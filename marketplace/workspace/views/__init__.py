"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.workspace import door
from marketplace.workspace.views import (  # noqa: F401
    entrance,
    figures,
    renewal,
    sheets,
    today,
)

__all__ = ["door"]
