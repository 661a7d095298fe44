"""The folder of pictures: files follow what became of the transaction that their rows belong to.

Files are written inside it and brought to the disk after its commit, so that no lock waits for them; a
rollback takes them away again. Files of erased pictures go after the commit. A picture under way has a
mark in `unsettled/`: by those that a crash left behind the rest of its work is found and done, and no
other file is ever touched, not even when the folder is shown to a database that it does not belong to.
"""

import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, SessionTransaction

from marketplace.database import db

_WRITTEN = "pictures_written"
_ERASED = "pictures_erased"
_KEY = re.compile(r"[\w-]{22}")


@dataclass(frozen=True, slots=True)
class Store:
    """Where pictures lie, and the address under which the public finds them, `/` at its end."""

    folder: Path
    url: str

    def path_of(self, key: str, width: int, form: str) -> Path:
        """Return where a file of a picture lies."""
        return self.folder / key[:2] / f"{key}-{width}.{form}"

    def read(self, key: str, width: int, form: str) -> bytes | None:
        """Return a file of a picture, or None when there is none."""
        try:
            return self.path_of(key, width, form).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def list_files(self, key: str) -> list[Path]:
        """Return the files of a picture."""
        return sorted((self.folder / key[:2]).glob(f"{key}-*.*"))

    def mark(self, key: str) -> Path:
        """Return where a picture under way has its mark."""
        return self.folder / "unsettled" / key

    def remove(self, key: str) -> None:
        """Remove the files of a picture, and its mark last."""
        for path in self.list_files(key):
            path.unlink(missing_ok=True)
        self.mark(key).unlink(missing_ok=True)


_stores: WeakKeyDictionary[Engine, Store] = WeakKeyDictionary()


def configure(engine: Engine, folder: Path, url: str) -> None:
    """Say where the pictures of a database lie, and under which address they are found."""
    _stores[engine] = Store(folder, url)


def store() -> Store:
    """Return where the pictures of the present application lie."""
    return _stores[db.engine]


def write_files(session: Session, key: str, files: Mapping[tuple[int, str], bytes]) -> None:
    """Write the files of a picture; they stay if the session's transaction does."""
    place = _note(session, _WRITTEN, key)
    for (width, form), content in files.items():
        path = place.path_of(key, width, form)
        path.parent.mkdir(mode=0o755, exist_ok=True)
        path.write_bytes(content)


def erase_files(session: Session, key: str) -> None:
    """Have the files of a picture go once the session's transaction is committed."""
    _note(session, _ERASED, key)


def list_unsettled(older_than_seconds: float) -> list[str]:
    """Return the keys of pictures whose transaction began so long ago and told no end."""
    marks = []
    for mark in store().mark("").glob("*"):
        with suppress(FileNotFoundError):
            if _KEY.fullmatch(mark.name) and mark.stat().st_mtime < time.time() - older_than_seconds:
                marks.append(mark.name)
    return marks


def settle(key: str, *, living: bool) -> None:
    """End what a crash interrupted: files of a living picture stay, the others are removed."""
    if living:
        _keep_for_good(store(), key)
    else:
        store().remove(key)


def _note(session: Session, list_name: str, key: str) -> Store:
    place = store()
    if not place.folder.is_dir():
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mark(key).parent.mkdir(mode=0o700, exist_ok=True)
    place.mark(key).touch()
    session.info.setdefault(list_name, []).append((place, key))
    return place


def _after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for place, key in session.info.pop(_WRITTEN, []):
        _keep_for_good(place, key)
    for place, key in session.info.pop(_ERASED, []):
        place.remove(key)


def _after_rollback(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None:
        return
    for place, key in session.info.pop(_WRITTEN, []):
        place.remove(key)
    for place, key in session.info.pop(_ERASED, []):
        place.mark(key).unlink(missing_ok=True)


def _keep_for_good(place: Store, key: str) -> None:
    files = place.list_files(key)
    for path in [*files, *{path.parent for path in files}]:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    place.mark(key).unlink(missing_ok=True)


event.listen(Session, "after_commit", _after_commit)
event.listen(Session, "after_soft_rollback", _after_rollback)
