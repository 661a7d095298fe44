"""Where the figures of a board are from."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from marketplace.places.models import Located


@dataclass(frozen=True, slots=True)
class Territory:
    """A commune, a province, or the whole country; units of today."""

    province_id: int | None = None
    commune_id: int | None = None

    def over(self, place: type[Located]) -> sa.ColumnElement[bool]:
        """Return whether a row that has an address lies in it."""
        return self.holds(place.province_id, place.commune_id)

    def holds(self, province_id: Any, commune_id: Any) -> sa.ColumnElement[bool]:
        """Return whether columns of a province and a commune name a place in it."""
        if self.commune_id is not None:
            return sa.and_(commune_id == self.commune_id)
        return sa.true() if self.province_id is None else sa.and_(province_id == self.province_id)

    def part_of(self, place: type[Located]) -> sa.SQLColumnExpression[int | None]:
        """Return the unit below it that a row lies in: provinces of the country, communes of all else."""
        whole = self.province_id is None and self.commune_id is None
        return place.province_id if whole else place.commune_id
