"""The facts of the first screen: what a shopper compares with the pack, four to six of them."""

from collections.abc import Iterator

from marketplace.certification.validity import last_day_shown
from marketplace.scan.page import TracePage
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _

Fact = tuple[str, str]


def list_first_facts(page: TracePage) -> list[Fact]:
    """Return what to compare, in pairs of words and value."""
    return list(_of_lot(page) if page.lot else _of_product(page))


def _of_product(page: TracePage) -> Iterator[Fact]:
    code = page.code
    yield (_("Mã sản phẩm") if code.gtin else _("Mã truy xuất")), code.gtin or code.token or ""
    yield _("Lô hàng"), code.lot or ""
    yield _("Số tem"), code.serial or ""
    if page.scanned.use_by_asked is not None:
        yield _("Hạn dùng ghi trong mã"), write_date(page.scanned.use_by_asked)
    yield _certified(page)


def _of_lot(page: TracePage) -> Iterator[Fact]:
    lot = page.lot
    assert lot is not None
    yield _("Lô hàng"), lot.code
    yield _("Hạn dùng"), write_date(lot.use_by)
    yield _("Ngày đóng gói"), write_date(lot.made_on)
    yield _certified(page)
    if page.number or page.code.serial:
        yield _("Số tem"), page.number or page.code.serial or ""
    if lot.variant is not None:
        yield _("Loại gói"), lot.variant.name


def _certified(page: TracePage) -> Fact:
    certificate = page.standing.certificate
    return _("Chứng nhận đến"), write_date(last_day_shown(certificate) if certificate else None)
