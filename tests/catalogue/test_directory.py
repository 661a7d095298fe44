"""The directory of producers."""

from datetime import date

import pytest
from flask import Flask

from marketplace.catalogue import directory
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.directory import ProducerFilter, get_producer, list_producers
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.actions import add_spelling, register_producer
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.places import make_province

TODAY = date(2026, 11, 21)


@pytest.fixture
def known(app: Flask) -> None:
    with unit_of_work() as session:
        place = make_province(session)
        orange = register_producer(session, "HTX Cam Khe Mây", location={"province_id": place.id})
        add_spelling(session, orange, "Hợp tác xã Cam Hương Khê")
        register_producer(session, "Công ty CP Nông nghiệp Hương Sơn")
        household = register_producer(session, "Hộ kinh doanh Lưu Văn Anh")
        a_certificate(session, a_product(session, "Cam Khe Mây", producer=orange))
        a_product(session, "Mứt cam", producer=orange)
        suspend_product(session, a_product(session, "Nước cam", producer=orange))
        a_certificate(session, a_product(session, "Cu đơ", producer=household), year=2019)


@pytest.mark.usefixtures("known")
def test_those_with_living_stars_come_first_and_those_without_products_last() -> None:
    found = list_producers(ProducerFilter(), TODAY)
    assert [(one.producer.slug, one.products, one.starred) for one in found.entries] == [
        ("htx-cam-khe-may", 2, 1),
        ("ho-kinh-doanh-luu-van-anh", 1, 0),
        ("cong-ty-cp-nong-nghiep-huong-son", 0, 0),
    ]
    assert {form.value: number for form, number in found.forms.items() if form} == {
        "htx": 1,
        "doanh-nghiep": 1,
        "ho-kinh-doanh": 1,
    }


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("hợp tác xã cam", ["htx-cam-khe-may"]),
        ("HTX Cam", ["htx-cam-khe-may"]),
        ("huong khe", ["htx-cam-khe-may"]),
        ("ctcp nong nghiep", ["cong-ty-cp-nong-nghiep-huong-son"]),
        ("50%", []),
    ],
)
def test_finds_spellings_and_abbreviations(words: str, slugs: list[str]) -> None:
    found = list_producers(ProducerFilter(words=words), TODAY)
    assert [one.producer.slug for one in found.entries] == slugs
    assert found.total == len(slugs)


@pytest.mark.usefixtures("known")
def test_narrows_by_form_and_province() -> None:
    orange = get_producer("htx-cam-khe-may")
    both = ProducerFilter(legal_form=orange.legal_form, province_id=orange.province_id)
    assert [one.producer for one in list_producers(both, TODAY).entries] == [orange]
    assert list_producers(ProducerFilter(province_id=0), TODAY).total == 0


@pytest.mark.usefixtures("known")
def test_comes_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "PRODUCERS_PER_PAGE", 2)
    assert [len(list_producers(ProducerFilter(), TODAY, page).entries) for page in (1, 2, 3)] == [2, 1, 0]


@pytest.mark.usefixtures("app")
def test_an_unknown_producer_is_not_found() -> None:
    with pytest.raises(NotFound):
        get_producer("khong-co")
