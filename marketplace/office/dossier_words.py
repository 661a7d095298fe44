"""What pieces of evidence are called on the pages of the office."""

from typing import Any

from marketplace.web.dossier_words import EVIDENCE_KINDS, OWN_PAGES

EVIDENCE_FACTS: dict[str, Any] = {"evidence_kinds": EVIDENCE_KINDS, "own_pages": OWN_PAGES}
"""What templates need to show the evidence of a dossier."""
