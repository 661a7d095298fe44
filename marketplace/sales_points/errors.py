"""What sales points refuse."""

from marketplace.errors import InvalidInput


class NoDistrictThen(InvalidInput):
    """There were no districts any more on the day a point opened; `ends` is the last day of theirs."""

    code = "no_district_then"
