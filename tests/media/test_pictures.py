"""Files follow what becomes of the transaction that their picture belongs to."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.media import store as media_store
from marketplace.media.models import Picture
from marketplace.media.pictures import (
    digest_of,
    erase,
    find_same,
    keep,
    owner_of,
    picture_sources,
    picture_url,
    read_rendition,
    settle_pictures,
)
from marketplace.worker import DUTIES
from tests.factories.media import a_picture, encoded, photo

OWNER = owner_of("producer", 12)


class Interrupted(Exception):
    pass


@pytest.fixture
def folder(app: Flask) -> Path:
    settings: Any = app.extensions["settings"]
    return Path(settings.media)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def kept(owner: str = OWNER) -> Picture:
    with unit_of_work() as session:
        return a_picture(session, owner)


def test_a_kept_picture_has_its_files_and_nothing_of_the_original(folder: Path) -> None:
    picture = kept()
    assert (picture.width, picture.height, picture.sizes) == (640, 480, [200, 400, 640])
    assert len(picture.key) == 22
    assert files_in(folder) == sorted(
        f"{picture.key}-{width}.{form}" for width in (200, 400, 640) for form in ("avif", "webp", "jpg")
    )
    original = photo(640, 480)
    assert picture.digest == digest_of(original)
    assert original not in [path.read_bytes() for path in folder.rglob("*.*") if path.is_file()]
    assert read_rendition(picture.key, 200, "webp") == encoded().files[200, "webp"]
    assert folder.stat().st_mode & 0o077 == 0


def test_a_rolled_back_picture_leaves_nothing(folder: Path) -> None:
    with pytest.raises(Interrupted), unit_of_work() as session:
        a_picture(session)
        assert len(files_in(folder)) == 10
        raise Interrupted
    assert files_in(folder) == []


def test_an_erased_picture_loses_its_files_with_the_commit_only(folder: Path) -> None:
    picture = kept()
    with pytest.raises(Interrupted), unit_of_work() as session:
        erase(session, session.merge(picture))
        raise Interrupted
    assert len(files_in(folder)) == 9
    with unit_of_work() as session:
        erase(session, session.merge(picture))
        assert len(files_in(folder)) == 10
    assert files_in(folder) == []
    assert db.session.execute(sa.select(Picture)).first() is None


def test_a_picture_kept_and_erased_at_once_leaves_nothing(folder: Path) -> None:
    with unit_of_work() as session:
        erase(session, a_picture(session))
    assert files_in(folder) == []
    with pytest.raises(Interrupted), unit_of_work() as session:
        erase(session, a_picture(session))
        raise Interrupted
    assert files_in(folder) == []


def test_a_savepoint_ends_nothing(folder: Path) -> None:
    with pytest.raises(Interrupted), unit_of_work() as session:
        with session.begin_nested():
            a_picture(session)
        assert len(files_in(folder)) == 10
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            raise ZeroDivisionError
        assert len(files_in(folder)) == 10
        raise Interrupted
    assert files_in(folder) == []


def test_pictures_are_found_by_their_owner_alone(app: Flask) -> None:
    first, second = kept(), kept()
    session = db.session()
    assert find_same(session, "producer:1", first.digest) is None
    same = find_same(session, OWNER, first.digest)
    assert same is not None
    assert same.id == second.id
    assert find_same(session, "producer:1", first.digest) is None
    assert find_same(session, OWNER, digest_of(b"another")) is None


def test_templates_get_every_form_best_first(app: Flask) -> None:
    picture = kept()
    sources = picture_sources(picture)
    assert [kind for kind, _ in sources.srcsets] == ["image/avif", "image/webp", "image/jpeg"]
    assert sources.srcsets[1][1] == ", ".join(
        f"/anh/{picture.key}-{width}.webp {width}w" for width in (200, 400, 640)
    )
    assert sources.src == f"/anh/{picture.key}-400.jpg"
    assert picture_url(picture) == f"/anh/{picture.key}-640.jpg"
    small = Picture(key="k" * 22, width=120, height=90, sizes=[120])
    assert picture_sources(small).src == f"/anh/{'k' * 22}-120.jpg"


def test_what_a_crash_left_behind_is_settled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies runs no event: the marks tell the worker what was under way."""
    living, erased = kept(), kept()
    with monkeypatch.context() as dying:
        dying.setattr(media_store.Store, "remove", lambda self, key: None)
        dying.setattr(media_store, "_keep_for_good", lambda place, key: None)
        kept_unsettled = kept()
        with unit_of_work() as session:
            erase(session, session.merge(erased))
        with pytest.raises(Interrupted), unit_of_work() as session:
            a_picture(session)
            raise Interrupted
    assert len(list((folder / "unsettled").iterdir())) == 3
    assert len([name for name in files_in(folder) if "." in name]) == 4 * 9
    assert settle_pictures() == 0
    for mark in (folder / "unsettled").iterdir():
        os.utime(mark, (time.time() - 4000, time.time() - 4000))
    (folder / "unsettled" / "not-a-mark").touch()
    os.utime(folder / "unsettled" / "not-a-mark", (0, 0))
    assert settle_pictures() == 3
    assert {name[:22] for name in files_in(folder)} == {living.key, kept_unsettled.key, "not-a-mark"}
    assert settle_pictures() == 0


def test_settling_is_a_duty_of_the_worker(app: Flask) -> None:
    assert settle_pictures in [duty.do for duty in DUTIES]
    assert settle_pictures() == 0


def test_a_folder_without_anything_has_no_pictures(app: Flask, folder: Path) -> None:
    assert read_rendition("a" * 22, 200, "jpg") is None
    folder.mkdir()
    (folder / "aa").touch()
    assert read_rendition("a" * 22, 200, "jpg") is None


def test_two_files_of_one_name_cannot_be(app: Flask) -> None:
    with unit_of_work() as session:
        keys = {keep(session, encoded(), OWNER, clock.now()).key for _ in range(5)}
    assert len(keys) == 5
