"""Comparing what a sheet wishes for with what is there."""

from collections.abc import Callable, Iterable
from typing import Any

from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.pictures import MOST_PICTURES
from marketplace.text import canonical, fold
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.shop_sheets.applying import belongs
from marketplace.upkeep.shop_sheets.columns import CERTIFIED, NEW_PACK, OF_LISTING, OF_PACK, YES, Column
from marketplace.upkeep.shop_sheets.plans import Change, Fixed, PackWork, Plan, ProductWork
from marketplace.upkeep.shop_sheets.present import (
    Kept,
    on_sale,
    told,
    values_of_pack,
    values_of_product,
    written,
)
from marketplace.upkeep.shop_sheets.wishes import Wish

NOT_HERE = "không có trong gian hàng này"
"""Said alike of what is nobody's and of what is another producer's."""
OF_THE_REGISTER = (
    "gói này có trước bài đăng, chỉ đổi được giá và tồn kho; "
    "hãy thêm gói mới (để trống mã) rồi gửi duyệt bài đăng"
)

REFUSED = ""
"""The key of a picture that came with the sheet and was not taken; why is said already."""

FindKey = Callable[[str], str | None]
"""Returns the key of the producer's picture that a sheet names, REFUSED, or None."""


class Planner:
    """Takes rows one by one; `works` is what is to be done, `plan` what is told of it."""

    def __init__(self, kept: Kept, find_key: FindKey) -> None:
        self.kept = kept
        self.find_key = find_key
        self.plan = Plan()
        self.works: dict[int, ProductWork] = {}
        self._packs_said: dict[tuple[int, str], int] = {}

    def take_all(self, wishes: Iterable[Wish]) -> None:
        """Take the rows of a whole sheet."""
        for wish in wishes:
            self.take(wish)

    def take(self, wish: Wish) -> None:
        """Compare a row with what is there."""
        self.plan.rows += 1
        say = Speaker(wish.row, self.plan.findings)
        product = self._find_product(wish, say)
        if product is None:
            return
        work = self.works.setdefault(product.id, ProductWork(product, wish.row))
        work.rows.add(wish.row)
        self._compare_product(work, wish, say)
        if wish.sku or any(column in wish.values for column in (*OF_PACK, Column.STOCK)):
            self._compare_pack(work, wish, say)

    def _find_product(self, wish: Wish, say: Speaker) -> Product | None:
        product, pack = self.kept.products.get(wish.product), self.kept.packs.get(wish.sku)
        if wish.product and product is None:
            say.error(Column.PRODUCT, NOT_HERE)
            return None
        if wish.sku and pack is None:
            say.error(Column.SKU, NOT_HERE)
            return None
        if product is None and pack is None:
            say.error(Column.SKU, "thiếu mã gói hoặc mã sản phẩm")
            return None
        if pack is None:
            return product
        own = self.kept.product_of(pack)
        if product is not None and product.id != own.id:
            say.error(Column.SKU, f"gói này thuộc sản phẩm «{own.name}»")
            return None
        return own

    def _compare_product(self, work: ProductWork, wish: Wish, say: Speaker) -> None:
        present = values_of_product(work.product)
        for column in CERTIFIED:
            if column in wish.values and canonical(wish.values[column]) != canonical(present[column] or ""):
                self._note_fixed(work.product, wish, column, present[column])
        for column in (*OF_LISTING, Column.PICTURES):
            if column in wish.values and self._is_first(work, wish, column, say):
                self._compare_field(work, wish, column, present[column], say)

    def _is_first(self, work: ProductWork, wish: Wish, column: Column, say: Speaker) -> bool:
        """Say whether no earlier row speaks of this column of the product; they may agree."""
        row, value = work.said.setdefault(column, (wish.row, wish.values[column]))
        if value != wish.values[column]:
            say.error(column, f"khác với dòng {row} của cùng sản phẩm")
        return row == wish.row

    def _note_fixed(self, product: Product, wish: Wish, column: Column, old: Any) -> None:
        new = wish.values[column]
        self.plan.fixed.append(
            Fixed(
                wish.row,
                column,
                product.slug,
                product.name,
                written(column, old),
                new,
                product.ever_certified,
            )
        )

    def _compare_field(self, work: ProductWork, wish: Wish, column: Column, old: Any, say: Speaker) -> None:
        new = wish.values[column]
        if column is Column.PICTURES:
            keys = self._keys(new or (), say)
            if keys is None or keys == old:
                return
            work.pictures = keys
        elif new == old:
            return
        else:
            work.values[column] = new
        self._note(wish, column, work.product.name, old, new)

    def _keys(self, names: tuple[str, ...], say: Speaker) -> tuple[str, ...] | None:
        if len(names) > MOST_PICTURES:
            say.error(Column.PICTURES, f"nêu {len(names)} ảnh, nhiều nhất là {MOST_PICTURES}")
            return None
        keys = {name: self.find_key(name) for name in names}
        missing = [name for name, key in keys.items() if key is None]
        if missing:
            say.error(Column.PICTURES, f"không thấy tệp ảnh «{missing[0][:60]}» trong tệp ZIP")
            return None
        return None if REFUSED in keys.values() else tuple(key for key in keys.values() if key)

    def _compare_pack(self, work: ProductWork, wish: Wish, say: Speaker) -> None:
        pack = self._find_pack(work.product, wish)
        name = wish.values.get(Column.PACK, "")
        if pack is None and not name:
            say.error(Column.SKU, "thiếu mã gói")
            return
        if not self._is_said_once(work.product, wish, pack, name, say):
            return
        if pack is None:
            self._begin_pack(work, wish, say)
        elif not on_sale(pack) and not wish.values.get(Column.ON_SALE):
            if not wish.values.keys() <= {Column.ON_SALE, *CERTIFIED}:
                say.error(Column.ON_SALE, f"gói đã ngừng bán; ghi «{YES}» để bán lại")
        else:
            self._change_pack(work, wish, pack, say)

    def _find_pack(self, product: Product, wish: Wish) -> Variant | None:
        if wish.sku:
            return self.kept.packs[wish.sku]
        name = wish.values.get(Column.PACK)
        return self.kept.pack_named(product, name) if name else None

    def _is_said_once(
        self, product: Product, wish: Wish, pack: Variant | None, name: str, say: Speaker
    ) -> bool:
        place = (product.id, pack.sku if pack else f"+{fold(name)}")
        row = self._packs_said.setdefault(place, wish.row)
        if row != wish.row:
            say.error(Column.SKU, f"gói này đã có ở dòng {row}")
        return row == wish.row

    def _begin_pack(self, work: ProductWork, wish: Wish, say: Speaker) -> None:
        for column in NEW_PACK:
            if column not in wish.values:
                say.error(column, "gói mới cần ô này")
        if wish.values.get(Column.ON_SALE) is False:
            say.error(Column.ON_SALE, "gói mới thì đang bán")
        values = {column: wish.values[column] for column in OF_PACK if column in wish.values}
        new = PackWork(None, wish.row, values, wish.values.get(Column.STOCK), wish.values.get(Column.REASON))
        work.packs.append(new)
        about = _about(work.product, values[Column.PACK])
        for column in (*OF_PACK, Column.STOCK):
            if column in wish.values:
                self._note(wish, column, about, None, wish.values[column])

    def _change_pack(self, work: ProductWork, wish: Wish, pack: Variant, say: Speaker) -> None:
        shelf = self.kept.shelf(pack)
        present = values_of_pack(pack, shelf)
        changed = PackWork(pack, wish.row, reason=wish.values.get(Column.REASON))
        about = _about(work.product, pack.name)
        for column in (*OF_PACK, Column.STOCK):
            if column not in wish.values or wish.values[column] == present[column]:
                continue
            new = wish.values[column]
            if column is Column.STOCK:
                changed.stock = new
                if new < shelf.promised:
                    say.error(column, f"{shelf.promised} đã có người đặt, không ghi ít hơn được")
            else:
                changed.values[column] = new
                if column is not Column.PRICE and _is_older(pack, work.product):
                    say.error(column, OF_THE_REGISTER)
            self._note(wish, column, about, present[column], new)
        if changed.values or changed.stock is not None:
            work.packs.append(changed)

    def _note(self, wish: Wish, column: Column, about: str, old: Any, new: Any) -> None:
        self.plan.changes.append(Change(wish.row, column, about, told(column, old), told(column, new)))


def _is_older(pack: Variant, product: Product) -> bool:
    """Return whether a pack is on sale without being its listing's."""
    return on_sale(pack) and not belongs(pack, product.listing)


def _about(product: Product, pack: str) -> str:
    return f"{product.name} · {pack}"
