"""Papers of lots: PDFs as their holders handed them in, never run within our pages."""

import sqlalchemy as sa
from flask import Response
from werkzeug.http import dump_options_header

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media.documents import read_document
from marketplace.media.models import Document
from marketplace.scan import door
from marketplace.traceability.lots.models import LotPaper
from marketplace.web.assets import FOR_EVER
from marketplace.web.guards import Guard, guarded


@door.get("/truy-xuat/giay/<string(length=22):key>.pdf")
@guarded(Guard.PUBLIC)
def give_paper(key: str) -> Response:
    """Give a lot's paper to keep; its address never means anything else."""
    paper = sa.select(Document).join(LotPaper, LotPaper.document_id == Document.id).where(Document.key == key)
    document = db.session.scalar(paper)
    content = read_document(key) if document is not None else None
    if document is None or content is None:
        raise NotFound(paper=key)
    response = Response(content, content_type="application/pdf")
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": document.name})
    return response
