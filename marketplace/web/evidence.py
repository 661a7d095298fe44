"""Files of evidence as they are handed out: to keep, never run within our pages, found by no search engine.

Who may have one is the door's to say; the address holds no key of the file.
"""

from flask import Response
from werkzeug.http import dump_options_header

from marketplace.certification.dossiers.evidence_models import EvidenceFile
from marketplace.errors import NotFound
from marketplace.media.documents import read_document
from marketplace.media.pictures import read_rendition

PICTURE_FORM = "jpg"


def give_evidence(evidence: EvidenceFile) -> Response:
    """Answer with the file of a piece of evidence, loaded with it; raises NotFound where there is none."""
    if evidence.document is not None:
        content, kind = read_document(evidence.document.key), "application/pdf"
        how, name = "attachment", evidence.document.name
    elif evidence.picture is not None:
        picture = evidence.picture
        content, kind = read_rendition(picture.key, max(picture.sizes), PICTURE_FORM), "image/jpeg"
        how, name = "inline", f"minh-chung-{evidence.id}.{PICTURE_FORM}"
    else:
        content = None
    if content is None:
        raise NotFound(evidence=evidence.id)
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = dump_options_header(how, {"filename": name})
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
