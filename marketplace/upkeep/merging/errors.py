"""Why two producers are not merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import MarketplaceError


class Hindrance(StrEnum):
    """What stands against a merger."""

    MONEY = "money"
    TAX_CODE = "tax_code"
    ADDRESS = "address"
    RECALL = "recall"
    DUTY = "duty"
    CLASH = "clash"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A hindrance with what it is about: the table and the values that both have, tax codes, or nothing."""

    hindrance: Hindrance
    table: str = ""
    about: str = ""


class MergeRefused(MarketplaceError):
    """Two producers that cannot be merged as they stand; `obstacles` says why."""

    code = "merge_refused"

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(obstacles=", ".join(sorted({one.hindrance for one in obstacles})))


class MergeOutdated(MarketplaceError):
    """One of the two changed since its facts were shown."""

    code = "merge_outdated"
