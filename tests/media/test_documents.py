"""Documents: PDFs that only show something are kept as they came, all others are refused by name."""

import contextlib
import os
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.media import store as media_store
from marketplace.media.documents import erase, examine, keep, read_document
from marketplace.media.errors import (
    DocumentActive,
    DocumentDamaged,
    DocumentEmpty,
    DocumentLocked,
    DocumentOfOtherKind,
    DocumentRefused,
    DocumentTooLarge,
)
from marketplace.media.models import Document
from marketplace.media.pictures import owner_of, settle_pictures
from tests.factories.lots import a_pdf
from tests.factories.media import photo
from tests.media.test_pictures import files_in

OWNER = owner_of("producer", 12)
END = b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


class Interrupted(Exception):
    pass


@pytest.fixture
def folder(app: Flask) -> Path:
    settings: Any = app.extensions["settings"]
    return Path(settings.media)


def pdf(*objects: bytes) -> bytes:
    """Return a PDF with these objects, enough of one for whoever looks for names."""
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (n, content) for n, content in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + b"".join(numbered) + END


def stream(content: bytes, facts: bytes = b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode") -> bytes:
    packed = zlib.compress(content)
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (facts, len(packed), packed)


def make_old(folder: Path) -> None:
    """Let the marks of what is under way look as if they were left behind an hour ago."""
    for mark in (folder / "unsettled").glob("*"):
        os.utime(mark, (time.time() - 4000, time.time() - 4000))


def kept(content: bytes | None = None) -> Document:
    with unit_of_work() as session:
        return keep(session, examine(content or a_pdf(), "phiếu.pdf"), OWNER, clock.now())


def test_a_document_is_kept_as_it_came(folder: Path) -> None:
    content = a_pdf()
    document = kept(content)
    assert read_document(document.key) == content
    assert files_in(folder) == [f"{document.key}-0.pdf"]
    found = db.session.get_one(Document, document.id)
    assert (found.name, found.size, found.owner) == ("phiếu.pdf", len(content), OWNER)
    assert examine(content).digest == found.digest
    assert read_document("k" * 22) is None


def test_a_document_without_a_name_gets_one(app: Flask) -> None:
    assert examine(a_pdf()).name == "tai-lieu.pdf"
    assert examine(a_pdf(), "  x" * 99).name.startswith("x x")
    assert len(examine(a_pdf(), "x" * 999).name) == 120


def test_files_follow_the_transaction(folder: Path) -> None:
    with pytest.raises(Interrupted), unit_of_work() as session:
        keep(session, examine(a_pdf()), OWNER, clock.now())
        raise Interrupted
    assert files_in(folder) == []
    document = kept()
    with pytest.raises(Interrupted), unit_of_work() as session:
        erase(session, session.merge(document))
        raise Interrupted
    assert read_document(document.key) is not None
    with unit_of_work() as session:
        erase(session, session.merge(document))
    assert files_in(folder) == []
    assert db.session.execute(sa.select(Document)).first() is None


def test_a_crash_takes_no_living_document_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(media_store, "_keep_for_good", lambda place, key: None)
        document = kept()
    make_old(folder)
    assert settle_pictures() == 1
    assert files_in(folder) == [f"{document.key}-0.pdf"]
    with monkeypatch.context() as dying:
        dying.setattr(media_store.Store, "remove", lambda self, key: None)
        with unit_of_work() as session:
            erase(session, session.merge(document))
    make_old(folder)
    assert settle_pictures() == 1
    assert files_in(folder) == []


def broken_off(content: bytes) -> bytes:
    """Return deflated bytes that can be read to their end, where they break off."""
    packer = zlib.compressobj()
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH) + b"\xff\xff\xff\xff"


