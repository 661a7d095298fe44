"""Packs as rows of a form: read as typed, and written back as typed where something is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.catalogue.models import Product, Uom, Variant
from marketplace.catalogue.packs import Pack
from marketplace.errors import InvalidInput
from marketplace.web.words import gettext as _
from marketplace.workspace.answers import Faults
from marketplace.workspace.numbers import read_decimal, read_whole, write_decimal
from marketplace.workspace.words import VAT_RATES

MOST_PACKS = 12
LONGEST_NAME = 120
MOST_PRICE = 1_000_000_000
MOST_WEIGHT = 1_000_000
COLUMNS = ("ten", "luong", "don_vi", "gia", "thue", "nang")
TYPED = ("ten", "luong", "gia", "nang")
"""What is typed, as opposed to chosen: a row without any of these is none."""


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack as its row shows it; `sku` is empty for a new one."""

    sku: str = ""
    ten: str = ""
    luong: str = ""
    don_vi: str = Uom.GRAM.value
    gia: str = ""
    thue: str = "8"
    nang: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(getattr(self, column).strip() for column in TYPED)

    @classmethod
    def of(cls, variant: Variant, *, known: bool = True) -> "PackRow":
        """Return the row of a variant; one that is not `known` is a proposal for a new pack."""
        return cls(
            sku=variant.sku if known else "",
            ten=variant.name,
            luong=write_decimal(variant.content),
            don_vi=variant.uom.value,
            gia=str(variant.price),
            thue=str(variant.vat_percent),
            nang=str(variant.weight_g),
        )


def rows_of(product: Product, *, live: bool) -> list[PackRow]:
    """Return the packs of a product's listing; before there are any, what it is sold in now is proposed."""
    own = [variant for variant in product.variants if (variant.active if live else variant.waiting)]
    if own or live:
        return [PackRow.of(variant) for variant in own]
    return [PackRow.of(variant, known=False) for variant in product.variants if variant.active]


def read_rows(form: Mapping[str, str]) -> list[PackRow]:
    """Return the rows of a form, those left empty or marked to go not among them."""
    rows = [
        PackRow(form.get(f"ma-{n}", ""), *(form.get(f"{column}-{n}", "") for column in COLUMNS))
        for n in range(MOST_PACKS)
        if f"ten-{n}" in form and f"bo-{n}" not in form
    ]
    return [row for row in rows if not row.empty]


def read_packs(rows: Sequence[PackRow], product: Product) -> tuple[list[Pack], Faults]:
    """Return the packs that rows describe, and what is wrong with them, by field.

    A SKU is taken from a form only where the product has it.
    """
    known = {variant.sku for variant in product.variants}
    packs: list[Pack] = []
    faults: list[tuple[str, str]] = []
    for number, row in enumerate(rows):
        wrong = _faults_of(row, number)
        faults += wrong
        if not wrong:
            packs.append(_pack(row, row.sku if row.sku in known else ""))
    return packs, faults


def _pack(row: PackRow, sku: str) -> Pack:
    return Pack(
        sku=sku,
        name=" ".join(row.ten.split()),
        price=read_whole("gia", row.gia),
        vat_percent=int(row.thue),
        content=read_decimal("luong", row.luong),
        uom=Uom(row.don_vi),
        weight_g=read_whole("nang", row.nang),
    )


def _faults_of(row: PackRow, number: int) -> list[tuple[str, str]]:
    return [(f"{column}-{number}", words) for column, words in _wrong(row)]


def _wrong(row: PackRow) -> Iterable[tuple[str, str]]:
    if not 1 <= len(row.ten.strip()) <= LONGEST_NAME:
        yield "ten", _("Mời đặt tên gói, ví dụ: Túi 1 kg.")
    if not _between(row.luong, Decimal("0.001"), Decimal(10_000_000)):
        yield "luong", _("Mời ghi lượng bên trong bằng số, ví dụ 500.")
    if row.don_vi not in set(Uom):
        yield "don_vi", _("Mời chọn đơn vị.")
    if not _between(row.gia, Decimal(1), Decimal(MOST_PRICE), whole=True):
        yield "gia", _("Giá là số đồng nguyên, lớn hơn 0, ví dụ 45.000.")
    if row.thue not in {str(rate) for rate in VAT_RATES}:
        yield "thue", _("Mời chọn thuế suất.")
    if not _between(row.nang, Decimal(1), Decimal(MOST_WEIGHT), whole=True):
        yield "nang", _("Cân nặng khi gửi là số gam nguyên, ví dụ 1.100.")


def _between(text: str, least: Decimal, most: Decimal, *, whole: bool = False) -> bool:
    try:
        return least <= (read_whole("", text) if whole else read_decimal("", text)) <= most
    except InvalidInput:
        return False
