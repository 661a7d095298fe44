"""Filling forms in, as somebody would who means it: what is empty gets words that fit its name."""

from datetime import timedelta

import pyotp

from marketplace import clock
from tests.drills.forms import TOKEN, Form
from tests.drills.given import SECRET
from tests.factories import accounts

NEW_PASSWORD = "bốn mùa hoa trái đầy vườn"
BY_NAME = {
    "mat_khau_cu": accounts.PASSWORD,
    "ten": "Nguyễn Thị Mận",
    "ho_ten": "Nguyễn Thị Mận",
    "dia_chi": "moi-nguoi@example.vn",
    "email": "moi-nguoi@example.vn",
    "sdt": "0912345678",
    "dien_thoai": "0912345678",
    "dong_y": "co",
    "chac": "xoa",
}
BY_TYPE = {
    "tel": "0912345678",
    "email": "moi-nguoi@example.vn",
    "number": "5",
    "url": "https://example.vn",
}


def filled_in(form: Form, person: str = "", words: str = "Chữ gõ vào", **known: str) -> dict[str, list[str]]:
    """Return the fields of a form, those that were empty filled in.

    `person` is whom it asks to sign in; `known` are values by the names of fields, `words` is all else.
    """
    data = {name: list(values) for name, values in form.data().items()}
    for name, kind in form.types.items():
        if kind in {"file", "button", "submit", "hidden"} or name == TOKEN:
            continue
        if name in known:
            data[name] = [known[name]]
        elif not any(data.get(name, [])):
            chosen = next((value for value in form.offered.get(name, []) if value), None)
            data[name] = [chosen or _fitting(name, kind, words)]
    if form.action.removeprefix("/en") == "/dang-nhap":
        data |= {"ten": [person], "mat_khau": [accounts.PASSWORD]}
    return data


def _fitting(name: str, kind: str, words: str) -> str:
    today = clock.today()
    if kind in {"date", "month", "datetime-local"}:
        return {"month": today.isoformat()[:7]}.get(kind, (today + timedelta(days=30)).isoformat())
    if kind == "password":
        return BY_NAME.get(name, NEW_PASSWORD)
    if name == "ma":
        return pyotp.TOTP(SECRET).at(clock.now())
    return BY_NAME.get(name) or BY_TYPE.get(kind) or words
