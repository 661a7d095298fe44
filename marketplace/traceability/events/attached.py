"""What binds the files that an event names into its chain: their digests stand in its details."""

from typing import Any

from sqlalchemy.orm import Session, joinedload

from marketplace.media.models import Document, Picture
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.models import LotPaper

PAPER = "ocop:paperSha256"
"""The SHA-256 of the PDF of a paper, or of the file that its photograph was made from."""
PICTURE = "ocop:pictureSha256"
"""The SHA-256 of the file that the picture of an event was made from."""


def bind_files(session: Session, event: TraceEvent) -> None:
    """Write the digests of the files that an event names into its details; those sent along do not count."""
    digests: dict[str, Any] = {}
    if event.paper_id is not None:
        files = (joinedload(LotPaper.document), joinedload(LotPaper.picture))
        paper = session.get(LotPaper, event.paper_id, options=files, populate_existing=True)
        digests[PAPER] = digest_of(paper.document or paper.picture) if paper else None
    if event.picture_id is not None:
        digests[PICTURE] = digest_of(session.get(Picture, event.picture_id))
    kept = {name: value for name, value in (event.details or {}).items() if name not in {PAPER, PICTURE}}
    event.details = kept | {name: value for name, value in digests.items() if value}


def digest_of(file: Document | Picture | None) -> str | None:
    """Return the digest of a file, or None for none."""
    return file.digest if file else None
