"""Packs that are offered while a recall is in force: they are not sold either."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Variant
from marketplace.traceability.recalls.touching import halted_variants


def _halt_new_packs(session: Session, context: Any) -> None:
    new = [one.id for one in session.new if isinstance(one, Variant)]
    if new:
        offered = sa.update(Variant).where(Variant.id.in_(new), Variant.id.in_(halted_variants()))
        session.connection().execute(offered.values(halted=True))


event.listen(Session, "after_flush", _halt_new_packs)
