"""What is wrong with a location number, in words that people read."""

from flask_babel import lazy_gettext as _l

from marketplace.scan.words import Words
from marketplace.traceability.errors import Misreading

UNREADABLE_PLACE: dict[str, Words] = {
    Misreading.CHECK_DIGIT: Words(
        _l("Mã sai số kiểm tra"),
        _l("Chữ số cuối của mã địa điểm không khớp với các số trước. Có thể đã gõ nhầm một chữ số."),
        "x",
    ),
    Misreading.LENGTH: Words(
        _l("Mã sai độ dài"),
        _l("Mã địa điểm (GLN) có đúng 13 chữ số. Hãy kiểm lại từng số."),
        "x",
    ),
    Misreading.FORM: Words(
        _l("Không đọc được mã"),
        _l("Mã địa điểm (GLN) chỉ gồm chữ số. Hãy quét lại, hoặc gõ lại từng số."),
        "x",
    ),
    "unknown": Words(
        _l("Không biết địa điểm"),
        _l("Mã địa điểm viết đúng cách, nhưng chưa cơ sở nào trên chợ khai mã này."),
        "info",
    ),
}
