"""The pictures that come with a sheet, in a ZIP, by the names that its rows call them by."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.database import db
from marketplace.media.encoding import MOST_AT_ONCE
from marketplace.media.errors import ArchiveTooMany, PictureRefused
from marketplace.media.picture_zip import pictures_in
from marketplace.media.pictures import Encoded, digest_of, encode, find_same, keep, owner_of
from marketplace.upkeep.shop_sheets.limits import MOST_NEW_PICTURES


@dataclass(frozen=True, slots=True)
class Brought:
    """Pictures by their names in lower case: kept before, made ready to be kept, and not taken."""

    known: Mapping[str, str] = field(default_factory=dict)
    ready: Mapping[str, Encoded] = field(default_factory=dict)
    refused: Mapping[str, PictureRefused] = field(default_factory=dict)


def gather(archive: bytes, archive_name: str, wanted: Collection[str], producer_id: int) -> Brought:
    """Take out of a ZIP the pictures that rows name, and make ready those not kept yet.

    Slow, outside units of work: about half a second a picture. Raises ArchiveRefused, and ArchiveTooMany
    for more new pictures than are taken at once.
    """
    names = {name.casefold() for name in wanted}
    found = {name.casefold(): content for name, content in pictures_in(archive, archive_name)}
    contents = {name: content for name, content in found.items() if name in names}
    owner = owner_of("producer", producer_id)
    same = {name: find_same(db.session(), owner, digest_of(one)) for name, one in contents.items()}
    known = {name: picture.key for name, picture in same.items() if picture is not None}
    new = {name: content for name, content in contents.items() if name not in known}
    if len(new) > MOST_NEW_PICTURES:
        raise ArchiveTooMany(name=archive_name, most=MOST_NEW_PICTURES)
    db.session.rollback()
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        outcomes = dict(zip(new, pool.map(_encode, new.values(), new), strict=True))
    return Brought(
        known,
        {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Encoded)},
        {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, PictureRefused)},
    )


def _encode(content: bytes, name: str) -> Encoded | PictureRefused:
    try:
        return encode(content, name)
    except PictureRefused as refusal:
        return refusal


def keep_brought(
    session: Session, brought: Brought, producer_id: int, at: datetime
) -> tuple[dict[str, str], list[str]]:
    """Keep the pictures made ready; return all keys by name, and the new ones. One file is one picture."""
    owner = owner_of("producer", producer_id)
    keys = dict(brought.known)
    new: dict[str, str] = {}
    for name, encoded in brought.ready.items():
        if encoded.digest not in new:
            new[encoded.digest] = keep(session, encoded, owner, at).key
        keys[name] = new[encoded.digest]
    return keys, list(new.values())
