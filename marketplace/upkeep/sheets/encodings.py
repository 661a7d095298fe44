"""From bytes to text: Unicode in its forms, and Windows-1258; everything else is refused by name."""

import codecs
import unicodedata

from marketplace.upkeep.sheets.findings import SheetRefused
from marketplace.upkeep.sheets.legacy_fonts import count_malformed, count_syllables, name_font

SAMPLE = 200_000

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a CSV file and the name of its encoding.

    Raises SheetRefused for an encoding that cannot be told, or text written for TCVN3 or VNI fonts.
    """
    text, encoding = _decode(content)
    if font := name_font(text[:SAMPLE]):
        raise SheetRefused(
            f"Tệp viết bằng phông chữ {font}, không phải Unicode. "
            "Hãy chuyển mã sang Unicode rồi lưu thành CSV UTF-8."
        )
    return text, encoding


def _decode(content: bytes) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding), encoding
    if (unmarked := _unmarked_utf16(content[:SAMPLE])) is not None:
        return _strictly(content, unmarked), unmarked
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_windows(content, error), "cp1258"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetRefused(f"Tệp ghi là {encoding} nhưng hỏng ở dòng {line}: không giải mã được.") from error


def _unmarked_utf16(sample: bytes) -> str | None:
    """Tell UTF-16 without a mark by its delimiters: ASCII with a null byte on one side only."""
    half = len(sample) // 2
    if half == 0:
        return None
    if sample[1::2].count(0) > half * 0.4 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _decode_windows(content: bytes, why: UnicodeDecodeError) -> str:
    """Read Windows-1258, whose tones are combining marks, if that makes Vietnamese of it."""
    line = content[: why.start].count(b"\n") + 1
    western = content[:SAMPLE].decode("cp1252", errors="replace")
    if font := name_font(western):
        raise SheetRefused(
            f"Tệp viết bằng phông chữ {font}, không phải Unicode. "
            "Hãy chuyển mã sang Unicode rồi lưu thành CSV UTF-8."
        )
    text = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
    sample = text[:SAMPLE]
    if "\ufffd" in text or count_malformed(sample) > count_syllables(sample) / 4:
        raise SheetRefused(f"Không nhận ra bảng mã của tệp (dòng {line}). Hãy lưu lại thành CSV UTF-8.")
    return text
