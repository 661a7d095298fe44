"""Whether a file is a PDF that only shows something: no program, no launch, no other file inside.

Nothing is opened: names are looked for in the file and in its packed objects (ISO 32000-2, 7.3.5, 7.5.7),
however they are spelt. What cannot be looked into is refused.
"""

import re
import zlib
from collections.abc import Iterator

from marketplace.media.errors import (
    DocumentActive,
    DocumentDamaged,
    DocumentEmpty,
    DocumentLocked,
    DocumentOfOtherKind,
    DocumentTooLarge,
)

MOST_DOCUMENT_BYTES = 5_000_000
MOST_UNPACKED_BYTES = 30_000_000
MOST_STREAMS = 20_000
_PIECE = 8_192
_TAIL = 2_048
"""Bytes before the end among which readers look for its mark."""

_HEAD = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\s%]")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NUMBERED = re.compile(rb"\s*\d+\s+\d+\s")
_NAME_ENDS = rb"(?=[\s\x00()<>\[\]{}/%]|\Z)"


def _name(word: str) -> bytes:
    """Return what finds a name in any spelling: a letter may stand as # and two hexadecimal digits."""
    letters = (f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word)
    return b"/" + "".join(letters).encode()


def _any_of(*words: str) -> re.Pattern[bytes]:
    return re.compile(b"(?:" + b"|".join(map(_name, words)) + b")" + _NAME_ENDS)


_ACTIVE = _any_of(
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "SubmitForm",
    "ImportData",
    "RichMedia",
    "GoToE",
    "XFA",
)
_OPENS_BY_ITSELF = re.compile(_name("OpenAction") + rb"\s*(?!\s|\[)")
"""An array is a place to open the page at, as office programs write it; all else is an action."""
_PACKED = _any_of("ObjStm")
_ENCRYPTED = _any_of("Encrypt")


def require_sound_pdf(content: bytes, name: str = "") -> None:
    """Raise DocumentEmpty, -TooLarge, -OfOtherKind, -Damaged, -Locked or -Active for what is not taken."""
    if not content:
        raise DocumentEmpty(name=name)
    if len(content) > MOST_DOCUMENT_BYTES:
        raise DocumentTooLarge(name=name, most=MOST_DOCUMENT_BYTES // 1_000_000)
    if not _HEAD.match(content):
        raise DocumentOfOtherKind(name=name)
    if b"%%EOF" not in content[-_TAIL:]:
        raise DocumentDamaged(name=name)
    if _ENCRYPTED.search(content):
        raise DocumentLocked(name=name)
    for part in (content, *_packed_objects(content, name)):
        found = _ACTIVE.search(part) or _OPENS_BY_ITSELF.search(part)
        if found is not None:
            raise DocumentActive(name=name, what=_spelt(found[0]))


def _packed_objects(content: bytes, name: str) -> Iterator[bytes]:
    """Yield what streams hold that look like packed objects; raises DocumentDamaged for what stays closed."""
    unpacked = opened = 0
    for number, stream in enumerate(_STREAM.finditer(content)):
        if number == MOST_STREAMS:
            raise DocumentDamaged(name=name)
        if not _NUMBERED.match(_unpack(content, stream.end(), 64)):
            continue
        whole = _unpack(content, stream.end(), MOST_UNPACKED_BYTES - unpacked + 1)
        unpacked, opened = unpacked + len(whole), opened + 1
        if unpacked > MOST_UNPACKED_BYTES:
            raise DocumentDamaged(name=name)
        yield whole
    if opened < len(_PACKED.findall(content)):
        raise DocumentDamaged(name=name)


def _unpack(content: bytes, start: int, most: int) -> bytes:
    """Return what a stream that begins at a place holds, up to so many bytes; nothing if packed otherwise.

    It is read piece by piece: what follows a stream that ends early would be copied each time.
    """
    inflater, whole = zlib.decompressobj(), bytearray()
    try:
        for place in range(start, len(content), _PIECE):
            whole += inflater.decompress(content[place : place + _PIECE], most - len(whole))
            if inflater.eof or len(whole) >= most:
                break
    except zlib.error:
        return b""
    return bytes(whole)


def _spelt(found: bytes) -> str:
    """Return a name as it is written without the signs that hide letters."""
    letters = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), found)
    return letters.decode("ascii", "replace").strip("/ \r\n\t")
