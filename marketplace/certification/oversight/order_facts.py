"""What an order of an authority says, and by when it is to be carried out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from marketplace.certification.oversight.errors import ImpossibleTime, InvalidAuthorityOrder
from marketplace.text import clean_lines, one_line

WITHIN = timedelta(hours=24)
"""How long after its receipt an order is carried out (Law on E-commerce 122/2025/QH15)."""
OLDEST = timedelta(days=366)
LENGTHS = {"number": (3, 60), "authority": (5, 200), "words": (10, 2000), "answer": (10, 2000)}
"""By field: the fewest and the most letters."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What an order says, who gave it, and when it came in: from then on the 24 hours count."""

    number: str
    authority: str
    words: str
    received_at: datetime


def tidy_order(facts: OrderFacts, at: datetime) -> OrderFacts:
    """Return the facts as they are kept; raises InvalidAuthorityOrder and ImpossibleTime."""
    if not at - OLDEST <= facts.received_at <= at:
        raise ImpossibleTime(field="received_at", days=OLDEST.days)
    return replace(
        facts,
        number=fitting("number", one_line(facts.number)),
        authority=fitting("authority", one_line(facts.authority)),
        words=fitting("words", clean_lines(facts.words)),
    )


def fitting(field: str, words: str) -> str:
    """Return words that are long enough and not too long; raises InvalidAuthorityOrder."""
    shortest, longest = LENGTHS[field]
    if not shortest <= len(words) <= longest:
        raise InvalidAuthorityOrder(field=field, shortest=shortest, longest=longest)
    return words
