"""Reading what an address asks; what is not understood counts as not asked."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from marketplace.places.models import AdminUnit
from marketplace.text import whole_number

LAST_PAGE = 100_000
LONGEST_WORDS = 200

Choice = TypeVar("Choice", bound=StrEnum)


def read_words(name: str = "q") -> str:
    """Return typed words, cut at a length that nobody types."""
    return request.args.get(name, "")[:LONGEST_WORDS].strip()


def read_number(name: str, least: int, most: int) -> int | None:
    """Return a number, None when it is missing, no number or out of bounds."""
    number = whole_number(request.args.get(name, ""), most)
    return number if number is not None and number >= least else None


def read_page(name: str = "trang") -> int:
    """Return the number of the page asked for, from 1."""
    return read_number(name, 1, LAST_PAGE) or 1


def read_choice(name: str, choices: type[Choice]) -> Choice | None:
    """Return one of a few choices by its short text."""
    return next((choice for choice in choices if choice.value == request.args.get(name)), None)


def read_day(name: str) -> date | None:
    """Return a day written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def read_province(provinces: list[AdminUnit], name: str = "tinh") -> AdminUnit | None:
    """Return a province of today by its slug or code."""
    asked = request.args.get(name)
    return next((unit for unit in provinces if asked in {unit.slug, unit.code}), None) if asked else None
