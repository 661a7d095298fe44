"""Refusals of codes."""

from enum import StrEnum

from marketplace.errors import InvalidInput, MarketplaceError, NotFound


class Misreading(StrEnum):
    """What is wrong with a code that cannot be read."""

    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    FORM = "form"


class UnreadableCode(MarketplaceError):
    """A code that no pack can carry; `reason` is a Misreading, `printed` the part at fault.

    The status is what the GS1-Conformant Resolver standard asks for.
    """

    code = "unreadable_code"
    status = 400


class UnreadablePlace(UnreadableCode):
    """A code that no place can carry."""

    code = "unreadable_place"


class MovedCode(NotFound):
    """A code that was printed before its product got another one; `path` is where it leads for ever."""

    code = "moved_code"


class UnknownCode(NotFound):
    """A well-formed code that belongs to nothing we know; `printed` is the code."""

    code = "unknown_code"


class UnknownPlace(NotFound):
    """A well-formed location number of no place that we know; `printed` is the number."""

    code = "unknown_place"


class NoSuchLabels(NotFound):
    """A lot has no label with any of the numbers asked for."""

    code = "no_such_labels"


class InvalidGln(InvalidInput):
    """A location number that is not 13 digits, or whose last digit does not check the others."""

    code = "invalid_gln"


class InvalidClearing(InvalidInput):
    """Words that clear an alert are missing or too long; `longest` in characters."""

    code = "invalid_clearing"
