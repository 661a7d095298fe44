"""Whether a file is a PDF that only shows something: no program, no launch, no other file inside.

Nothing is opened: names are looked for in the file and in its packed objects (ISO 32000-2, 7.3.5, 7.5.7),
however they are spelt. What cannot be looked into is refused.
"""

import contextlib
import re
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Any

from marketplace.media.errors import (
    DocumentActive,
    DocumentDamaged,
    DocumentEmpty,
    DocumentLocked,
    DocumentOfOtherKind,
    DocumentTooLarge,
)
from marketplace.media.pdf_streams import TooTangled, list_streams

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
    for part in chain((content,), _packed_objects(content, name)):
        found = _ACTIVE.search(part) or _OPENS_BY_ITSELF.search(part)
        if found is not None:
            raise DocumentActive(name=name, what=_spelt(found[0]))


def _packed_objects(content: bytes, name: str) -> Iterator[bytes]:
    """Yield what streams hold that are or look like packed objects; raises DocumentDamaged.

    That is for those that stay closed or break off, after what could be read of them, and for streams
    of no object.
    """
    packed = _packed_by_place(content, name)
    unpacked = 0
    for number, stream in enumerate(_STREAM.finditer(content)):
        if number == MOST_STREAMS or stream.end() not in packed:
            raise DocumentDamaged(name=name)
        says_so = packed[stream.end()]
        if not says_so and not _NUMBERED.match(_unpack(content, stream.end(), 64)[0]):
            continue
        whole, sound = _unpack(content, stream.end(), MOST_UNPACKED_BYTES - unpacked + 1)
        unpacked += len(whole)
        yield whole
        if not sound or unpacked > MOST_UNPACKED_BYTES:
            raise DocumentDamaged(name=name)
    if sum(packed.values()) < len(_PACKED.findall(content)):
        raise DocumentDamaged(name=name)


def _packed_by_place(content: bytes, name: str) -> dict[int, bool]:
    """Return whether streams say that they hold objects, by where they begin; raises DocumentDamaged."""
    packed: dict[int, bool] = {}
    try:
        for stream in list_streams(content):
            if stream.packs_objects and not stream.is_plainly_deflated:
                raise DocumentDamaged(name=name)
            packed[stream.start] = packed.get(stream.start, False) or stream.packs_objects
    except TooTangled as error:
        raise DocumentDamaged(name=name) from error
    return packed


def _unpack(content: bytes, start: int, most: int) -> tuple[bytes, bool]:
    """Return what a stream that begins at a place holds, up to so many bytes, and whether that is all.

    What was read before a stream breaks off is returned too: readers show it. It is read piece by piece:
    what follows a stream that ends early would be copied each time.
    """
    inflater, whole = zlib.decompressobj(), bytearray()
    for place in range(start, len(content), _PIECE):
        piece, before = content[place : place + _PIECE], inflater.copy()
        try:
            whole += inflater.decompress(piece, most - len(whole))
        except zlib.error:
            return bytes(whole + _until_it_breaks(before, piece, most - len(whole))), False
        if inflater.eof or len(whole) >= most:
            break
    return bytes(whole), inflater.eof


def _until_it_breaks(inflater: Any, piece: bytes, most: int) -> bytes:
    whole = bytearray()
    with contextlib.suppress(zlib.error):
        for place in range(len(piece)):
            whole += inflater.decompress(piece[place : place + 1], most - len(whole))
            if len(whole) >= most:
                break
    return bytes(whole)


def _spelt(found: bytes) -> str:
    """Return a name as it is written without the signs that hide letters."""
    letters = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), found)
    return letters.decode("ascii", "replace").strip("/ \r\n\t")
