"""Documents kept, read and erased: PDFs, as they came.

A door reads the upload, calls `examine` outside a unit of work, and `keep` inside one:

    examined = examine(content, name)
    with acting() as (session, actor):
        document = keep(session, examined, owner_of("producer", producer.id), at)

Whoever serves one does so in a sandbox and under its own type, for browsers not to guess another.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import text
from marketplace.media.encoding import digest_of
from marketplace.media.models import Document
from marketplace.media.pdf_checks import require_sound_pdf
from marketplace.media.store import erase_files, store, write_files

FORM = "pdf"
LONGEST_NAME = 120
_WIDTH = 0
"""What stands for the width in the name of a file that has none."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept; `digest` is its SHA-256."""

    name: str
    content: bytes
    digest: str


def examine(content: bytes, name: str = "") -> Examined:
    """Return a file that is a PDF which only shows something, of at most 5 MB; raises a DocumentRefused."""
    called = text.clean(name)[:LONGEST_NAME]
    require_sound_pdf(content, called)
    return Examined(called or f"tai-lieu.{FORM}", content, digest_of(content))


def keep(session: Session, examined: Examined, owner: str, at: datetime) -> Document:
    """Keep a document; its file stays if the transaction does."""
    document = Document(
        key=secrets.token_urlsafe(16),
        owner=owner,
        name=examined.name,
        size=len(examined.content),
        digest=examined.digest,
        created_at=at,
    )
    write_files(session, document.key, {(_WIDTH, FORM): examined.content})
    session.add(document)
    session.flush()
    return document


def erase(session: Session, document: Document) -> None:
    """Erase a document, its file with the commit; what shows it must have been taken away before."""
    erase_files(session, document.key)
    session.delete(document)
    session.flush()


def read_document(key: str) -> bytes | None:
    """Return the file of a document, or None when there is none."""
    return store().read(key, _WIDTH, FORM)
