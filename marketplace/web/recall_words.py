"""What is recalled, in words, on pages of every door and in letters."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.traceability.recalls.models import Recall
from marketplace.web.words import gettext as _


def name_recalled(recall: Recall) -> str:
    """Return what a recall is of, with its lot, product or producer loaded."""
    if recall.lot is not None:
        named = recall.lot.product.name if recall.lot.product else recall.lot.name or ""
        return _("%(product)s, lô %(lot)s", product=named, lot=recall.lot.code)
    if recall.product is not None:
        return _("%(product)s, mọi lô", product=recall.product.name)
    assert recall.producer is not None
    return _("mọi hàng của %(producer)s", producer=recall.producer.name)


def seller_of(recall: Recall) -> str:
    """Return whose goods a recall is of; nothing for a product of nobody on record."""
    lot, product = recall.lot, recall.product
    producer = recall.producer or (lot.producer if lot else None) or (product.producer if product else None)
    return producer.name if producer else ""


REFUSALS: dict[str, LazyString] = {
    "already_recalled": _l("Hàng này đang bị thu hồi rồi: đây là lệnh đang có hiệu lực."),
    "already_lifted": _l("Lệnh thu hồi này đã được gỡ trước đó."),
    "lifted_by_another": _l("Người ra lệnh không tự gỡ được: mời một cán bộ khác xem lại và gỡ."),
    "office_recall": _l("Lệnh này của văn phòng chương trình, chỉ văn phòng gỡ được."),
    "not_resumable": _l(
        "Chưa bán tiếp các lô khác được: lệnh đã gỡ, hoặc chợ chưa rút xong lô này khỏi kho."
    ),
    "promised_to_orders": _l(
        "Các lô khác còn thiếu %(missing)s món cho đơn đã nhận. Mời nhập thêm hàng, hoặc bỏ bớt đơn trước."
    ),
}
"""Why a recall was not ordered, lifted or ended for other lots."""
