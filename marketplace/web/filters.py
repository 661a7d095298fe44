"""How values are written in templates."""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from marketplace import clock, money
from marketplace.web import addresses, icons
from marketplace.web.assets import asset_url
from marketplace.web.recall_words import name_recalled

NO_BREAK_SPACE = "\u00a0"
OUTWARD = re.compile(r"https?://[^\s/]", re.IGNORECASE)
COMPOUNDS = re.compile(
    r"\b(sản phẩm|chủ thể|hợp tác xã|chứng nhận|đặc sản|điểm bán|giỏ hàng|đơn hàng|tận gốc|truy xuất|"
    r"nguồn gốc|quyết định|tìm kiếm|người bán|người làm|gian hàng|thành phố|hiệu lực)\b",
    re.IGNORECASE,
)


def write_date(day: date | datetime | None) -> str:
    """Write a day as people in Vietnam do, 05/08/2026; instants in their Vietnamese day."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = clock.local_date(day)
    return f"{day:%d/%m/%Y}"


def write_time(instant: datetime) -> str:
    """Write an instant in Vietnamese time, 14:05 ngày 05/08/2026."""
    local = instant.astimezone(clock.VIETNAM)
    return f"{local:%H:%M} {local:%d/%m/%Y}"


def write_number(number: int) -> str:
    """Write a whole number with dots between thousands."""
    return f"{number:,}".replace(",", ".")


def write_measure(quantity: Decimal) -> str:
    """Write a quantity with dots between thousands and a comma before decimals, no zeros at the end."""
    whole, _, part = f"{quantity:,f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def keep_together(text: str) -> Markup:
    """Put no-break spaces into the compounds of a heading, which browsers would split."""
    return escape(COMPOUNDS.sub(lambda m: m.group().replace(" ", NO_BREAK_SPACE), str(text)))


def write_json(value: Any) -> Markup:
    """Write a value as JSON that cannot close the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))  # noqa: S704


def dial(phone: str) -> str:
    """Return a telephone number as a tel: address wants it."""
    return re.sub(r"[^\d+]", "", phone)


def outward(address: str | None) -> str:
    """Return an address on the web, nothing for what a browser would run instead of open."""
    return address if address and OUTWARD.match(address) else ""


def register_filters(app: Flask) -> None:
    """Give templates the filters and functions of this module."""
    app.jinja_env.filters.update(
        vnd=money.format_vnd,
        day=write_date,
        moment=write_time,
        number=write_number,
        measure=write_measure,
        together=keep_together,
        json=write_json,
        dial=dial,
        outward=outward,
        recalled=name_recalled,
    )
    app.jinja_env.globals.update(
        asset=asset_url,
        icon=icons.icon,
        star_row=icons.star_row,
        page_url=addresses.page_url,
        full_url=addresses.full_url,
        other_language_url=addresses.other_language_url,
    )
