"""The checkout form: its fields, and what is said when one is not right."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from marketplace.accounts.errors import InvalidIdentity, InvalidPhone
from marketplace.accounts.identity import read_email
from marketplace.accounts.phone import read_phone
from marketplace.accounts.tax_code import read_tax_code
from marketplace.text import one_line

INVOICE = ("hd_ten", "hd_mst", "hd_dia_chi", "hd_email")
"""The fields of the wish for an invoice: all of them or none."""


class CheckoutForm(FlaskForm):  # type: ignore[misc]
    """Who receives the order, where, and how it is paid; the shop's own numbers are never read from it."""

    buoc = HiddenField()
    khoa = HiddenField()
    da_xem = HiddenField()
    tra = HiddenField()
    sdt = StringField(
        _l("Số điện thoại"), filters=[one_line], validators=[DataRequired(_l("Chưa có số điện thoại."))]
    )
    ten = StringField(
        _l("Họ và tên"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Chưa có họ và tên.")),
            Length(max=100, message=_l("Họ và tên quá dài.")),
        ],
    )
    email = StringField(_l("Email"), filters=[one_line])
    tinh = StringField(_l("Tỉnh, thành phố"), validators=[DataRequired(_l("Chưa chọn tỉnh, thành phố."))])
    xa = StringField(_l("Xã, phường"), validators=[DataRequired(_l("Chưa chọn xã, phường."))])
    nha = StringField(
        _l("Số nhà, đường, thôn xóm"),
        filters=[one_line],
        validators=[Length(max=200, message=_l("Địa chỉ quá dài, tối đa 200 chữ."))],
    )
    nhan = TextAreaField(
        _l("Lời nhắn cho người bán"),
        filters=[one_line],
        validators=[Length(max=500, message=_l("Lời nhắn quá dài, tối đa 500 chữ."))],
    )
    hd_ten = StringField(
        _l("Tên đơn vị"),
        filters=[one_line],
        validators=[Length(max=200, message=_l("Tên đơn vị quá dài, tối đa 200 chữ."))],
    )
    hd_mst = StringField(_l("Mã số thuế"), filters=[one_line])
    hd_dia_chi = StringField(
        _l("Địa chỉ trên hoá đơn"),
        filters=[one_line],
        validators=[Length(max=300, message=_l("Địa chỉ trên hoá đơn quá dài, tối đa 300 chữ."))],
    )
    hd_email = StringField(_l("Email nhận hoá đơn"), filters=[one_line])
    cu = StringField(_l("Tên xã, huyện hoặc tỉnh trước 1/7/2025"), filters=[one_line])

    sends = True
    """Whether some parcel is brought to the buyer; who fetches them all need not say the street."""

    @property
    def wants_invoice(self) -> bool:
        """Whether something of the wish for an invoice is filled in."""
        return any(self[name].data for name in INVOICE)

    def validate_sdt(self, field: Any) -> None:
        """Refuse what is no Vietnamese number, and say what is wrong with it."""
        try:
            read_phone(field.data)
        except InvalidPhone as refusal:
            raise ValidationError(_phone_fault(refusal.parameters["missing"])) from refusal

    def validate_email(self, field: Any) -> None:
        """Refuse what is no e-mail address; none at all is fine."""
        _check_email(field.data)

    def validate_nha(self, field: Any) -> None:
        """Ask for the street once something is sent there."""
        if self.sends and not field.data:
            raise ValidationError(_("Chưa có số nhà, đường hoặc thôn xóm."))

    def validate_hd_ten(self, field: Any) -> None:
        """Ask for the company once an invoice is wanted."""
        self._ask_for(field, _("Chưa có tên đơn vị trên hoá đơn."))

    def validate_hd_mst(self, field: Any) -> None:
        """Ask for a tax code of 10 digits, or of 10 and 3 for a branch, whose check digit is right."""
        self._ask_for(field, _("Chưa có mã số thuế."))
        if field.data and read_tax_code(field.data) is None:
            raise ValidationError(_("Mã số thuế gồm 10 số, hoặc 10 số và 3 số của chi nhánh. Mời xem lại."))

    def validate_hd_dia_chi(self, field: Any) -> None:
        """Ask for the address once an invoice is wanted."""
        self._ask_for(field, _("Chưa có địa chỉ trên hoá đơn."))

    def validate_hd_email(self, field: Any) -> None:
        """Ask where an invoice goes; the address for the order serves too."""
        if self.wants_invoice and not field.data and not self.email.data:
            raise ValidationError(_("Chưa có email nhận hoá đơn."))
        _check_email(field.data)

    def _ask_for(self, field: Any, words: str) -> None:
        if self.wants_invoice and not field.data:
            raise ValidationError(words)

    def faults(self) -> list[tuple[str, str]]:
        """Return what is wrong, first fault per field, in the order of the page."""
        named = {name: str(errors[0]) for name, errors in self.errors.items() if name and errors}
        if named.pop("csrf_token", None):
            named["dat"] = _("Trang đã mở quá lâu. Mời xem lại rồi bấm Đặt hàng lần nữa.")
        return list(named.items())


def _check_email(text: str | None) -> None:
    if not text:
        return
    try:
        read_email(text)
    except InvalidIdentity as refusal:
        raise ValidationError(_("Email chưa đúng, ví dụ ten@example.vn.")) from refusal


def _phone_fault(missing: int | None) -> str:
    if missing is None:
        words = _("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0 hoặc +84.")
    elif missing > 0:
        words = _("Số điện thoại thiếu %(digits)s chữ số. Cần đủ 10 số.", digits=missing)
    else:
        words = _("Số điện thoại thừa %(digits)s chữ số. Chỉ cần 10 số.", digits=-missing)
    return str(words)
