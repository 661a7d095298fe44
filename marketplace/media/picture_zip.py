"""Pictures by file name in a ZIP file, read without trusting what the file says of itself."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from marketplace import text
from marketplace.media.errors import (
    ArchiveBomb,
    ArchiveDamaged,
    ArchiveEntryRefused,
    ArchiveTooLarge,
    ArchiveTooMany,
)
from marketplace.media.limits import MAX_BYTES

MAX_ZIP_BYTES = 60_000_000
MAX_UNPACKED = 120_000_000
"""Pictures hardly grow when they are unpacked."""
MAX_FILES = 500
MAX_RATIO = 100
SMALL = 1_000_000
"""An entry of so few bytes may be packed as tightly as it likes."""

_END = b"PK\x05\x06"
_END_REACH = 65_557
_DIRECTORY_ENTRY = 600
_UTF8_NAME = 0x800
_LOCKED = 0x1
_LEFT_BEHIND = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


def pictures_in(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield file name, without folders, and content of each file in a ZIP.

    The directory is judged before the first is yielded. Of a file larger than a picture may be one byte
    more is yielded than that, for `encode` to refuse it by its name. Raises ArchiveTooLarge, ArchiveDamaged,
    ArchiveTooMany, ArchiveBomb and ArchiveEntryRefused, the latter two with the name of the entry at fault.
    """
    name = text.clean(name)
    if len(content) > MAX_ZIP_BYTES:
        raise ArchiveTooLarge(name=name, most=MAX_ZIP_BYTES // 1_000_000)
    _require_short_directory(content, name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = [(_plain_name(one), one) for one in archive.infolist() if _is_wanted(one)]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise ArchiveDamaged(name=name) from error
    _judge(entries, name)
    return _read(archive, entries)


def _require_short_directory(content: bytes, name: str) -> None:
    """Look at the directory's length before anything reads it; a million entries are a bomb of their own."""
    at = content.rfind(_END, max(0, len(content) - _END_REACH))
    if at < 0 or len(content) < at + 22:
        raise ArchiveDamaged(name=name)
    count, size = struct.unpack_from("<HI", content, at + 10)
    if count > MAX_FILES * 2 or size > MAX_FILES * _DIRECTORY_ENTRY * 2:
        raise ArchiveTooMany(name=name, most=MAX_FILES)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders, and what systems put into archives by themselves."""
    parts = set(entry.filename.split("/"))
    return not entry.is_dir() and not parts & _LEFT_BEHIND


def _plain_name(entry: zipfile.ZipInfo) -> str:
    """Return the file's name; old archivers write UTF-8 without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    return text.clean(name)


def _judge(entries: list[tuple[str, zipfile.ZipInfo]], archive_name: str) -> None:
    if len(entries) > MAX_FILES:
        raise ArchiveTooMany(name=archive_name, most=MAX_FILES)
    seen: set[str] = set()
    for name, entry in entries:
        bare = PurePosixPath(name).name.casefold()
        if _leads_astray(name, entry) or bare in seen:
            raise ArchiveEntryRefused(name=name[:120])
        seen.add(bare)
        if entry.flag_bits & _LOCKED or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ArchiveDamaged(name=name[:120])
        if entry.file_size > max(SMALL, entry.compress_size * MAX_RATIO):
            raise ArchiveBomb(name=name[:120])
    if sum(entry.file_size for _, entry in entries) > MAX_UNPACKED:
        raise ArchiveBomb(name=archive_name)


def _leads_astray(name: str, entry: zipfile.ZipInfo) -> bool:
    """Whether a name leads out of its folder, or the entry is a link or a device."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return (
        name.startswith("/")
        or "\\" in name
        or ":" in name
        or not name.isprintable()
        or ".." in name.split("/")
        or kind not in {0, stat.S_IFREG}
    )


def _read(
    archive: zipfile.ZipFile, entries: list[tuple[str, zipfile.ZipInfo]]
) -> Iterator[tuple[str, bytes]]:
    left = MAX_UNPACKED
    for name, entry in entries:
        try:
            with archive.open(entry) as file:
                content = file.read(MAX_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
            raise ArchiveDamaged(name=name[:120]) from error
        left -= len(content)
        if left < 0:
            raise ArchiveBomb(name=name[:120])
        if content.startswith(b"PK\x03\x04"):
            raise ArchiveEntryRefused(name=name[:120])
        yield PurePosixPath(name).name, content
