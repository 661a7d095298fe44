"""The product of the register that a row of a sheet of decisions means."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductAlias
from marketplace.places.gazetteer import Gazetteer
from marketplace.producers.known import KnownProducers
from marketplace.producers.matching import Whereabouts, may_be_same_place, place_columns, whereabouts_of
from marketplace.upkeep.decision_sheets.rows import Told
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.importing.locating import Locator
from marketplace.upkeep.importing.product_rows import name_key

UNKNOWN = "sổ chưa có sản phẩm này; khai sản phẩm trước, rồi gửi lại tệp"


@dataclass(frozen=True, slots=True)
class Meant:
    """A product of the register, with what tells it from its namesakes."""

    id: int
    producer_id: int | None
    printed_district: str | None
    where: Whereabouts


class Register:
    """Finds products by an id they ever had, else by name, producer and place; never guesses between two."""

    def __init__(self, session: Session) -> None:
        self._locator = Locator(Gazetteer.load())
        self._producers = KnownProducers.load(session)
        self._by_name: dict[str, list[Meant]] = defaultdict(list)
        by_id = self._load(session)
        aliases = sa.select(ProductAlias.external_id, ProductAlias.product_id)
        self._by_external = {external: by_id[number] for external, number in session.execute(aliases)}

    def _load(self, session: Session) -> dict[int, Meant]:
        found = {}
        wanted = sa.select(Product.id, Product.name, Product.producer_id, *place_columns(Product))
        for row in session.execute(wanted):
            found[row.id] = Meant(row.id, row.producer_id, row.printed_district, whereabouts_of(row))
            self._by_name[name_key(row.name)].append(found[row.id])
        return found

    def find(self, told: Told, say: Speaker) -> Meant | None:
        """Return the product meant; None, which is said as an error, when there is none or more than one."""
        if told.external_id in self._by_external:
            return self._by_external[told.external_id]
        where = self._locator.place_of(told.row, told.decided_on, say).whereabouts()
        near = [one for one in self._by_name[name_key(told.name)] if may_be_same_place(one.where, where)]
        if told.producer:
            near = self._of_producer(near, told.producer, where)
        if not near:
            say.error("name", UNKNOWN)
            return None
        if len(near) > 1:
            say.error("name", "nhiều sản phẩm cùng tên ở nơi này; ghi thêm chủ thể, xã hoặc mã")
            return None
        if (near[0].producer_id is None) != (not told.producer):
            say.doubt(
                "producer", "sổ và tệp chỉ một bên ghi chủ thể; lấy sản phẩm duy nhất cùng tên ở nơi này"
            )
        return near[0]

    def _of_producer(self, near: list[Meant], name: str, where: Whereabouts) -> list[Meant]:
        """Return what is that producer's; failing that, what the register names no producer of."""
        known = self._producers.find(name, where)
        own = [one for one in near if known is not None and one.producer_id == known.id]
        return own or [one for one in near if one.producer_id is None]
