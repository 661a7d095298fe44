"""What the operator decides about money for sellers; told to the domain when the application starts."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class PayTerms:
    """When sellers are paid, and what is withheld.

    `withheld_rate` is in hundredths of a percent, `payout_minimum` in đồng.
    """

    withheld_rate: int
    payout_every_days: int
    payout_minimum: int


_terms: WeakKeyDictionary[Engine, PayTerms] = WeakKeyDictionary()


def configure(engine: Engine, terms: PayTerms) -> None:
    """Set the terms that hold in a database."""
    _terms[engine] = terms


def pay_terms(session: Session) -> PayTerms:
    """Return the terms that hold in the database of a session."""
    return _terms[session.connection().engine]
