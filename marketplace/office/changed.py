"""What a change request asks for, in words: producers, merged ones too, and sets by name and not by slug."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.change_requests import ChangeRequest
from marketplace.catalogue.models import ProductSet
from marketplace.office.words import FIELDS
from marketplace.producers.models import FormerProducer, Producer

_NAMED = {"producer": (Producer, FormerProducer), "set": (ProductSet,)}


@dataclass(frozen=True, slots=True)
class Changed:
    """A field as it is and as it should be."""

    field: str
    old: str | None
    new: str | None


def list_changed(session: Session, change: ChangeRequest) -> list[Changed]:
    """Return the fields of a request in the order of the form."""
    rows = []
    for name, words in FIELDS.items():
        if name in change.changes:
            values = _named(session, name, change.changes[name])
            rows.append(Changed(str(words), values["old"], values["new"]))
    return rows


def _named(session: Session, field: str, values: dict[str, str | None]) -> dict[str, str | None]:
    if field not in _NAMED:
        return values
    asked = [value for value in values.values() if value]
    named = (sa.select(model.slug, model.name).where(model.slug.in_(asked)) for model in _NAMED[field])
    names = {row[0]: row[1] for row in session.execute(sa.union_all(*named))}
    return {side: names.get(value or "", value) for side, value in values.items()}
