"""The file of a paper, as forms of the workspace send it: a PDF that only shows something, or a picture."""

from marketplace.media.documents import Examined, examine
from marketplace.media.errors import DocumentRefused, PictureRefused
from marketplace.media.pictures import Encoded, encode
from marketplace.web.pictures import read_files
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _
from marketplace.workspace.typed import Typed

PDF = b"%PDF-"


def read_paper_file(typed: Typed) -> Examined | Encoded | None:
    """Return the file that was sent, or None with the fault noted."""
    try:
        for name, content in read_files("tep", most=1):
            return examine(content, name) if content.startswith(PDF) else encode(content, name)
    except (DocumentRefused, PictureRefused) as refusal:
        typed.fault("tep", explain(refusal))
        return None
    typed.fault("tep", _("Mời chọn tệp PDF hoặc ảnh chụp giấy."))
    return None
