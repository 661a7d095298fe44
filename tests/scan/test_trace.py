"""What a person with a pack in hand is told, in each state."""

import base64
import hashlib
import json
import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.catalogue.actions import suspend_product, withdraw_product
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.models import RevocationReason
from marketplace.database import unit_of_work
from marketplace.scan.verdict import Verdict
from marketplace.scan.words import ANSWERS, UNREADABLE
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate, a_decision
from tests.factories.producers import a_producer
from tests.pages import Visited, visit

GTIN = "09521234543213"
PROMISES = re.compile("chính hãng|hàng thật|hàng chuẩn|genuine|authentic|100 ?%", re.IGNORECASE)
DISCLAIMER = "không chứng minh món hàng bạn đang cầm là thật"


def certified(session: Session, **facts: Any) -> Product:
    product = a_product(session, "Cam Khe Mây", producer=a_producer(session), **facts)
    a_certificate(session, product, 4, decision=a_decision(session))
    return product


def code_of(**facts: Any) -> str:
    with unit_of_work() as session:
        return certified(session, **facts).trace_token


def answer(page: Visited) -> tuple[str, bool]:
    """Return the heading and whether the page opens in green."""
    return page.heading, "warn" not in page.one(".verdict")["class"]


def test_a_living_certificate_opens_in_green(client: FlaskClient) -> None:
    page = visit(client, f"/t/{code_of()}")
    assert answer(page) == ("Đúng mã sản phẩm", True)
    words = page.words
    for fact in ("4 sao OCOP", "2919/QĐ-UBND", "05/08/2028", "HTX Cam Khe Mây"):
        assert fact in words


