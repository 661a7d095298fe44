"""The English catalogue: what the code says in Vietnamese, and what of it is not translated yet.

`python -m tests.web.messages` brings messages.po up to date and compiles it; `make messages` does.
"""

import sys
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from marketplace.settings import PROJECT

FOLDER = PROJECT / "marketplace" / "web" / "translations" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
METHODS = [("marketplace/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "encoding": "utf-8"}}
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

MessageId = Any
"""A message, or singular and plural."""


def extract() -> Catalog:
    """Return every message that code and templates mark, without translations."""
    found = Catalog(locale="en")
    for folder in ("marketplace", "templates"):
        methods = [
            (pattern.split("/", 1)[1], method) for pattern, method in METHODS if pattern.startswith(folder)
        ]
        options = {pattern.split("/", 1)[1]: OPTIONS.get(pattern, {}) for pattern, _ in METHODS}
        for _, _, message, _, _ in extract_from_dir(PROJECT / folder, methods, options, KEYWORDS):
            found.add(message, flags=("python-format",) if "%(" in str(message) else ())
    return found


def read() -> Catalog:
    """Return the catalogue as it is kept."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compile_catalogue(catalogue: Catalog) -> bytes:
    """Return the compiled form of a catalogue."""
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def ids_of(catalogue: Catalog) -> set[MessageId]:
    """Return the messages of a catalogue."""
    return {message.id for message in catalogue if message.id}


def untranslated(catalogue: Catalog) -> list[MessageId]:
    """Return the messages without an English text."""
    return [message.id for message in catalogue if message.id and not all(_texts(message.string))]


def _texts(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)


def main() -> int:
    """Add new messages, drop those nobody says any more, compile, and name what lacks English."""
    kept, said = read(), extract()
    for gone in ids_of(kept) - ids_of(said):
        kept.delete(gone)
    for message in said:
        if message.id and message.id not in kept:
            kept.add(message.id, flags=message.flags)
    with PO.open("wb") as file:
        write_po(file, kept, width=110, sort_output=True)
    MO.write_bytes(compile_catalogue(kept))
    lacking = untranslated(kept)
    for message_id in lacking:
        sys.stdout.write(f"not translated: {message_id}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
