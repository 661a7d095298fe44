"""Documents as Chromium prints them: alone on white A4, whole, with their head, end and page numbers."""

import re
import unicodedata
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import ImageOps
from playwright.sync_api import Page

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.decisions.from_results import draft_from_session
from marketplace.certification.decisions.paper_models import PaperKind
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.certification.oversight.grounds import Grounds
from marketplace.certification.oversight.revocations import draft_revocation
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from tests.factories import accounts
from tests.factories.decisions import a_held_session
from tests.factories.dossiers import a_dossier, a_dossier_product
from tests.journeys import test_workspace
from tests.journeys.test_workspace import Market

market = test_workspace.market
OFFICE = "/van-phong"
NATION, MOTTO = "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc"
A4_TEXT = 624
"""How many pixels wide the text of a page of A4 is between margins of 30 and 15 mm."""
MARGIN = 20
"""Points at each edge that stay white."""
MOST_TINT = 24
"""How far the channels of a pixel lie apart at most: letters are smoothed, not coloured."""
EXTRA = 90
"""How many letters a page has at most beside the document's own: its number, heads of tables again."""
MANY, FEW = 14, 3
"""How many dossiers the council's session brought to stars, and how many it did not."""


@dataclass(frozen=True)
class Paper:
    """A document: how many pages it takes at least and at most, and what stands at its end."""

    pages: tuple[int, int]
    end: str


PAPERS = {
    "minutes": Paper((2, 5), "Mã kiểm của nội dung (SHA-256):"),
    "decision": Paper((2, 3), "Lưu: VT."),
    "notice": Paper((1, 1), "Lưu: VT."),
    "revocation": Paper((1, 1), "Lưu: VT."),
    "report": Paper((2, 3), "Thủ trưởng đơn vị"),
    "form 01": Paper((1, 2), "(Ký, đóng dấu và ghi rõ họ tên)"),
    "form 02": Paper((3, 9), "(Ký, họ tên, đóng dấu)"),
    "form 03": Paper((1, 2), "Lập từ hồ sơ"),
}


@pytest.fixture
def papers(market: Market) -> tuple[Market, dict[str, str]]:
    """The market with every document of the programme, and where each is printed."""
    with market.app.app_context():
        with unit_of_work() as session:
            place = session.scalars(
                sa.select(AdminUnit).where(AdminUnit.key == "province-tinh-ha-tinh")
            ).one()
            office = Scope(ScopeKind.ADMIN_UNIT, place.id)
            officer = session.get_one(Person, market.people["officer"])
            actor = accounts.an_actor(officer, (office, Role.PROVINCE_OFFICER))
            paths = write_papers(session, actor)
        db.session.remove()
    return market, paths


def write_papers(session: Any, actor: Actor) -> dict[str, str]:
    """Write a session with its minutes and drafts, a draft to revoke, and a dossier before a province."""
    at = clock.now()
    stars = [4] * MANY + [2] * FEW
    names = [f"Mật ong hoa rừng nguyên chất Vũ Quang đóng chai thuỷ tinh số {number}" for number in range(99)]
    dossiers = [
        a_dossier(session, a_dossier_product(session, name), DossierState.ADVISED, stars=one)
        for name, one in zip(names, stars, strict=False)
    ]
    held = a_held_session(session, *stars, dossiers=dossiers, proposed=True)
    decision = draft_from_session(
        session, actor, held.session, PaperKind.RECOGNITION, frozenset(held.dossiers[:MANY]), at
    )
    notice = draft_from_session(
        session, actor, held.session, PaperKind.NOTICE, frozenset(held.dossiers[MANY:]), at
    )
    certificate = session.scalars(sa.select(Certificate).limit(1)).one()
    grounds = Grounds(
        reason=RevocationReason.MARK_MISUSED,
        words="Kết luận 12/KL-SNNMT: in sao OCOP lên loại hàng chưa được công nhận.",
        concluded_on=date(2026, 11, 10),
    )
    revocation = draft_revocation(session, actor, certificate.id, grounds, at)
    product = a_dossier_product(session, names[-1])
    waiting: Dossier = a_dossier(session, product, DossierState.FORWARDED)
    dossier = f"{OFFICE}/ho-so/{waiting.id}"
    return {
        "minutes": f"{OFFICE}/phien/{held.session}/bien-ban",
        "decision": f"{OFFICE}/quyet-dinh/{decision.id}/ban-in",
        "notice": f"{OFFICE}/quyet-dinh/{notice.id}/ban-in",
        "revocation": f"{OFFICE}/thu-hoi-giay/{revocation.id}/ban-in",
        "report": f"{OFFICE}/bao-cao-nam/2026",
        "form 01": f"{dossier}/mau-01",
        "form 02": f"{dossier}/mau-02",
        "form 03": f"{dossier}/mau-03",
    }


