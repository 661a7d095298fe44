"""Whether all books agree, from stock and payments to lots and dossiers; told row by row where not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.payments.books import Off, list_payment_faults
from marketplace.payments.ledger_books import list_ledger_faults
from marketplace.upkeep.dossier_books import list_dossier_faults
from marketplace.upkeep.order_books import list_order_faults
from marketplace.upkeep.register_books import list_register_faults
from marketplace.upkeep.stock_books import list_stock_faults
from marketplace.upkeep.trace_books import list_trace_faults


@dataclass(frozen=True, slots=True)
class Fault:
    """A figure that is not what the others make of it."""

    book: str
    subject: str
    expected: int | str
    found: int | str


BOOKS: dict[str, Callable[[Session], Iterable[Off]]] = {
    "stock": list_stock_faults,
    "orders": list_order_faults,
    "payments": list_payment_faults,
    "ledger": list_ledger_faults,
    "trace": list_trace_faults,
    "register": list_register_faults,
    "dossiers": list_dossier_faults,
}


def examine(session: Session) -> Iterator[Fault]:
    """Name everything that is off, book by book; nothing is changed."""
    for book, list_faults in BOOKS.items():
        for off in list_faults(session):
            yield Fault(book, f"{off.what} {off.id}", off.expected, off.found)
