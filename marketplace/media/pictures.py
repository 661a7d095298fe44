"""Pictures kept, shown and erased.

A door reads the upload, calls `encode` outside a unit of work, and `keep` inside one:

    encoded = encode(content, name)
    with acting() as (session, actor):
        picture = keep(session, encoded, owner_of("producer", producer.id), at)
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.database import db
from marketplace.media.encoding import Encoded, digest_of, encode
from marketplace.media.limits import FORMS
from marketplace.media.models import Document, Picture
from marketplace.media.store import erase_files, list_unsettled, settle, store, write_files

__all__ = ["Encoded", "Picture", "digest_of", "encode"]

SETTLE_AFTER_SECONDS = 3600.0
"""How old the mark of a picture under way must be before it is taken for left behind."""
FORM_NAMES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


class Shown(Protocol):
    """What is needed to show a picture: the mapped class, or a row with these columns."""

    @property
    def key(self) -> str:
        """Its name in addresses."""

    @property
    def width(self) -> int:
        """Its greatest width in pixels."""

    @property
    def height(self) -> int:
        """Its height at that width."""

    @property
    def sizes(self) -> Sequence[int]:
        """All its widths."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a `<picture>` element needs: a srcset by media type, best first, and one address for `src`.

    `width` and `height` are those of the widest.
    """

    srcsets: tuple[tuple[str, str], ...]
    src: str
    width: int
    height: int


def owner_of(kind: str, number: int) -> str:
    """Return how the owner of pictures is named, "producer:12"."""
    return f"{kind}:{number}"


def keep(session: Session, encoded: Encoded, owner: str, at: datetime) -> Picture:
    """Keep an encoded picture; its files stay if the transaction does."""
    picture = Picture(
        key=secrets.token_urlsafe(16),
        owner=owner,
        width=encoded.width,
        height=encoded.height,
        digest=encoded.digest,
        sizes=encoded.widths,
        created_at=at,
    )
    write_files(session, picture.key, encoded.files)
    session.add(picture)
    session.flush()
    return picture


def erase(session: Session, picture: Picture) -> None:
    """Erase a picture, its files with the commit; what shows it must have been taken away before."""
    erase_files(session, picture.key)
    session.delete(picture)
    session.flush()


def find_same(session: Session, owner: str, digest: str) -> Picture | None:
    """Return the newest picture an owner keeps of the same file (`digest_of`), or None.

    A phone that heard no answer sends its file again; it is the same picture then.
    """
    same = sa.select(Picture).where(Picture.owner == owner, Picture.digest == digest)
    return session.execute(same.order_by(Picture.id.desc()).limit(1)).scalar_one_or_none()


def picture_url(picture: Shown, width: int | None = None, form: str = "jpg") -> str:
    """Return the address of a picture at one of its widths; without one, at its widest."""
    return f"{store().url}{picture.key}-{width or max(picture.sizes)}.{form}"


def picture_sources(picture: Shown) -> Sources:
    """Return what a template needs to show a picture."""
    widths = sorted(picture.sizes)
    srcsets = tuple(
        (FORM_NAMES[form], ", ".join(f"{picture_url(picture, width, form)} {width}w" for width in widths))
        for form in FORMS
    )
    middle = next((width for width in widths if width >= 400), widths[-1])
    return Sources(srcsets, picture_url(picture, middle), picture.width, picture.height)


def read_rendition(key: str, width: int, form: str) -> bytes | None:
    """Return a file of a picture as browsers get it, or None when there is none."""
    return store().read(key, width, form)


def settle_pictures() -> int:
    """Remove files whose picture or document never came to be or is erased, left by a crash; a periodic duty.

    Returns how many were looked at.
    """
    keys = list_unsettled(SETTLE_AFTER_SECONDS)
    wanted = sa.union_all(*(sa.select(kind.key).where(kind.key.in_(keys)) for kind in (Picture, Document)))
    living = set(db.session.execute(wanted).scalars()) if keys else set()
    db.session.rollback()
    for key in keys:
        settle(key, living=key in living)
    return len(keys)
