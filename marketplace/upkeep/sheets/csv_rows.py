"""CSV: the delimiter is found from the heading, rows keep the line where they begin."""

import csv
from collections.abc import Iterator

from marketplace.upkeep.sheets.encodings import decode
from marketplace.upkeep.sheets.findings import SheetRefused

DELIMITERS = (",", ";", "\t")


def rows_of_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row; a row is numbered by the line where it begins.

    Raises SheetRefused for undecodable text and quotation marks that are never closed.
    """
    text, _ = decode(content)
    csv.field_size_limit(len(text) + 1)
    heading = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SheetRefused(
            f"Dòng {begins}: dấu ngoặc kép không khép đúng chỗ, không tách được thành ô."
        ) from error


def _lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
