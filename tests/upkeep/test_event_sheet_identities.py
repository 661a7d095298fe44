"""Identities in sheets of past events: each stands for one event of a lot, and for nothing in other lots."""

import pytest

from marketplace.traceability.lots.models import Lot
from tests.factories.lots import a_lot
from tests.factories.shop_sheets import Goods, goods_of
from tests.signin.browsing import write
from tests.upkeep.test_event_sheets import Cells, a_row, events_of, record, sheet_csv, try_sheet
from tests.workspace.conftest import Shop, open_shop, rival, shop

__all__ = ["open_shop", "rival", "shop"]


@pytest.fixture
def lots(shop: Shop) -> list[Lot]:
    """Two lots of the shop."""
    goods: Goods = write(goods_of, shop.producer)
    return [write(a_lot, goods.product, code=code) for code in ("CAM-01", "CAM-02")]


def test_one_identity_may_stand_in_two_lots(shop: Shop, lots: list[Lot]) -> None:
    def sheet(*rows: Cells) -> bytes:
        return sheet_csv(rows)

    first, second = a_row(event="urn:uuid:1"), a_row(event="urn:uuid:1", lot="CAM-02", words="Khác")
    record(shop, sheet(first))
    assert "1 việc mới, 1 đã ghi trước, 0 lỗi" in try_sheet(shop, sheet(first, second)).text
    record(shop, sheet(first, second))
    assert [[event.event_id for event in events_of(lot)] for lot in lots] == [["urn:uuid:1"]] * 2
