"""The number that stands on a registration slip: `…/PĐK-(province)-(commune)-(year)`.

Form 01 of Decision 26/2026/QĐ-TTg numbers slips so, with the codes of Decision 19/2025/QĐ-TTg.
"""

from marketplace.certification.ideas.models import ProductIdea

UNKNOWN = "…"


def slip_code(idea: ProductIdea) -> str:
    """Return the number as it is printed, its units loaded; what is not known yet is left to be written."""
    number = f"{idea.slip_number:02d}" if idea.slip_number else UNKNOWN
    return f"{number}/PĐK-{idea.province.code or UNKNOWN}-{idea.commune.code or UNKNOWN}-{idea.year}"
