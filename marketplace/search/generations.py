"""Folders of the index: each generation complete, sealed by checksums, and never written again.

Whoosh unpickles its table of contents, so a folder is code: only the worker's own, closed to
others, is opened, and only bytes that match the seal are handed on.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SEAL = "seal.json"
PREFIX = "generation-"
LOCK = ".writing"
OPEN_TO_OTHERS = 0o077


class Damaged(Exception):
    """A generation is missing, changed, of another version or not ours; the message says which."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A generation whose files were found as they were written."""

    documents: int
    files: dict[str, bytes]


@contextmanager
def writing(base: Path) -> Iterator[None]:
    """Hold the right to write generations; a writer that dies loses it with its process."""
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    base.chmod(0o700)
    with (base / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def begin(base: Path) -> Path:
    """Return an empty folder for a new generation."""
    folder = base / f"{PREFIX}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    return folder


def begin_from(base: Path, name: str) -> Path:
    """Return a new generation's folder that shares the files of an earlier one, seal excepted."""
    folder = begin(base)
    for file in (base / name).iterdir():
        if file.name != SEAL:
            os.link(file, folder / file.name)
    return folder


def seal(folder: Path, version: str, documents: int) -> None:
    """Write the checksums of a complete generation and see all of it onto the disk."""
    sums: dict[str, str] = {}
    for file in sorted(folder.iterdir()):
        if file.name.endswith("WRITELOCK"):
            file.unlink()
            continue
        file.chmod(0o600)
        sums[file.name] = _checksum(file.read_bytes())
        _sync(file)
    content = {"version": version, "documents": documents, "files": sums}
    (folder / SEAL).write_text(json.dumps(content))
    _sync(folder / SEAL)
    _sync(folder)
    _sync(folder.parent)


def unseal(base: Path, name: str, version: str) -> Sealed:
    """Read a generation whole; raises Damaged unless every byte is as it was sealed."""
    folder = base / name
    try:
        _require_ours(base)
        _require_ours(folder)
        content = json.loads((folder / SEAL).read_bytes())
        sums: dict[str, str] = content["files"]
        files = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != SEAL}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{name}: {type(error).__name__}") from error
    if content["version"] != version:
        raise Damaged(f"{name}: version {content['version']}")
    for file, checksum in sums.items():
        if file not in files or _checksum(files[file]) != checksum:
            raise Damaged(f"{name}: {file}")
    return Sealed(content["documents"], {file: files[file] for file in sums})


def remove_others(base: Path, *names: str | None) -> int:
    """Remove every generation but the named ones, finished or not; return how many there were."""
    others = [folder for folder in base.glob(f"{PREFIX}*") if folder.name not in names]
    for folder in others:
        shutil.rmtree(folder, ignore_errors=True)
    return len(others)


def _require_ours(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & OPEN_TO_OTHERS or folder.is_symlink():
        raise Damaged(f"{folder.name}: open to others")


def _checksum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
