"""What producers write of ideas and business plans, cleaned, with everything that is wrong named at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from marketplace.catalogue.errors import InvalidWords
from marketplace.catalogue.listing_words import LONGEST_NAME, LONGEST_TEXT, tidied
from marketplace.certification.ideas.errors import InvalidIdea, InvalidPlan
from marketplace.text import one_line

SLIP = ("name", "set_number", "year", "origin", "material", "market")
SETS = range(1, 27)
YEARS_AHEAD = 1
GREATEST_AMOUNT = 10**12
"""đồng; more than any producer of the programme invests, and far from what a column can hold."""
WRITTEN = ("goals", "materials", "technology", "labour", "market", "schedule")
MONEY = ("own_capital", "borrowed", "support")


@dataclass(frozen=True, kw_only=True, slots=True)
class IdeaFacts:
    """What the registration slip says: the product, its set (None while unsure), and the yearly cycle."""

    name: str
    set_number: int | None
    year: int
    origin: str
    material: str
    market: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFacts:
    """What a business plan says; money in đồng. What is empty is still to be written."""

    goals: str = ""
    materials: str = ""
    technology: str = ""
    labour: str = ""
    market: str = ""
    schedule: str = ""
    own_capital: int = 0
    borrowed: int = 0
    support: int = 0


def tidy_idea(facts: IdeaFacts, year: int) -> IdeaFacts:
    """Return facts as they are kept; `year` is the present one, a slip is for it or the next.

    Raises InvalidIdea naming every field that is wrong.
    """
    texts = {name: _tidied(name, getattr(facts, name), True) for name in ("origin", "material", "market")}
    wrong = [name for name, text in texts.items() if text is None]
    name = one_line(facts.name)
    if not 0 < len(name) <= LONGEST_NAME:
        wrong.append("name")
    if facts.set_number is not None and facts.set_number not in SETS:
        wrong.append("set_number")
    if not year <= facts.year <= year + YEARS_AHEAD:
        wrong.append("year")
    if wrong:
        raise InvalidIdea(fields=_in_order(SLIP, wrong))
    written: dict[str, Any] = {column: text or "" for column, text in texts.items()}
    return replace(facts, name=name, **written)


def tidy_plan(facts: PlanFacts) -> PlanFacts:
    """Return facts as they are kept; raises InvalidPlan naming every field that is wrong."""
    texts = {name: _tidied(name, getattr(facts, name), False) for name in WRITTEN}
    wrong = [name for name, text in texts.items() if text is None]
    wrong += [name for name in MONEY if not 0 <= getattr(facts, name) <= GREATEST_AMOUNT]
    if wrong:
        raise InvalidPlan(fields=_in_order((*WRITTEN, *MONEY), wrong))
    written: dict[str, Any] = {column: text or "" for column, text in texts.items()}
    return replace(facts, **written)


def unwritten(plan: object) -> tuple[str, ...]:
    """Return the fields of a business plan that have to be written before it is handed in.

    Some money has to be named: `own_capital` stands for all three amounts.
    """
    empty = [name for name in WRITTEN if not getattr(plan, name)]
    if not any(getattr(plan, name) for name in MONEY):
        empty.append("own_capital")
    return tuple(empty)


def _tidied(name: str, text: str, required: bool) -> str | None:
    """Return a text as it is kept, None for one that is wrong."""
    try:
        return tidied(name, text, LONGEST_TEXT, required=required) or ""
    except InvalidWords:
        return None


def _in_order(form: Iterable[str], wrong: Collection[str]) -> tuple[str, ...]:
    """Return the names of fields in the order of their form."""
    return tuple(name for name in form if name in wrong)
