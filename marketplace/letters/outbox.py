"""The outbox: one file for each letter, `.eml` for e-mail and `.txt` for SMS and Zalo gateways.

Gateways take files away; a file appears whole, under a name that says when and which, not whom.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from marketplace.letters.writing import Written


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter in the outbox, for the page of a demo."""

    to: str
    subject: str
    body: str
    by_phone: bool


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder of letters; only its owner reads it."""

    folder: Path

    def keep_email(self, mark: str, message: EmailMessage, at: datetime) -> None:
        """Keep an e-mail."""
        self._keep(f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{mark}.eml", message.as_bytes())

    def keep_message(self, mark: str, phone: str, written: Written, at: datetime) -> None:
        """Keep a letter as a short message: the number in the first line, the words in the second."""
        text = f"{phone}\n{written.message}\n"
        self._keep(f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{mark}.txt", text.encode())

    def list_newest(self, most: int) -> Iterator[Kept]:
        """Yield the newest letters."""
        names = (path for path in self.folder.glob("*") if path.suffix in {".eml", ".txt"})
        for path in sorted(names, key=lambda path: path.name, reverse=True)[:most]:
            yield _read(path)

    def delete_to(self, is_meant: Callable[[str], bool]) -> None:
        """Delete the letters to the addresses that are meant; a gateway may be quicker."""
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):
                if path.suffix in {".eml", ".txt"} and is_meant(_read(path).to):
                    path.unlink()

    def delete_before(self, at: datetime) -> None:
        """Delete the letters kept before a moment; gateways and people had their time."""
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):
                if path.suffix in {".eml", ".txt"} and path.stat().st_mtime < at.timestamp():
                    path.unlink()

    def _keep(self, name: str, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.folder / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        unfinished.replace(self.folder / name)


def _read(path: Path) -> Kept:
    return _read_email(path) if path.suffix == ".eml" else _read_message(path)


def _read_email(path: Path) -> Kept:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Kept(message["To"], message["Subject"], message.get_content(), by_phone=False)


def _read_message(path: Path) -> Kept:
    phone, _, words = path.read_text(encoding="utf-8").partition("\n")
    return Kept(phone, "", words, by_phone=True)