def raw(facts: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (facts, len(content), content)


SCRIPT = b"1 0 << /S /JavaScript /JS (app.alert(1)) >>"
IN_HEX = SCRIPT.hex().encode() + b">"
DECOY = stream(b"1 2 3 4 hello", b"/Filter /FlateDecode")
HIDDEN = {
    "in another filter beside a decoy": pdf(
        raw(b"/Type /ObjStm /N 1 /First 4 /Filter /ASCIIHexDecode", IN_HEX), DECOY
    ),
    "in what does not say its type": pdf(raw(b"/N 1 /First 4 /Filter /ASCIIHexDecode", IN_HEX)),
    "under names spelt otherwise": pdf(raw(b"/#4e 1 /F#69rst 4 /Filter /ASCIIHexDecode", IN_HEX)),
    "behind a comment": pdf(raw(b"/N 1 /First 4 % 9 0 obj << >> stream\r /Filter /AHx", IN_HEX)),
    "behind words": pdf(raw(b"/N 1 /X (\\) >> ( stream) 9 0 obj <<) /First 4 /Filter /AHx", IN_HEX)),
    "behind a mark of its beginning that some take": pdf(
        raw(b"/N 1 /First 4 /Filter /AHx", IN_HEX).replace(b"stream\n", b"stream \n", 1)
    ),
    "in two filters": pdf(raw(b"/N 1 /First 4 /Filter [/AHx /FlateDecode]", IN_HEX)),
    "in two filters, the first feigned": pdf(
        stream(b"1 0 x", b"/N 1 /First 4 /Filter /FlateDecode /Filter /AHx")
    ),
    "under a predictor": pdf(
        stream(b"1 0 x", b"/N 1 /First 4 /Filter /FlateDecode /DecodeParms << /Predictor 12 >>")
    ),
    "in an open dictionary": pdf(b"<< /N 1 /First 4 /Filter /AHx\nstream\n" + IN_HEX),
    "in words without an end": pdf(b"<< /N 1 /First 4 /X ( \nstream\n" + IN_HEX),
    "in nothing": pdf(raw(b"/Type /ObjStm /N 1 /First 4", b"1 0 x")),
}

SOUND = {
    "packed objects in a list of one filter": pdf(
        stream(b"12 0 << /Type /Page >>", b"/Type /ObjStm /N 1 /First 5 /Filter [ /FlateDecode ]")
    ),
    "a photograph within": pdf(raw(b"/Subtype /Image /Filter [/ASCIIHexDecode /DCTDecode]", b"ffd8>")),
    "a tree of headings": pdf(b"<< /First 5 0 R /Last 6 0 R /N (a \\( b (c)) /X [<61> 1.5 true] >>"),
    "a drawn one": a_pdf(),
    "an office program's": pdf(b"<< /Type /Catalog /OpenAction [3 0 R /XYZ null null 0] >>"),
    "packed objects": pdf(stream(b"12 0 << /Type /Page >>")),
    "a link to a page": pdf(b"<< /Type /Annot /A << /S /URI /URI (https://example.vn) >> >>"),
    "words about it": pdf(stream(b"BT (JavaScript, Launch) Tj ET", b"/Filter /FlateDecode")),
    "a longer name": pdf(b"<< /LaunchedBy (x) /JavaScripts 1 >>"),
}
ACTIVE = {
    "JavaScript": pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    "JavaScript, spelt otherwise": pdf(b"<< /S /J#61va#53cript /JS (app.alert(1)) >>"),
    "JavaScript, packed": pdf(stream(b"12 0 << /S /JavaScript /JS (app.alert(1)) >>")),
    "JavaScript, packed and spelt otherwise": pdf(stream(b"12 0 << /S/Java#53cript/JS 5 0 R >>")),
    "JavaScript, packed and broken off": pdf(
        raw(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", broken_off(b"1 0 " + bytes(99) + SCRIPT))
    ),
    "JavaScript, in what says it is no packed object": pdf(
        stream(b"12 0 << /S /JavaScript >>", b"/Type /X /Filter /FlateDecode")
    ),
    "Launch": pdf(b"<< /S /Launch /F (cmd.exe) >>"),
    "EmbeddedFile": pdf(b"<< /Type /EmbeddedFile /Length 0 >>"),
    "EmbeddedFiles": pdf(b"<< /Names << /EmbeddedFiles 7 0 R >> >>"),
    "OpenAction": pdf(b"<< /Type /Catalog /OpenAction 7 0 R >>"),
    "OpenAction, at once": pdf(b"<< /Type /Catalog /OpenAction<< /S /URI /URI (https://x.vn) >> >>"),
    "OpenAction, spelt otherwise": pdf(b"<< /Open#41ction 7 0 R >>"),
    "SubmitForm": pdf(b"<< /S /SubmitForm /F (https://x.vn) >>"),
    "ImportData": pdf(b"<< /S /ImportData >>"),
    "RichMedia": pdf(b"<< /Subtype /RichMedia >>"),
    "XFA": pdf(b"<< /AcroForm << /XFA [(a) 7 0 R] >> >>"),
    "GoToE": pdf(b"<< /S /GoToE >>"),
    "Launch, after a feigned stream": pdf(b"(stream\n) << /S /Launch >> endstream"),
}
OTHERS: dict[str, tuple[bytes, type[DocumentRefused]]] = {
    "nothing": (b"", DocumentEmpty),
    "6 MB": (a_pdf() + bytes(5_000_000), DocumentTooLarge),
    "a photograph": (photo(), DocumentOfOtherKind),
    "a page": (b"<!doctype html><script>1</script>%PDF-1.7", DocumentOfOtherKind),
    "a page in front": (b"<html>" + a_pdf(), DocumentOfOtherKind),
    "a version nobody knows": (b"%PDF-9.9\n" + a_pdf(), DocumentOfOtherKind),
    "half of it": (a_pdf()[:-40], DocumentDamaged),
    "something behind it": (a_pdf() + b"PK\x03\x04" + bytes(4_000), DocumentDamaged),
    "a password": (pdf(b"<< /Encrypt 9 0 R >>"), DocumentLocked),
    "a password, spelt otherwise": (pdf(b"<< /#45ncrypt 9 0 R >>"), DocumentLocked),
    "objects packed otherwise": (
        pdf(b"<< /Type /ObjStm /Filter /LZWDecode >>\nstream\n\x80\x0b\nendstream"),
        DocumentDamaged,
    ),
    "broken packed objects": (
        pdf(b"<< /Type /Obj#53tm /Filter /FlateDecode >>\nstream\nxx\nendstream"),
        DocumentDamaged,
    ),
    "a bomb": (pdf(stream(b"12 0 " + bytes(31_000_000))), DocumentDamaged),
}


@pytest.mark.parametrize("content", SOUND.values(), ids=SOUND.keys())
def test_what_only_shows_something_is_taken(content: bytes) -> None:
    assert examine(content, "a.pdf").content == content


@pytest.mark.parametrize(("name", "content"), ACTIVE.items(), ids=ACTIVE.keys())
def test_what_does_something_is_refused_by_its_name(name: str, content: bytes) -> None:
    with pytest.raises(DocumentActive) as refusal:
        examine(content, "a.pdf")
    assert refusal.value.parameters == {"name": "a.pdf", "what": name.split(",", maxsplit=1)[0]}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN.keys())
def test_nothing_hides_in_what_is_not_looked_into(content: bytes) -> None:
    with pytest.raises(DocumentDamaged):
        examine(content)


def test_packed_objects_that_break_off_are_refused_whatever_they_say() -> None:
    facts = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    with pytest.raises(DocumentDamaged):
        examine(pdf(raw(facts, broken_off(b"1 0 << /Type /Page >>" + bytes(99)))))


@pytest.mark.parametrize(("content", "refusal"), OTHERS.values(), ids=OTHERS.keys())
def test_other_files_are_refused(content: bytes, refusal: type[DocumentRefused]) -> None:
    with pytest.raises(refusal) as refused:
        examine(content)
    assert type(refused.value) is refusal
    assert refused.value.parameters["name"] == "—"


WORST = {
    "dictionaries in dictionaries": b"obj<<" * 900_000,
    "comments": b"obj<<%" * 800_000,
    "words": b"obj<<(" * 800_000,
    "words that end": b"obj<<()" * 700_000,
    "spaces behind objects": b"obj" + b" " * 2_000 + (b"obj<<" + b" " * 900) * 5_000,
    "streams of objects": (b"obj<<>>stream\n" + zlib.compress(b"1 2 " * 9)) * 140_000,
    "streams that never end": b"stream\n" * 700_000,
    "ends of streams": b"endstream\n" * 490_000,
    "names": b"/OpenAction [" * 370_000,
    "spaces": b"/OpenAction" + b" " * 4_800_000,
    "hidden letters": b"/#4aava" * 700_000,
    "packed objects": (b"stream\n" + zlib.compress(b"1 2 " * 9)) * 190_000,
}


@pytest.mark.parametrize("body", WORST.values(), ids=WORST.keys())
def test_looking_through_the_worst_takes_a_moment(body: bytes) -> None:
    """What would take a time that grows with the square takes hours here; this takes a second or two."""
    begun = time.process_time()
    with contextlib.suppress(DocumentRefused):
        examine(b"%PDF-1.7\n" + body[:4_900_000] + END)
    assert time.process_time() - begun < 20
