"""Sheets for tests of importing: good ones, and every kind that hurts."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from marketplace.upkeep.importing.product_rows import COLUMNS as PRODUCT_COLUMNS
from marketplace.upkeep.importing.product_rows import PROPOSAL_COLUMNS
from marketplace.upkeep.sheets.legacy_fonts import _TCVN3, _VNI_LETTERS, _VNI_MARKS

PRODUCT_HEADING = tuple(name for name in PRODUCT_COLUMNS.known if name not in PROPOSAL_COLUMNS)

A_PRODUCT = {
    "id": "p-1",
    "name": "Cam Khe Mây",
    "producer": "HTX Khe Mây",
    "producer_type": "Hợp tác xã",
    "commune": "xã Hương Đô",
    "district": "huyện Hương Khê",
    "province": "Hà Tĩnh",
    "stars": "3",
    "year": "2024",
    "source_url": "https://example.vn/cam",
}


def product(**changes: str) -> dict[str, str]:
    """Return a row of a products file."""
    return {**A_PRODUCT, **changes}


def csv_text(
    rows: Iterable[Mapping[str, str]], heading: Sequence[str] = PRODUCT_HEADING, delimiter: str = ","
) -> str:
    """Return rows as the text of a CSV file."""
    written = io.StringIO()
    writer = csv.DictWriter(written, heading, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def write_csv(
    path: Path, rows: Iterable[Mapping[str, str]], heading: Sequence[str] = PRODUCT_HEADING
) -> Path:
    """Write rows as CSV in UTF-8."""
    path.write_text(csv_text(rows, heading), encoding="utf-8")
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], merged: str | None = None) -> Path:
    """Write rows of cells as XLSX."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    with path.open("wb") as file:
        book.save(file)
    return path


def zip_bomb(path: Path, megabytes: int = 40) -> Path:
    """Write an XLSX of a few kilobytes whose sheet unpacks to many megabytes."""
    write_xlsx(path, [["id", "name", "province"]])
    with zipfile.ZipFile(path) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name, content in parts.items():
            if name == "xl/worksheets/sheet1.xml":
                row = b'<row><c t="inlineStr"><is><t>a</t></is></c></row>'
                packed = content.replace(
                    b"<sheetData>", b"<sheetData>" + row * (megabytes * 1_000_000 // len(row))
                )
                bomb.writestr(name, packed)
            else:
                bomb.writestr(name, content)
    return path


def many_entries(path: Path, entries: int = 5_000) -> Path:
    """Write an archive of very many small parts."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(entries):
            archive.writestr(f"xl/part{number}.xml", "")
    return path


def cp1258(text: str) -> bytes:
    """Encode as Windows-1258 does: letters whole, tones as combining marks."""
    encoded = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = _split_tone(letter)
            encoded += base.encode("cp1258") + tone.encode("cp1258")
    return bytes(encoded)


def _split_tone(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", parts.replace(tone, "")), tone


def tcvn3(text: str) -> bytes:
    """Encode for TCVN3 fonts, capitals with tones as small letters, as those fonts had it."""
    codes = {letter: code for code, letter in _TCVN3.items()}
    return bytes(codes.get(x, codes.get(x.lower(), ord(x) if ord(x) < 128 else 63)) for x in text)


def vni(text: str) -> bytes:
    """Encode for VNI fonts: a letter and a second one that draws its marks."""
    marks = {mark: letter for letter, mark in _VNI_MARKS.items()}
    letters = {letter: code for code, letter in _VNI_LETTERS.items()}
    return "".join(_vni_letter(letter, marks, letters) for letter in text).encode("cp1252", "replace")


def _vni_letter(letter: str, marks: Mapping[str, str], letters: Mapping[str, str]) -> str:
    if letter.isascii() or letter in letters:
        return letters.get(letter, letter)
    decomposed = unicodedata.normalize("NFD", letter)
    base, rest = decomposed[0], decomposed[1:]
    if "\u031b" in rest:
        base, rest = letters[unicodedata.normalize("NFC", base + "\u031b")], rest.replace("\u031b", "")
    ordered = "".join(sorted(rest, key=lambda mark: mark not in "\u0302\u0306"))
    return base + marks.get(ordered, "") if ordered else base
