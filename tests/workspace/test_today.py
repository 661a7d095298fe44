"""Today: what needs doing, the most urgent first, and nobody else's."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.listing_models import ListingState
from marketplace.ordering.stock import receive
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.ordering import a_commune, ordered
from tests.signin.browsing import write
from tests.workspace.conftest import Shop
from tests.workspace.states import a_listing

SOON = date(2024, 4, 1)
"""The day of issue of a certificate whose file is due now: it ends on 1 April 2027."""


def write_work(session: Session, producer: Producer) -> int:
    """Write one thing of each kind that needs doing; return the variant that is sold."""
    declined = a_product(session, "Cam bóc vỏ", producer=producer)
    a_listing(session, declined, ListingState.DECLINED)
    a_listing(session, a_product(session, "Mứt cam", producer=producer), touched_at=clock.now())
    old = a_product(session, "Cam Khe Mây", producer=producer)
    variant = a_variant(session, old)
    a_certificate(session, old, 4, issued_on=SOON)
    receive(session, variant.id, 5, "kiểm kê", clock.now())
    return variant.id


def test_a_quiet_day_says_so(shop: Shop) -> None:
    page = shop.browser.open(shop.base)
    assert page.heading == "Hôm nay: không có việc gấp"
    assert "Thứ Bảy, 21/11/2026" in page.words
    assert not page.soup.select(".todo")


def test_tasks_are_sorted_by_urgency_and_the_first_is_red(shop: Shop) -> None:
    variant = write(write_work, shop.producer)
    ordered({variant: 2}, write(a_commune))
    page = shop.browser.open(shop.base)
    assert page.heading == "Hôm nay: 5 việc"
    assert page.texts(".todo h2") == [
        "1 đơn mới chờ nhận",
        "1 giấy chứng nhận cần gia hạn",
        "Cán bộ đề nghị sửa: Cam bóc vỏ",
        "Cam Khe Mây, Túi 1 kg: còn 3",
        "Bài nháp: Mứt cam",
    ]
    steps = ("/san-pham/cam-boc-vo/buoc-5", "/kho", "/san-pham/mut-cam/buoc-5")
    assert page.links(".todo") == [f"{shop.base}{path}" for path in ("/don-hang", "/gia-han", *steps)]
    assert len(page.soup.select("main .btn.p")) == 1
    assert page.one(".todo > li:first-child .btn")["class"] == ["btn", "p"]


def test_what_is_somebody_elses_is_nobodys_task(shop: Shop, rival: Shop) -> None:
    ordered({write(write_work, rival.producer): 2}, write(a_commune))
    assert shop.browser.open(shop.base).heading == "Hôm nay: không có việc gấp"
    shop.browser.open(rival.base, 404)


def test_products_are_counted_as_they_stand(shop: Shop) -> None:
    def work(session: Session) -> None:
        shown = a_product(session, "Cam Khe Mây", producer=shop.producer)
        a_variant(session, shown)
        a_certificate(session, shown, 4)
        a_listing(session, shown, ListingState.SUBMITTED)
        a_product(session, "Mứt cam", producer=shop.producer)

    write(work)
    assert shop.browser.open(shop.base).texts(".n4 b")[4:] == ["2", "1", "1", "1"]
