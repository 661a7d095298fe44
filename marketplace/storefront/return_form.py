"""The form of a return: which delivered units of a parcel, why, in whose words, with how many photographs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.ordering.after_sale_models import ReturnReason
from marketplace.ordering.models import Order, OrderLine
from marketplace.ordering.order_queries import WholeGroup
from marketplace.ordering.returnable import returnable
from marketplace.ordering.returns import MOST_PICTURES, MOST_WORDS, find_fresh, find_recalled
from marketplace.storefront.shopping import read_id
from marketplace.text import clean_lines

Faults = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Returnable:
    """A delivered parcel with the lines that can still be given back, and how many units of each.

    `fresh` are the lines of fresh food: those go back for a fault alone. `recalled` are taken back as long
    as they are recalled.
    """

    order: Order
    lines: tuple[tuple[OrderLine, int], ...]
    fresh: frozenset[int]
    recalled: frozenset[int]

    @property
    def reasons(self) -> list[ReturnReason]:
        """Return the reasons that can be given."""
        every = list(ReturnReason)
        return every if self.recalled else [one for one in every if one is not ReturnReason.RECALLED]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a valid form asks for: units by line, the reason, and the buyer's words."""

    quantities: Mapping[int, int]
    reason: ReturnReason
    words: str


def find_returnable(session: Session, whole: WholeGroup, position: int, at: datetime) -> Returnable:
    """Return what of the parcel at a position can be given back; raises NotFound for no such parcel."""
    order = next((one for one in whole.group.orders if one.position == position), None)
    if order is None:
        raise NotFound
    fresh, recalled = find_fresh(session, order), find_recalled(session, order)
    left = returnable(order, whole.returns.get(order.id, ()), fresh, at, recalled)
    return Returnable(
        order=order,
        lines=tuple((line, left[line.id]) for line in order.lines if line.id in left),
        fresh=frozenset(line.id for line in order.lines if line.variant_id in fresh),
        recalled=frozenset(recalled & left.keys()),
    )


def read_return(parcel: Returnable) -> tuple[Asked | None, Faults]:
    """Return what was asked for, or what is wrong with it in the order of the form."""
    quantities, faults = _read_quantities(parcel.lines)
    words, kind = clean_lines(request.form.get("loi", "")), request.form.get("ly_do", "")
    if kind not in parcel.reasons:
        faults.append(("ly_do", _("Mời chọn một lý do.")))
    elif kind == ReturnReason.RECALLED and quantities.keys() - parcel.recalled:
        faults.append(("ly_do", _("Chỉ món bị thu hồi mới trả lại theo lý do này.")))
    elif kind == ReturnReason.CHANGED_MIND and parcel.fresh & quantities.keys():
        faults.append(("ly_do", _("Hàng tươi chỉ trả lại được khi có lỗi.")))
    if not any(letter.isalnum() for letter in words) or len(words) > MOST_WORDS:
        faults.append(("loi", _("Mời kể rõ hàng ra sao, tối đa %(most)s chữ.", most=MOST_WORDS)))
    if sum(bool(upload.filename) for upload in request.files.getlist("anh")) > MOST_PICTURES:
        faults.append(("anh", _("Mời chọn tối đa %(most)s ảnh.", most=MOST_PICTURES)))
    return (None if faults else Asked(quantities, ReturnReason(kind), words)), faults


def _read_quantities(lines: Sequence[tuple[OrderLine, int]]) -> tuple[dict[int, int], Faults]:
    quantities: dict[int, int] = {}
    faults: Faults = []
    for line, most in lines:
        name = f"sl-{line.id}"
        units = read_id(request.form.get(name, "").strip() or "0")
        if units is None or units > most:
            faults.append((name, _("Số lượng trả lại là số từ 0 đến %(most)s.", most=most)))
        elif units:
            quantities[line.id] = units
    if not quantities and not faults and lines:
        faults.append((f"sl-{lines[0][0].id}", _("Mời ghi số lượng của ít nhất một món.")))
    return quantities, faults
