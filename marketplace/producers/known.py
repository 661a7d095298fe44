"""The producers we know, held in memory while a file is imported or a name is looked for."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.producers.legal_forms import form_of_name
from marketplace.producers.matching import (
    Whereabouts,
    core_of,
    may_be_same_place,
    name_key,
    place_columns,
    place_key,
    same_name,
    same_province,
    whereabouts_of,
)
from marketplace.producers.models import FormerProducer, LegalForm, Producer, ProducerAlias


@dataclass(slots=True)
class Known:
    """A producer under one of its spellings; `former` is that of one that was merged into it."""

    id: int
    name: str
    where: Whereabouts
    former: bool = False


class KnownProducers:
    """Finds the producer that a printed name and place mean.

    Enterprises' names are unique in the country, so their province must agree and no more; for all
    others the district and commune may not contradict either, because names of persons and of
    cooperatives repeat. Among several the one printed with the same place is meant.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, list[Known]] = defaultdict(list)
        self._by_key: dict[str, list[Known]] = defaultdict(list)
        self._by_core: dict[str, list[Known]] = defaultdict(list)

    @classmethod
    def load(cls, session: Session) -> "KnownProducers":
        """Read all producers with their other spellings and former places."""
        known = cls()
        own = sa.select(Producer.id, Producer.name, *place_columns(Producer))
        others = sa.select(Producer.id, ProducerAlias.name, *place_columns(Producer)).join(Producer.aliases)
        merged = sa.select(FormerProducer.producer_id, FormerProducer.name, *place_columns(FormerProducer))
        for row in chain(*map(session.execute, (own, others))):
            known.add(row.id, row.name, whereabouts_of(row))
        for row in session.execute(merged):
            known._index(Known(row.producer_id, row.name, whereabouts_of(row), former=True))
        return known

    def add(self, producer_id: int, name: str, where: Whereabouts) -> None:
        """Remember a producer under a spelling."""
        known = Known(producer_id, name, where)
        self._by_id[producer_id].append(known)
        self._index(known)

    def _index(self, known: Known) -> None:
        """Find a producer by a spelling; the place of one that `add` did not bring in never moves."""
        self._by_key[name_key(known.name)].append(known)
        self._by_core[core_of(known.name)].append(known)

    def move(self, producer_id: int, where: Whereabouts) -> None:
        """Put a producer somewhere else under all its spellings."""
        for known in self._by_id[producer_id]:
            known.where = where

    def find(self, name: str, where: Whereabouts) -> Known | None:
        """Return the producer meant, None when there is none or it cannot be told which."""
        one_country_name = form_of_name(name) is LegalForm.ENTERPRISE
        agree = same_province if one_country_name else may_be_same_place
        meant = [k for k in self._by_key[name_key(name)] if same_name(k.name, name) and agree(k.where, where)]
        if len({known.id for known in meant}) > 1:
            meant = [known for known in meant if _as_printed(known.where) == _as_printed(where)]
        return meant[0] if len({known.id for known in meant}) == 1 else None

    def similar(self, name: str, where: Whereabouts) -> str | None:
        """Return the name of another producer of the province that differs in form words or accents only."""
        core, key = core_of(name), name_key(name)
        if not core:
            return None
        for known in self._by_core[core]:
            if same_province(known.where, where) and (
                name_key(known.name) != key or not same_name(known.name, name)
            ):
                return known.name
        return None


def _as_printed(where: Whereabouts) -> tuple[str, str]:
    return place_key(where.district or ""), place_key(where.commune or "")
