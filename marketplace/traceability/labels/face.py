"""What all labels of a batch say."""

from dataclasses import dataclass
from datetime import date

from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.labels.barcodes import is_example, is_global

SAMPLE_MARK = " – MẪU"


@dataclass(frozen=True, slots=True)
class Face:
    """The facts on a label; `code` is that of the lot, `stars` None without a living certificate.

    The stars stand with their number and the word OCOP: the drawing of the certification mark belongs to
    the programme (Decision 1162/QĐ-VPĐP-OCOP) and is not ours to print. `barcodes` says whether the GTIN is
    one that tills everywhere know. `sample` marks labels that belong on no goods.
    """

    name: str
    producer: str
    code: TraceCode
    made_on: date
    use_by: date | None
    stars: int | None
    barcodes: bool
    numbered: bool
    sample: bool

    @property
    def lot_words(self) -> str:
        """Return the lot as people compare it."""
        return f"Lô\u00a0{self.code.lot}"

    @property
    def dates(self) -> list[str]:
        """Return the day of packing and the last day of use, as Decree 43/2017/NĐ-CP abbreviates them."""
        dates = [f"NSX\u00a0{self.made_on:%d/%m/%Y}"]
        return [*dates, f"HSD\u00a0{self.use_by:%d/%m/%Y}"] if self.use_by else dates

    def code_of(self, serial: str | None) -> TraceCode:
        """Return what stands in the QR code of a label."""
        return TraceCode(gtin=self.code.gtin, token=self.code.token, lot=self.code.lot, serial=serial)


def face_of(batch: LabelBatch, day: date) -> Face:
    """Return what the labels of a batch say when they are drawn on a day; `get_own_batch` loads all of it.

    The stars that the batch was made with are left out as soon as the product has them no longer.
    """
    lot, product = batch.lot, batch.lot.product
    if product is None:
        raise ValueError("material gets no labels")
    stars = batch.stars if product.live_stars(day) == batch.stars else None
    return Face(
        name=_name(product.name, lot.variant.name if lot.variant else None),
        producer=lot.producer.name,
        code=TraceCode(gtin=product.gtin, token=None if product.gtin else product.trace_token, lot=lot.code),
        made_on=lot.made_on,
        use_by=lot.use_by,
        stars=stars,
        barcodes=is_global(product.gtin),
        numbered=batch.level is LabelLevel.ITEM,
        sample=lot.sample or product.fictitious or is_example(product.gtin),
    )


def number_words(number: int, *, sample: bool) -> str:
    """Return a label's number as people compare it."""
    return f"Tem {number:04d}{SAMPLE_MARK if sample else ''}"


def _name(name: str, pack: str | None) -> str:
    if pack is None or name.casefold().endswith(pack.casefold()):
        return name
    kept_together = pack.replace(" ", "\u00a0")
    return f"{name}, {kept_together[:1].lower()}{kept_together[1:]}"