def test_the_last_day_counts_and_the_next_has_no_plate(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        a_certificate(session, product, 3, issued_on=date(2023, 11, 21))
        late = a_product(session, "Mật ong")
        a_certificate(session, late, 3, issued_on=date(2023, 11, 20))
    assert answer(visit(client, f"/t/{product.trace_token}"))[1] is True
    page = visit(client, f"/t/{late.trace_token}")
    assert answer(page) == ("Chứng nhận đã hết hạn", False)
    assert not page.soup.find_all(class_="plate")
    assert "3 sao, đã hết" in page.words


def test_a_revoked_certificate_is_the_gravest_news(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = a_product(session)
        certificate = a_certificate(session, product, 4)
        revoke_certificate(session, certificate, RevocationReason.MARK_MISUSED, date(2026, 11, 21))
    page = visit(client, f"/t/{product.trace_token}/10/L24")
    assert answer(page) == ("Chứng nhận bị thu hồi", False)
    assert not page.soup.find_all(class_="plate")


def test_undated_and_missing_certificates_are_told_apart(client: FlaskClient) -> None:
    with unit_of_work() as session:
        undated, bare = a_product(session, "Rượu sim"), a_product(session, "Gạo đỏ")
        a_certificate(session, undated, 4, issued_on=None)
    assert answer(visit(client, f"/t/{undated.trace_token}")) == ("Chưa rõ chứng nhận", False)
    assert answer(visit(client, f"/t/{bare.trace_token}")) == ("Chưa có chứng nhận", False)


@pytest.mark.parametrize("qualifiers", ["/10/L24", "/21/0137", "/22/A/10/L24/21/0137"])
def test_of_a_lot_or_serial_nothing_is_known_yet(client: FlaskClient, qualifiers: str) -> None:
    page = visit(client, f"/t/{code_of()}{qualifiers}")
    assert answer(page) == ("Chưa có dữ liệu lô", False)


def test_codes_of_products_off_view_still_answer(client: FlaskClient) -> None:
    with unit_of_work() as session:
        suspended, withdrawn = certified(session), a_product(session, "Mật ong")
        a_variant(session, suspended)
        suspend_product(session, suspended)
        withdraw_product(session, withdrawn)
        draft = a_product(session, "Nháp", publication=Publication.DRAFT)
    page = visit(client, f"/t/{suspended.trace_token}")
    assert answer(page) == ("Sản phẩm tạm ngừng", False)
    assert not page.soup.select('a[href^="/san-pham/"]')
    assert answer(visit(client, f"/t/{withdrawn.trace_token}"))[0] == "Sản phẩm đã rút"
    assert answer(visit(client, f"/t/{draft.trace_token}", 404))[0] == "Không biết mã này"


def test_no_page_ever_says_that_goods_are_genuine(client: FlaskClient) -> None:
    code = f"/t/{code_of()}"
    for path, status in ((code, 200), (f"{code}/10/L1", 200), ("/t", 200), ("/01/12345678", 400)):
        assert not PROMISES.search(visit(client, path, status).words)
        assert not PROMISES.search(visit(client, f"/en{path}", status).words)
    assert DISCLAIMER in visit(client, code).words


@pytest.mark.usefixtures("app")
def test_headings_are_short() -> None:
    assert set(ANSWERS) == set(Verdict)
    for words in (*ANSWERS.values(), *UNREADABLE.values()):
        assert len(str(words.heading)) <= 24
        assert not PROMISES.search(f"{words.heading} {words.sentence}")


def test_a_gtin_of_any_length_leads_to_the_canonical_address(client: FlaskClient) -> None:
    code_of(gtin=GTIN)
    moved = client.get("/01/9521234543213/10/A%2FB?17=261231")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/01/{GTIN}/10/A%2FB?17=261231")
    assert answer(visit(client, moved.headers["Location"]))[0] == "Chưa có dữ liệu lô"
    assert client.get("/en/01/9521234543213").headers["Location"] == f"/en/01/{GTIN}"
    assert client.get(f"/01/{GTIN}/").headers["Location"] == f"/01/{GTIN}"


def test_a_token_printed_in_capitals_of_the_path_is_led_on(client: FlaskClient) -> None:
    token = code_of()
    assert client.get(f"/T/{token}/10/L1").headers["Location"] == f"/t/{token}/10/L1"


def test_a_sample_gtin_says_so_and_programs_get_the_digital_link(client: FlaskClient) -> None:
    code_of(gtin=GTIN)
    page = visit(client, f"/01/{GTIN}/10/L1")
    assert "Mã mẫu" in page.words
    script = page.soup.find("script", type="application/ld+json")
    assert script is not None
    told = json.loads(script.text)
    assert told["gtin"] == GTIN
    assert told["hasGS1DigitalLink"].endswith(f"/01/{GTIN}")
    [canonical] = page.soup.select('link[rel="canonical"]')
    assert str(canonical["href"]).endswith(f"/01/{GTIN}")


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/01/9521234543214", 400, "Mã sai số kiểm tra"),
        ("/01/123", 400, "Mã sai độ dài"),
        ("/01/abc", 400, "Không đọc được mã"),
        ("/t/khong-co", 404, "Không biết mã này"),
        (f"/01/{GTIN}", 404, "Không biết mã này"),
    ],
)
def test_a_bad_code_is_explained_with_ways_on(
    client: FlaskClient, path: str, status: int, heading: str
) -> None:
    page = visit(client, path, status)
    assert answer(page) == (heading, False)
    assert page.soup.select('form[action="/t"] input[name="ma"]')
    assert page.soup.select('a[href^="mailto:"]')
    assert page.soup.select('a[href="/san-pham"]')


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("9521234543213", "/01/9521234543213"),
        ("0952 1234 5432 13", f"/01/{GTIN}"),
        ("aB-9_x", "/t/aB-9_x"),
        ("a/b", "/t/a%2Fb"),
    ],
)
def test_a_typed_code_leads_to_its_page(client: FlaskClient, typed: str, path: str) -> None:
    moved = client.get("/t", query_string={"ma": typed})
    assert (moved.status_code, moved.headers["Location"]) == (303, path)


def test_a_typed_code_of_spaces_asks_again(client: FlaskClient) -> None:
    assert visit(client, "/t?ma=%20").soup.h1 is not None


def test_the_style_within_is_allowed_by_its_hash_on_kept_copies_too(client: FlaskClient) -> None:
    path = f"/t/{code_of()}"
    for _visit in range(2):
        g.pop("style_hash", None)  # the context of the tests outlives a request
        response = client.get(path)
        soup = BeautifulSoup(response.text, "html.parser")
        assert soup.style is not None
        digest = base64.b64encode(hashlib.sha256(soup.style.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]
        assert not soup.select("link[rel=stylesheet], link[rel=preload]")
    kept = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert kept.status_code == 304


def test_hostile_codes_are_written_as_text(client: FlaskClient, app: Flask) -> None:
    page = visit(client, "/t/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 400)
    assert page.soup.select("script") == page.soup.select("script[src]")
    assert "<script>alert(1)" in page.words
