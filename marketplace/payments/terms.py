"""What the operator decides about money for sellers; told to the domain when the application starts."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class PayTerms:
    """When sellers are paid, and what is withheld.

    `withheld_rate` is in hundredths of a percent, `payout_minimum` in đồng. The default of 1.5 % is
    1 % VAT and 0.5 % personal income tax on goods (Nghị định 117/2025/NĐ-CP); which sellers and which
    rate is for the operator's accountant to decide.
    """

    withheld_rate: int = 150
    payout_every_days: int = 7
    payout_minimum: int = 200_000


_terms: WeakKeyDictionary[Engine, PayTerms] = WeakKeyDictionary()


def configure(engine: Engine, terms: PayTerms) -> None:
    """Set the terms that hold in a database."""
    _terms[engine] = terms


def pay_terms(session: Session) -> PayTerms:
    """Return the terms that hold in the database of a session."""
    return _terms.get(session.connection().engine, PayTerms())
