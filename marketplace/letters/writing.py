"""Writing: each letter is one template with a subject, a body for e-mail and a short message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from marketplace.web.post import Change, Letter

CHANGED = {
    Change.PASSWORD: "Mật khẩu",
    Change.SECOND_FACTOR: "Mã 6 số",
    Change.PASSKEY: "Khoá vân tay",
    Change.ADDRESS: "Địa chỉ liên hệ",
    Change.API_KEY: "Khoá API",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str
    body: str
    message: str


def write_letter(letter: Letter, facts: Mapping[str, Any]) -> Written:
    """Return a letter in its two forms, in Vietnamese."""
    template = current_app.jinja_env.get_template(f"letters/{letter.value}.txt")
    context = template.new_context({"settings": current_app.extensions["settings"], **facts})
    subject, body, message = (
        "".join(template.blocks[part](context)) for part in ("subject", "body", "short")
    )
    return Written(_line(subject), body.strip() + "\n", _line(message))


def _line(text: str) -> str:
    return " ".join(text.split())
