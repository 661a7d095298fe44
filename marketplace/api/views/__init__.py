"""The views of the door for programs, by what they are about."""

from marketplace.api import door, problems
from marketplace.api.views import epcis

__all__ = ["door", "epcis", "problems"]
