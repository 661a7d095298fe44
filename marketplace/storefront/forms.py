"""The checkout form: its fields, and what is said when one is not right."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from marketplace.accounts.errors import InvalidPhone
from marketplace.accounts.phone import read_phone
from marketplace.text import clean


def _tidy(text: str | None) -> str:
    """Return typed text in NFC without control characters and with single spaces."""
    return clean("".join(letter if letter.isprintable() else " " for letter in text or ""))


class CheckoutForm(FlaskForm):  # type: ignore[misc]
    """Who receives the order and where; the shop's own numbers are never read from it."""

    buoc = HiddenField()
    khoa = HiddenField()
    da_xem = HiddenField()
    sdt = StringField(
        _l("Số điện thoại"), filters=[_tidy], validators=[DataRequired(_l("Chưa có số điện thoại."))]
    )
    ten = StringField(
        _l("Họ và tên"),
        filters=[_tidy],
        validators=[
            DataRequired(_l("Chưa có họ và tên.")),
            Length(max=100, message=_l("Họ và tên quá dài.")),
        ],
    )
    tinh = StringField(_l("Tỉnh, thành phố"), validators=[DataRequired(_l("Chưa chọn tỉnh, thành phố."))])
    xa = StringField(_l("Xã, phường"), validators=[DataRequired(_l("Chưa chọn xã, phường."))])
    nha = StringField(
        _l("Số nhà, đường, thôn xóm"),
        filters=[_tidy],
        validators=[
            DataRequired(_l("Chưa có số nhà, đường hoặc thôn xóm.")),
            Length(max=200, message=_l("Địa chỉ quá dài, tối đa 200 chữ.")),
        ],
    )
    nhan = TextAreaField(
        _l("Lời nhắn cho người bán"),
        filters=[_tidy],
        validators=[Length(max=500, message=_l("Lời nhắn quá dài, tối đa 500 chữ."))],
    )
    cu = StringField(_l("Tên xã, huyện hoặc tỉnh trước 1/7/2025"), filters=[_tidy])

    def validate_sdt(self, field: Any) -> None:
        """Refuse what is no Vietnamese number, and say what is wrong with it."""
        try:
            read_phone(field.data)
        except InvalidPhone as refusal:
            raise ValidationError(_phone_fault(refusal.parameters["missing"])) from refusal

    def faults(self) -> list[tuple[str, str]]:
        """Return what is wrong, first fault per field, in the order of the page."""
        named = {name: str(errors[0]) for name, errors in self.errors.items() if name and errors}
        if named.pop("csrf_token", None):
            named["dat"] = _("Trang đã mở quá lâu. Mời xem lại rồi bấm Đặt hàng lần nữa.")
        return list(named.items())


def _phone_fault(missing: int | None) -> str:
    if missing is None:
        words = _("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0 hoặc +84.")
    elif missing > 0:
        words = _("Số điện thoại thiếu %(digits)s chữ số. Cần đủ 10 số.", digits=missing)
    else:
        words = _("Số điện thoại thừa %(digits)s chữ số. Chỉ cần 10 số.", digits=-missing)
    return str(words)
