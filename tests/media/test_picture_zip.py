import io
import stat
import struct
import zipfile
from collections.abc import Mapping

import pytest

from marketplace.media import picture_zip
from marketplace.media.errors import (
    ArchiveBomb,
    ArchiveDamaged,
    ArchiveEntryRefused,
    ArchiveRefused,
    ArchiveTooLarge,
    ArchiveTooMany,
    PictureTooLarge,
)
from marketplace.media.limits import MAX_BYTES
from marketplace.media.picture_zip import pictures_in
from marketplace.media.pictures import encode
from tests.factories.media import photo


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as writing:
        for name, content in files.items():
            writing.writestr(name, content)
    return archive.getvalue()


def refused(content: bytes, why: type[ArchiveRefused]) -> str:
    with pytest.raises(why) as caught:
        list(pictures_in(content, "ảnh.zip"))
    name: str = caught.value.parameters["name"]
    return name


def test_pictures_come_by_their_bare_name() -> None:
    one, other = photo(100, 100), photo(200, 100)
    files = {"a/mật ong.jpg": one, "b/cam.jpg": other, "__MACOSX/a/._mật ong.jpg": b"x", "a/.DS_Store": b"x"}
    assert dict(pictures_in(packed(files))) == {"mật ong.jpg": one, "cam.jpg": other}


def test_names_of_old_archivers_are_read_as_utf_8() -> None:
    content = packed({"mật ong.jpg": b"x", "\u0111\u01b0\u1eddng.jpg": b"y"})
    said_nothing = bytearray(content)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = content.find(sign)
        while found >= 0:
            (flags,) = struct.unpack_from("<H", content, found + at)
            struct.pack_into("<H", said_nothing, found + at, flags & ~0x800)
            found = content.find(sign, found + 4)
    assert [name for name, _ in pictures_in(bytes(said_nothing))] == ["mật ong.jpg", "đường.jpg"]


def test_a_name_in_no_known_spelling_is_taken_as_it_stands() -> None:
    content = packed({"cafXX.jpg": b"x"}).replace(b"cafXX", b"caf\x82\x81")
    assert [name for name, _ in pictures_in(content)] == ["caféü.jpg"]


def test_decomposed_names_are_composed() -> None:
    assert [name for name, _ in pictures_in(packed({"ma\u0302\u0323t.jpg": b"x"}))] == ["mật.jpg"]


@pytest.mark.parametrize(
    "name", ["../a.jpg", "/etc/a.jpg", "a/../../b.jpg", "..\\a.jpg", "C:a.jpg", "a\u202egpj.exe", "a\x07.jpg"]
)
def test_names_that_lead_astray_are_refused(name: str) -> None:
    assert refused(packed({name: b"x"}), ArchiveEntryRefused)


def test_links_nested_archives_and_doubles_are_refused() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        link = zipfile.ZipInfo("a.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        writing.writestr(link, "/etc/passwd")
    assert refused(archive.getvalue(), ArchiveEntryRefused) == "a.jpg"
    assert refused(packed({"b.jpg": packed({"c.jpg": b"x"})}), ArchiveEntryRefused) == "b.jpg"
    assert refused(packed({"1/c.jpg": b"x", "2/C.JPG": b"y"}), ArchiveEntryRefused) == "2/C.JPG"


def test_bombs_are_refused_by_what_they_claim_and_by_what_they_are() -> None:
    assert refused(packed({"a.jpg": bytes(30_000_000)}), ArchiveBomb) == "a.jpg"
    lying = bytearray(packed({"a.jpg": bytes(30_000_000)}))
    directory = lying.rfind(b"PK\x01\x02")
    struct.pack_into("<I", lying, directory + 24, 900_000)
    assert refused(bytes(lying), ArchiveDamaged) == "a.jpg"


def test_all_files_together_may_not_be_much_larger_than_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_zip, "MAX_UNPACKED", 3_000)
    content = packed({f"{n}.jpg": bytes(1_000) for n in range(4)})
    assert refused(content, ArchiveBomb) == "ảnh.zip"
    monkeypatch.setattr(picture_zip, "_judge", lambda entries, name: None)
    assert refused(content, ArchiveBomb) == "3.jpg"


def test_too_many_files_are_refused_before_they_are_counted() -> None:
    assert refused(packed({f"{n}.jpg": b"x" for n in range(501)}), ArchiveTooMany) == "ảnh.zip"
    assert refused(packed({f"{n}.jpg": b"x" for n in range(2_000)}), ArchiveTooMany) == "ảnh.zip"
    long = packed({f"{n}{'x' * 60_000}.jpg": b"x" for n in range(20)})
    assert refused(long, ArchiveTooMany) == "ảnh.zip"


def test_what_is_no_sound_archive_is_refused() -> None:
    sound = packed({"a.jpg": photo(300, 300)})
    broken = bytearray(sound)
    broken[60:90] = bytes(30)
    locked = bytearray(sound)
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    strange = packed({"a.jpg": b"x" * 99}, zipfile.ZIP_LZMA)
    for content in (b"", b"PK\x05\x06", photo(), bytes(broken), bytes(locked), strange, sound[:-40]):
        refused(content, ArchiveDamaged)
    headless = bytearray(sound)
    headless[headless.rfind(b"PK\x01\x02")] = 0
    refused(bytes(headless), ArchiveDamaged)


def test_an_archive_has_a_size_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_zip, "MAX_ZIP_BYTES", 100)
    assert refused(packed({"a.jpg": bytes(500)}, zipfile.ZIP_STORED), ArchiveTooLarge) == "ảnh.zip"


def test_a_large_picture_is_left_to_encode() -> None:
    content = packed({"lon.jpg": b"\xff\xd8\xff" + b"x" * (MAX_BYTES + 50)}, zipfile.ZIP_STORED)
    [(name, read)] = pictures_in(content)
    assert len(read) == MAX_BYTES + 1
    with pytest.raises(PictureTooLarge) as caught:
        encode(read, name)
    assert caught.value.parameters["name"] == "lon.jpg"
