"""The parts of the inbox: how each is called in addresses and in words."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.order_segments import Segment


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the inbox: its place in addresses, what it is called, and what is said of it and of none."""

    segment: Segment
    slug: str
    words: LazyString
    lead: LazyString
    empty: LazyString

    @property
    def printable(self) -> bool:
        """Return whether goods have to be gathered for what is in it."""
        return self.segment in {Segment.TO_PACK, Segment.TO_SHIP}


PARTS = (
    Part(
        Segment.WAITING,
        "cho-nhan",
        _l("Chờ nhận"),
        _l("Nhận hoặc từ chối trước hạn ghi ở từng đơn. Quá hạn, chợ nhắc cả gian hàng; khách vẫn chờ."),
        _l("Không có đơn nào chờ nhận. Có đơn mới, chợ gửi thư cho cả gian hàng."),
    ),
    Part(
        Segment.TO_PACK,
        "can-goi",
        _l("Cần gói"),
        _l("Đơn đã nhận, chờ lâu nhất ở trên cùng."),
        _l("Không có đơn nào cần gói."),
    ),
    Part(
        Segment.TO_SHIP,
        "can-gui",
        _l("Cần gửi"),
        _l("Gói xong rồi, chờ gửi đi hoặc chờ khách đến lấy."),
        _l("Không có gói nào chờ gửi."),
    ),
    Part(
        Segment.ON_THE_WAY,
        "dang-di",
        _l("Đang đi"),
        _l("Giao xong thì ghi ở đơn, kèm số tiền đã thu."),
        _l("Không có gói nào đang đi."),
    ),
    Part(
        Segment.DONE,
        "xong",
        _l("Xong"),
        _l("Đã giao đủ. Tên và số điện thoại của khách được che sau 30 ngày."),
        _l("Chưa có đơn nào giao xong."),
    ),
    Part(
        Segment.CANCELED,
        "da-huy",
        _l("Đã huỷ"),
        _l("Hàng đã về kho, thông tin của khách được che."),
        _l("Không có đơn nào bị huỷ."),
    ),
)
BY_SLUG = {part.slug: part for part in PARTS}
