"""The chain of the public register: what was written into it and when, for anybody to recompute."""

import json

from flask import Response, render_template, request
from flask_babel import gettext as _

from marketplace.certification.chain.lines import GENESIS
from marketplace.certification.chain.models import RegisterLine, Subject, Turn
from marketplace.certification.chain.reading import list_lines, whole_text
from marketplace.storefront import door
from marketplace.storefront.query import LONGEST_WORDS, read_page
from marketplace.web.addresses import full_url, page_url
from marketplace.web.kept_pages import public_page

PATH = "/chung-nhan/chuoi"


@door.get(PATH)
@public_page
def register_chain() -> str:
    """Show the lines of the register, newest first, and how to recompute their hashes."""
    code = request.args.get("ma", "")[:LONGEST_WORDS].strip()
    found = list_lines(code, read_page())
    return render_template(
        "storefront/register_chain.html",
        found=found,
        code=code,
        facts=_facts,
        turns=_turns(),
        genesis=GENESIS,
        text_url=full_url(f"{PATH}.txt"),
        address=lambda number: page_url(PATH, ma=code or None, trang=number if number > 1 else None),
    )


@door.get(f"{PATH}.txt")
@public_page
def register_chain_text() -> Response:
    """Give the whole chain as text, a line each, whose hashes sha256sum recomputes."""
    return Response(whole_text(), content_type="text/plain; charset=utf-8")


def _facts(line: RegisterLine) -> dict[str, str | int]:
    facts: dict[str, str | int] = json.loads(line.facts)
    return facts


def _turns() -> dict[tuple[Subject, Turn], str]:
    """Return what each turn is called."""
    decision, certificate = Subject.DECISION, Subject.CERTIFICATE
    return {
        (decision, Turn.RECORDED): _("Ghi quyết định"),
        (decision, Turn.CORRECTED): _("Sửa quyết định"),
        (certificate, Turn.RECORDED): _("Ghi giấy"),
        (certificate, Turn.EXTENDED): _("Kéo dài hiệu lực"),
        (certificate, Turn.REVOKED): _("Thu hồi"),
        (certificate, Turn.SUPERSEDED): _("Có giấy mới thay"),
        (certificate, Turn.CORRECTED): _("Sửa dòng trong sổ"),
    }
