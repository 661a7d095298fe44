"""What public pages show of a listing, and that they show nothing of it before and after."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.listing_content import describe_listing
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.listings import pause_listing, start_listing
from marketplace.catalogue.models import Product, Publication, Variant
from marketplace.database import unit_of_work
from marketplace.jobs import do_all
from marketplace.ordering.stock import receive
from marketplace.search.actions import rebuild
from marketplace.search.gathering import count_products
from tests.factories.catalogue import a_pack
from tests.factories.listings import (
    a_certified_product,
    a_listing,
    a_live_listing,
    a_picture,
    producer_of,
    the_owner,
)
from tests.factories.producers import a_producer
from tests.pages import visit
from tests.storefront.pages import OWN_PAGE

SECRET = "Vườn trên dốc đá, hái tay từ bốn giờ sáng"


def told(app: Flask, *, live: bool = True) -> Product:
    """Write a product with a listing that says all it can."""
    with unit_of_work() as session:
        product = a_certified_product(session)
        product.ingredients, product.labels = "Cam 100%", "Công bố số 7/2026"
        owner = the_owner(producer_of(session, product))
        packs = [a_pack(price=52_000, name="Túi lưới 1 kg")]
        listing = (a_live_listing if live else a_listing)(session, product, packs)
        describe_listing(
            session,
            listing,
            version=listing.version,
            actor=owner,
            at=clock.now(),
            description=f"{SECRET}.\n\nNgọt <b>thanh</b>.",
            usage_note="Ăn tươi",
            storage_note="Để nơi mát",
            shelf_life_days=20,
        )
    return product


def test_the_page_shows_words_pictures_and_facts(app: Flask, client: FlaskClient) -> None:
    product = told(app)
    page = visit(client, f"/san-pham/{product.slug}")
    paragraphs = page.texts("section.sec p")
    assert f"{SECRET}." in paragraphs
    assert "Ngọt <b>thanh</b>." in paragraphs
    facts = dict(zip(page.texts("dl.kv dt"), page.texts("dl.kv dd"), strict=True))
    assert (facts["Thành phần"], facts["Ghi trên nhãn"]) == ("Cam 100%", "Công bố số 7/2026")
    assert (facts["Cách dùng"], facts["Bảo quản"]) == ("Ăn tươi", "Để nơi mát")
    assert facts["Hạn dùng"] == "20 ngày kể từ ngày sản xuất"
    hero, label = page.one(".hero-art picture img"), page.one(".g3 picture img")
    assert (hero["alt"], hero["fetchpriority"], hero["width"]) == ("Mặt trước", "high", "1200")
    assert (label["alt"], label["loading"]) == ("Nhãn và hạn dùng", "lazy")
    assert page.soup.select_one('.hero-art source[type="image/avif"]') is not None


def test_machines_are_told_of_every_picture(app: Flask, client: FlaskClient) -> None:
    product = told(app)
    thing = visit(client, f"/san-pham/{product.slug}").thing("Product")
    assert thing["description"].startswith(SECRET)
    assert len(thing["image"]) == 2
    site = thing["@id"].removesuffix(f"/san-pham/{product.slug}")
    assert all(image.startswith(f"{site}/anh/") for image in thing["image"])
    assert all(image.endswith("-1200.jpg") for image in thing["image"])


def test_cards_and_cart_show_the_cover_in_small_widths(app: Flask, client: FlaskClient) -> None:
    product = told(app)
    page = visit(client, "/san-pham")
    image = page.one(".card .art picture img")
    assert str(image["src"]).endswith("-400.jpg")
    assert "800w" not in str(page.one(".card .art"))
    assert image["alt"] == ""
    with unit_of_work() as session:
        variant = session.scalars(sa.select(Variant).where(Variant.product_id == product.id)).one()
        receive(session, variant.id, 5, "nhập kho", clock.now())
    client.post("/gio-hang", data={"variant_id": variant.id, "quantity": 1}, headers=OWN_PAGE)
    cart = visit(client, "/gio-hang", statements=None)
    assert cart.one(".line img")["src"] == image["src"]


def test_a_small_picture_has_the_widths_it_has(app: Flask, client: FlaskClient) -> None:
    product = told(app)
    with unit_of_work() as session:
        found = session.get_one(Product, product.id)
        narrow = a_picture(session, producer_of(session, found), width=640, sizes=[640])
        found.cover_id = narrow.id
    assert str(visit(client, "/san-pham").one(".card img")["src"]).endswith(f"{narrow.key}-640.jpg")


@pytest.mark.parametrize("paused", [False, True])
def test_nothing_of_a_listing_that_is_not_live_is_seen(app: Flask, client: FlaskClient, paused: bool) -> None:
    product = told(app, live=paused)
    if paused:
        with unit_of_work() as session:
            listing = session.get_one(Listing, product.id)
            owner = the_owner(producer_of(session, session.get_one(Product, product.id)))
            pause_listing(session, listing, actor=owner, at=clock.now())
    for path in (f"/san-pham/{product.slug}", "/san-pham", "/", f"/t/{product.trace_token}"):
        text = visit(client, path, statements=None).response.text
        assert SECRET not in text
        assert "52.000" not in text
        assert "Để nơi mát" not in text
        assert "-400.jpg" not in text


def test_a_draft_is_on_no_page_and_in_no_index(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        producer = a_producer(session)
        listing = start_listing(
            session, producer, name="Zuccheracanh", actor=the_owner(producer), at=clock.now()
        )
        product = session.get_one(Product, listing.product_id)
    assert rebuild() == count_products() == 0
    do_all()
    for path in (f"/san-pham/{product.slug}", f"/anh/{product.slug}.svg", f"/t/{product.trace_token}"):
        assert client.get(path).status_code == 404
    for path in ("/", "/san-pham", "/san-pham?q=zuccheracan", f"/chu-the/{producer.slug}", "/sitemap.xml"):
        assert "Zuccheracanh" not in client.get(path).text


def test_a_draft_is_found_from_the_day_it_is_shown(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = a_certified_product(session, "Zuccheracanh", publication=Publication.DRAFT)
    rebuild()
    do_all()
    assert "Zuccheracanh" not in client.get("/san-pham?q=zuccheracan").text
    with unit_of_work() as session:
        a_live_listing(session, session.get_one(Product, product.id))
    assert do_all() == 1
    assert "Zuccheracanh" in visit(client, "/san-pham?q=zuccheracan", statements=None).words
