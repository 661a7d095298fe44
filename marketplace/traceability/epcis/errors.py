"""Refusals of documents of events."""

from collections.abc import Iterable
from itertools import islice

from marketplace.errors import MarketplaceError
from marketplace.traceability.epcis.schema import Fault

MOST_FAULTS = 50


class CaptureRefused(MarketplaceError):
    """A document that cannot be kept; `faults` name what is wrong with which member, as far as fifty."""

    code = "epcis_document_refused"
    status = 400

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(islice(faults, MOST_FAULTS))
        super().__init__(count=len(self.faults))
