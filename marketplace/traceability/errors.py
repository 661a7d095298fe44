"""Refusals of codes."""

from enum import StrEnum

from marketplace.errors import InvalidInput, NotFound


class Misreading(StrEnum):
    """What is wrong with a code that cannot be read."""

    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    FORM = "form"


class UnreadableCode(NotFound):
    """A code that no pack of ours can carry; `reason` is a Misreading, `printed` the part at fault."""

    code = "unreadable_code"


class UnknownCode(NotFound):
    """A well-formed code that belongs to nothing we know; `printed` is the code."""

    code = "unknown_code"


class NoSuchLabels(NotFound):
    """A lot has no label with any of the numbers asked for."""

    code = "no_such_labels"


class InvalidGln(InvalidInput):
    """A location number that is not 13 digits, or whose last digit does not check the others."""

    code = "invalid_gln"