def print_page(page: Page) -> bytes:
    """Return the page as it prints for somebody whose screen is dark."""
    page.emulate_media(color_scheme="dark")
    return page.pdf(prefer_css_page_size=True)


def letters_of(text: str) -> Counter[str]:
    """Return the letters and signs of a text, however its lines are broken."""
    return Counter(re.sub(r"\s", "", unicodedata.normalize("NFC", text)))


def squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def cut_off(page: Page) -> list[str]:
    """Return what is wider than the paper that it stands on, as it prints."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_TEXT, "height": 900})
    wide = """() => [...document.querySelectorAll('article, article *:not(.vh)')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
        .map((one) => one.outerHTML.slice(0, 100))"""
    return list(page.evaluate(wide))


def faults_of_ink(document: pypdfium2.PdfDocument) -> list[str]:
    """Return what on the pages is not black on white, or stands where printers do not reach."""
    faults = []
    for number, sheet in enumerate(document, 1):
        picture = sheet.render(scale=1).to_pil().convert("RGB")
        pixels = [pixel for _count, pixel in picture.getcolors(picture.width * picture.height) or ()]
        if any(max(pixel) - min(pixel) > MOST_TINT for pixel in pixels):
            faults.append(f"page {number} has colours")
        if picture.convert("L").getextrema() != (0, 255):
            faults.append(f"page {number} is not black on white")
        left, top, right, bottom = ImageOps.invert(picture.convert("L")).getbbox() or (0, 0, 0, 0)
        inside = left >= MARGIN and top >= MARGIN and right <= picture.width - MARGIN
        if not inside or bottom > picture.height - MARGIN:
            faults.append(f"page {number} is printed over its margin")
    return faults


def test_every_document_prints_whole_and_alone(papers: tuple[Market, dict[str, str]]) -> None:
    market, paths = papers
    assert set(paths) == set(PAPERS)
    with market.phone("officer") as page:
        for name, path in paths.items():
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(media="null")
            page.goto(path)
            page.emulate_media(media="print")
            words = letters_of(page.locator("article").inner_text())
            words -= letters_of("".join(page.locator("article .vh").all_inner_texts()))
            page.emulate_media(media="null")
            with closing(pypdfium2.PdfDocument(print_page(page))) as document:
                check_print(name, document, words)
            assert cut_off(page) == [], name


def check_print(name: str, document: pypdfium2.PdfDocument, words: Counter[str]) -> None:
    """Check a printed document against the words of its page."""
    paper, texts = PAPERS[name], [squeezed(sheet.get_textpage().get_text_range()) for sheet in document]
    assert paper.pages[0] <= len(document) <= paper.pages[1], name
    for sheet in document:
        assert [round(side * 25.4 / 72) for side in sheet.get_size()] == [210, 297], name
    assert words - letters_of(" ".join(texts)) == Counter(), name
    extra = letters_of(" ".join(texts)) - words
    assert extra.total() <= EXTRA * len(texts), (name, extra)
    assert NATION in texts[0], name
    assert MOTTO in texts[0], name
    assert paper.end in texts[-1], name
    for number, text in enumerate(texts[1:], 2):
        assert text.startswith(f"{number} ") or text.endswith(f" {number}"), (name, text[:40], text[-40:])
    assert faults_of_ink(document) == [], name
