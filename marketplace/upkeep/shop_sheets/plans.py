"""What a sheet would change, and what stands against it, row by row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from marketplace.catalogue.models import Product, Variant
from marketplace.ordering.stock_keeping import StockReason
from marketplace.upkeep.sheets import Finding, Severity
from marketplace.upkeep.shop_sheets.columns import Column


@dataclass(frozen=True, slots=True)
class Change:
    """One field that would change; `about` says of what, old and new are as people read them."""

    row: int
    column: str
    about: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A cell that differs from what the certificate fixes: left as it is, and asked for elsewhere.

    `certified` is False while the product has no certificate: then its draft is where to change it.
    """

    row: int
    column: str
    product: str
    about: str
    old: str
    new: str
    certified: bool


@dataclass(slots=True)
class PackWork:
    """What changes of one pack; without a variant it is a new one. `stock` is the new count, and why."""

    variant: Variant | None
    row: int
    values: dict[Column, Any] = field(default_factory=dict)
    stock: int | None = None
    reason: StockReason | None = None


@dataclass(slots=True)
class ProductWork:
    """What changes of one product; `said` holds the row that speaks of each of its columns."""

    product: Product
    first_row: int
    rows: set[int] = field(default_factory=set)
    said: dict[Column, tuple[int, Any]] = field(default_factory=dict)
    values: dict[Column, Any] = field(default_factory=dict)
    pictures: tuple[str, ...] | None = None
    packs: list[PackWork] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What a sheet would do. With an error it does nothing; `needs_owner` when a price goes far."""

    rows: int = 0
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    fixed: list[Fixed] = field(default_factory=list)
    needs_owner: bool = False

    @property
    def errors(self) -> list[Finding]:
        """Return the findings that stop it."""
        return [one for one in self.findings if one.severity is Severity.ERROR]

    @property
    def doubts(self) -> list[Finding]:
        """Return the findings that a person should look at."""
        return [one for one in self.findings if one.severity is Severity.DOUBT]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "rows": self.rows,
            "changes": [asdict(change) for change in self.changes],
            "findings": [[one.severity.value, one.row, one.column, one.message] for one in self.findings],
            "fixed": [asdict(one) for one in self.fixed],
            "needs_owner": self.needs_owner,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Plan":
        """Return a plan from its JSON values."""
        return cls(
            rows=kept["rows"],
            changes=[Change(**one) for one in kept["changes"]],
            findings=[
                Finding(Severity(severity), row, column, message)
                for severity, row, column, message in kept["findings"]
            ],
            fixed=[Fixed(**one) for one in kept["fixed"]],
            needs_owner=kept["needs_owner"],
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which two plans say different things; None where a plan does not speak of it."""

    row: int
    column: str
    about: str
    then: Change | None
    now: Change | None


def differences(then: Plan, now: Plan) -> list[Difference]:
    """Return what a plan made now says otherwise than one made then, in the order of the rows."""
    before = {(one.row, one.column): one for one in then.changes}
    after = {(one.row, one.column): one for one in now.changes}
    places = sorted(place for place in before.keys() | after.keys() if before.get(place) != after.get(place))
    return [
        Difference(*place, (after.get(place) or before[place]).about, before.get(place), after.get(place))
        for place in places
    ]
