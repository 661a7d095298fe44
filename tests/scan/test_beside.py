"""The pages beside a trace page: chain, map, papers, addresses elsewhere, reports."""

import hashlib
import re
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from marketplace.catalogue.report_models import Report
from marketplace.database import db, unit_of_work
from marketplace.traceability.lots.models import ExternalReference, LotPaper, MeasureUnit, Portal
from tests.factories.lots import a_paper, a_zone, an_event, from_zone
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer
from tests.factories.scans import Packs, certified_product, some_packs
from tests.pages import visit

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
EVENT = re.compile(r"^----- (\d+)\n(.*?)^----- sha256 ([0-9a-f]{64})$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def packs(app: object) -> Packs:
    with unit_of_work() as session:
        province = make_province(session, code="42", lat=18.34, lon=105.9)
        commune = make_commune(session, "Hương Đô", province, lat=18.15, lon=105.75)
        maker = a_producer(session)
        zone = a_zone(session, maker, "Đồi cam", province_id=province.id, commune_id=commune.id)
        far = a_zone(session, maker, "Vườn xa")
        product = certified_product(session, producer=maker)
        packs = some_packs(session, product, events=5, inputs=(from_zone(zone), from_zone(far)))
        an_event(
            session, packs.lot, hours=9, words="Cất\nkho", quantity=Decimal("1.5"), uom=MeasureUnit.KILOGRAM
        )
        a_paper(session, packs.lot)
    return packs


def test_anybody_recomputes_the_chain_from_its_page(packs: Packs, client: FlaskClient) -> None:
    text = client.get(f"/truy-xuat/chuoi{packs.lot_path}").text
    found = EVENT.findall(text)
    assert [int(position) for position, *_ in found] == [1, 2, 3, 4, 5, 6]
    previous = None
    for _, said, told in found:
        assert hashlib.sha256(said.encode()).hexdigest() == told
        assert (f"previous: {previous}\n" in said) is (previous is not None)
        previous = told


def test_a_chain_belongs_to_a_lot(packs: Packs, client: FlaskClient) -> None:
    for path in (packs.code.product_code.path, "/t/khong-co/10/A", "/01/1/10/A", "/x/y", "/t/"):
        assert client.get(f"/truy-xuat/chuoi{path}").status_code == 404
        assert client.get(f"/truy-xuat/ban-do{path}").status_code == 404


def test_the_map_shows_zones_and_both_archipelagos(packs: Packs, client: FlaskClient) -> None:
    page = visit(client, packs.lot_path)
    picture = page.one("img.zmap")
    assert "Đồi cam" in str(picture["alt"])
    assert "Vườn xa" not in str(picture["alt"])
    for address in (str(picture["src"]), str(page.one("picture source")["srcset"])):
        drawn = client.get(address)
        assert drawn.headers["Content-Type"].startswith("image/svg+xml")
        assert "Hoàng Sa" in drawn.text
        assert "Trường Sa" in drawn.text
        assert "style" not in drawn.text


def test_a_lot_of_no_known_place_has_no_map(app: object, client: FlaskClient) -> None:
    with unit_of_work() as session:
        packs = some_packs(session)
    assert not visit(client, packs.lot_path).soup.select("picture")
    assert client.get(f"/truy-xuat/ban-do{packs.lot_path}").status_code == 404


def test_a_paper_is_handed_out_and_never_run(packs: Packs, client: FlaskClient) -> None:
    [address] = [link for link in visit(client, packs.lot_path).links() if link.endswith(".pdf")]
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_document_of_no_lot_is_not_there(packs: Packs, client: FlaskClient) -> None:
    [address] = [link for link in visit(client, packs.lot_path).links() if link.endswith(".pdf")]
    with unit_of_work() as session:
        session.execute(sa.delete(LotPaper))
    assert client.get(address).status_code == 404
    assert client.get(f"/truy-xuat/giay/{'x' * 22}.pdf").status_code == 404


def a_reference(packs: Packs, url: str | None) -> int:
    with unit_of_work() as session:
        reference = ExternalReference(
            product_id=packs.product.id, portal=Portal.OTHER, reference="A-1", url=url
        )
        session.add(reference)
        session.flush()
        return reference.id


def test_nobody_is_led_elsewhere_unasked(packs: Packs, client: FlaskClient) -> None:
    reference = a_reference(packs, "https://cong.example.vn/tra?ma=1&x=<b>")
    page = visit(client, packs.lot_path)
    assert f"/truy-xuat/ra-ngoai/{reference}" in page.links()
    between = visit(client, f"/truy-xuat/ra-ngoai/{reference}")
    assert between.heading == "Bạn sắp rời chợ"
    [link] = between.soup.select('main a[href^="https://cong.example.vn"]')
    assert {"nofollow", "noopener", "noreferrer"} <= set(link["rel"])
    assert "https://cong.example.vn/tra?ma=1&x=<b>" in between.words


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_what_is_no_address_on_the_web_has_no_page(
    url: str | None, packs: Packs, client: FlaskClient
) -> None:
    reference = a_reference(packs, url)
    assert not [link for link in visit(client, packs.lot_path).links() if "ra-ngoai" in link]
    assert client.get(f"/truy-xuat/ra-ngoai/{reference}").status_code == 404
    assert client.get("/truy-xuat/ra-ngoai/999999").status_code == 404


def reports() -> list[Report]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Report)))


def told(code: str) -> dict[str, str]:
    return {"ma": code, "viec": "fake", "loi": "Tem trên gói này mờ lắm."}


def test_a_pack_is_reported_from_its_page(packs: Packs, client: FlaskClient) -> None:
    path = packs.path()
    [link] = [link for link in visit(client, path).links() if link.startswith("/bao-cao")]
    form = visit(client, link)
    assert form.one('input[name="ma"]')["value"] == path
    assert form.one('input[value="fake"]').has_attr("checked")
    assert "Cam Khe Mây" in form.words
    assert client.post("/bao-cao", data=told(path), headers=SAME_ORIGIN).status_code == 200
    [report] = reports()
    assert (report.product_id, report.code) == (packs.product.id, path)


@pytest.mark.parametrize("code", ["/t/khong-co", "/01/9521234543214", "ma-la-<b>"])
def test_a_code_that_nobody_knows_is_reported_too(code: str, packs: Packs, client: FlaskClient) -> None:
    assert client.get("/bao-cao", query_string={"ma": code}).status_code == 200
    answer = client.post("/bao-cao", data=told(code), headers=SAME_ORIGIN)
    assert answer.status_code == 200
    [report] = reports()
    assert (report.product_id, report.producer_id, report.code) == (None, None, code)
    assert "ma-la-<b>" not in answer.text


def test_an_unknown_code_leads_to_the_form(packs: Packs, client: FlaskClient) -> None:
    [link] = [link for link in visit(client, "/t/khong-co", 404).links() if link.startswith("/bao-cao")]
    assert visit(client, link).one('input[name="ma"]')["value"] == "/t/khong-co"
