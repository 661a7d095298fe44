"""How the pages of this door answer: with their faults, and without telling their address to others."""

from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template
from flask_babel import gettext as _

from marketplace.accounts.errors import PasswordRefused, TooManyAttempts
from marketplace.errors import MarketplaceError
from marketplace.settings import Settings
from marketplace.web.addresses import page_url
from marketplace.web.headers import tell_no_address
from marketplace.web.refusals import explain

Faults = list[tuple[str, str]]


def page(template: str, refusal: MarketplaceError | None = None, at: str = "", **facts: Any) -> Response:
    """Return a page, with what was refused beside the field `at`; no page of this door tells its address."""
    faults: Faults = [(at, words_of(refusal))] if refusal else []
    response = page_with_faults(template, faults, refusal.status if refusal else 200, **facts)
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
    return response


def page_with_faults(template: str, faults: Faults, status: int, **facts: Any) -> Response:
    """Return a page with each fault beside its field, as pairs of the field's name and the words."""
    body = render_template(f"signin/{template}.html", faults=faults, faulty=dict(faults), **facts)
    return tell_no_address(make_response(body, status))


def go(path: str, words: str = "") -> Response:
    """Send people to another page, which begins with these words."""
    if words:
        flash(words)
    return tell_no_address(make_response(redirect(page_url(path), 303)))


def site_settings() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def words_of(refusal: MarketplaceError) -> str:
    """Return the words for a refusal; what is wrong with a password takes some choosing."""
    if not isinstance(refusal, PasswordRefused):
        return explain(refusal)
    reason = refusal.parameters["reason"]
    if reason == "short":
        return str(_("Mật khẩu cần ít nhất %(shortest)s chữ.", shortest=refusal.parameters["shortest"]))
    if reason == "long":
        return str(_("Mật khẩu dài quá %(longest)s chữ.", longest=refusal.parameters["longest"]))
    return str(_("Mật khẩu này quá dễ đoán. Mời đặt một câu vài chữ chỉ mình bạn nhớ."))
