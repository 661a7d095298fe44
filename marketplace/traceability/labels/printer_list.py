"""The labels of a batch as a table, for printers' own programs."""

from collections.abc import Iterator, Sequence
from datetime import date

from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.labels.barcodes import element_string
from marketplace.traceability.labels.face import face_of

HEADER = (
    "so_tem",
    "dia_chi_qr",
    "chuoi_gs1",
    "gtin",
    "ma_lo",
    "serial",
    "ma_cao",
    "san_pham",
    "chu_the",
    "ngay_san_xuat",
    "han_su_dung",
    "sao_ocop",
)
"""The columns; printers map them to the fields of their design once."""


def printer_rows(
    batch: LabelBatch, labels: Sequence[Minted], site_url: str, day: date
) -> Iterator[tuple[str | int | date | None, ...]]:
    """Yield a row for each label, or for all that are alike one row; arguments are those of `draw_batch`."""
    face = face_of(batch, day)
    each = labels if batch.level is LabelLevel.ITEM else [None]
    for label in each:
        code = face.code_of(label.serial if label else None)
        yield (
            label.number if label else None,
            f"{site_url}{code.path}",
            element_string(code, face.use_by) if face.barcodes else None,
            code.gtin,
            code.lot,
            code.serial,
            label.pin if label else None,
            face.name.replace("\u00a0", " "),
            face.producer,
            face.made_on,
            face.use_by,
            face.stars,
        )
