"""S9: files sent as pictures are taken or refused by name; nothing of an original is ever served."""

import hashlib
import io
import json
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.listings import start_listing
from marketplace.catalogue.models import Product
from marketplace.catalogue.pictures import ProductPicture
from marketplace.database import db, unit_of_work
from marketplace.media.errors import ArchiveRefused
from marketplace.media.models import Picture
from marketplace.media.picture_zip import pictures_in
from marketplace.media.pictures import Encoded, digest_of, erase, picture_url
from marketplace.settings import PROJECT
from marketplace.workspace.views import pictures as door
from tests.drills import Outcome, Run, drill
from tests.drills.uploads_corpus import CANARY, Sent, archives, corpus, large_ones, mutations
from tests.factories.accounts import a_member
from tests.factories.listings import a_certified_product, producer_of, the_owner
from tests.signin.browsing import SAME_ORIGIN, Browser

MEGABYTES = 250
MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
MEASURED = """
import io, json, struct, sys
from marketplace.media import child, limits
limits.CPU_SECONDS = 3600
child.limit_process()
while head := sys.stdin.buffer.read(4):
    content, answer = sys.stdin.buffer.read(*struct.unpack(">I", head)), io.BytesIO()
    child.main(io.BytesIO(content), answer)
    last = answer.getvalue().rpartition(b'{"refused"')
    peak = open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
    outcome = json.loads(last[1] + last[2])["refused"] if last[1] else "kept"
    print(json.dumps([outcome, int(peak)]), flush=True)
"""
"""The process that opens pictures, given many; it says of each what became of it, and its peak in kB."""


@drill(
    "S9",
    bar="0 of 5xx, 0 misjudged, 0 processes fallen, < 250 MB, 0 places or words left, 0 originals served",
    databases=("sqlite",),
)
def uploads_become_pictures_of_ours(run: Run) -> Outcome:
    """Send every file of the corpus to a listing; the control keeps files as they came."""
    sent = corpus(run.random)
    if run.full:
        sent += large_ones(run.random)
    else:
        sent = sorted(sent, key=lambda one: (len(one.content) > 300_000, one.sound))[
            :: 18 if run.guarded else 25
        ]
    mutated = list(mutations(run.random, run.count(short=20, full=5_000) if run.guarded else 0))
    some = [Sent(f"{n}.jpg", content, sound=False) for n, content in enumerate(mutated[:: run.count(20, 50)])]
    with run.application() as app, nullcontext() if run.guarded else _keeping_originals():
        seen = _Uploads(app, run.folder)
        for one in sent:
            seen.send(one, judged=True)
        for one in some:
            seen.send(one, judged=False)
    fell, peak = _open_all([*(one.content for one in sent), *mutated]) if run.guarded else (0, 0)
    faults = {
        **{name: seen.counts[name] for name in ("5xx", "misjudged", "left", "originals")},
        "archives": _archives_taken(run),
        "fell": fell,
    }
    got = {"files": len(sent), "mutations": len(mutated), **faults, "mb": peak, "first": seen.first}
    return Outcome(got, ok=not any(faults.values()) and peak < MEGABYTES)


class _Uploads:
    """A member who sends files, and what of them is to be seen afterwards."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.browser = Browser(app)
        self.media = folder / "media"
        self.counts: Counter[str] = Counter()
        self.first: str | None = None
        with unit_of_work() as session:
            product = a_certified_product(session)
            producer = producer_of(session, product)
            start_listing(session, producer, product=product, actor=the_owner(producer), at=clock.now())
            owner = a_member(session, Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER)
            self.product_id = product.id
            self.path = f"/gian-hang/{producer.slug}/san-pham/{product.slug}/buoc-2"
        self.browser.enter_as(owner)
        self.token = self.browser.token()

    def send(self, one: Sent, *, judged: bool) -> None:
        """Send a file and look at what the public may then see of it."""
        answer = self._post(one)
        if answer.status_code >= 500:
            self._count("5xx", one)
        if judged and answer.status_code != (204 if one.sound else 422):
            self._count("misjudged", one)
        if answer.status_code == 204:
            self._look_at(one)
            self._clear()

    def _post(self, one: Sent) -> TestResponse:
        db.session.rollback()
        return self.browser.client.post(
            self.path,
            data={"csrf_token": self.token, "anh": (io.BytesIO(one.content), one.name)},
            headers={**SAME_ORIGIN, "Accept": "application/json"},
        )

    def _look_at(self, one: Sent) -> None:
        picture = db.session.execute(sa.select(Picture).order_by(Picture.id.desc()).limit(1)).scalar_one()
        for width in picture.sizes:
            for form, media_type in MEDIA_TYPES.items():
                answer = self.browser.client.get(picture_url(picture, width, form))
                if answer.status_code == 200 and answer.content_type != media_type:
                    self._count("misjudged", one)
                self._search(one, answer.data)
        for path in self.media.rglob("*.*"):
            self._search(one, path.read_bytes())

    def _search(self, one: Sent, content: bytes) -> None:
        if CANARY.encode() in content or b"Exif" in content or b"<x:xmpmeta" in content:
            self._count("left", one)
        if hashlib.sha256(content).digest() == hashlib.sha256(one.content).digest():
            self._count("originals", one)

    def _count(self, what: str, one: Sent) -> None:
        self.counts[what] += 1
        self.first = self.first or f"{what}: {one.name[:60]}"

    def _clear(self) -> None:
        """Take the picture away again, for the next one to have its place."""
        with unit_of_work() as session:
            session.execute(sa.delete(ProductPicture).where(ProductPicture.product_id == self.product_id))
            session.expire_all()
            for picture in session.execute(sa.select(Picture)).scalars().all():
                erase(session, picture)
        assert db.session.get_one(Product, self.product_id)


def _open_all(contents: Sequence[bytes]) -> tuple[int, int]:
    """Open files in the process made for it; return how often it fell, and its peak in MB."""
    fell = peak = done = 0
    while done < len(contents):
        outcomes = _open_some(contents[done:])
        fell += len(outcomes) < len(contents) - done
        done += len(outcomes) + (len(outcomes) < len(contents) - done)
        peak = max([peak, *(kilobytes for _, kilobytes in outcomes)])
    return fell, peak // 1024


def _open_some(contents: Iterable[bytes]) -> list[tuple[str, int]]:
    frames = b"".join(struct.pack(">I", len(content)) + content for content in contents)
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED], cwd=PROJECT, input=frames, capture_output=True, check=False
    )
    return [tuple(json.loads(line)) for line in ended.stdout.splitlines()]


def _archives_taken(run: Run) -> int:
    """Return how many archives that mean ill are read to their end."""
    taken = 0
    for archive in archives(run.random) if run.full else ():
        try:
            list(pictures_in(archive, "anh.zip"))
        except ArchiveRefused:
            continue
        taken += 1
    return taken


@contextmanager
def _keeping_originals() -> Iterator[None]:
    def keep_as_it_is(content: bytes, name: str = "") -> Encoded:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
        return Encoded(width, height, digest_of(content), {(width, "jpg"): content})

    with patch.object(door, "encode", keep_as_it_is):
        yield
