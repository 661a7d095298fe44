"""Asking for changes of what the certificate fixes: an officer confirms or declines them."""

import re

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import (
    ChangeRequest,
    RequestState,
    open_change_request,
    withdraw_change_request,
)
from marketplace.catalogue.errors import (
    ChangeRequestOpen,
    IllegalTransition,
    InvalidChange,
    InvalidWords,
    NotFixedYet,
)
from marketplace.catalogue.models import Product
from marketplace.catalogue.own_products import list_change_requests
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.change_words import FIELDS, STATES, tell
from marketplace.workspace.listing_pages import producer_of
from marketplace.workspace.set_choice import grouped_sets
from marketplace.workspace.tenancy import own_product, own_product_in
from marketplace.workspace.typed import Typed

NAMES = {
    "ten": ChangeField.NAME,
    "ten_en": ChangeField.NAME_EN,
    "bo": ChangeField.SET,
    "chu_the": ChangeField.PRODUCER,
    "thanh_phan": ChangeField.INGREDIENTS,
    "nhan": ChangeField.LABELS,
}
REASON = "ly_do"


@door.get("/<slug>/san-pham/<product_slug>/de-nghi")
@requires(Role.OWNER, Role.STAFF)
def show_change(slug: str, product_slug: str) -> Response:
    """Show the request that waits, else ask what should be changed."""
    return _change_page(own_product(slug, product_slug))


@door.post("/<slug>/san-pham/<product_slug>/de-nghi")
@requires(Role.OWNER, Role.STAFF)
def ask_for_change(slug: str, product_slug: str) -> Response:
    """Hand a request to the office."""
    try:
        with acting() as (session, actor):
            product = own_product_in(session, actor, slug, product_slug)
            typed, reason = _typed(_present(product)), request.form.get(REASON, "")
            wanted = {NAMES[name]: text or None for name, text in typed.items()}
            open_change_request(session, product, wanted, reason=reason, actor=actor, at=clock.now())
    except (InvalidChange, InvalidWords, ChangeRequestOpen, NotFixedYet) as refusal:
        return _change_page(own_product(slug, product_slug), [_fault(refusal)], refusal.status)
    return go(request.path, _("Đã gửi đề nghị. Người mua vẫn thấy bản cũ cho đến khi được duyệt."))


@door.post("/<slug>/san-pham/<product_slug>/de-nghi/rut")
@requires(Role.OWNER, Role.STAFF)
def take_change_back(slug: str, product_slug: str) -> Response:
    """Take the request that waits back."""
    try:
        with acting() as (session, actor):
            product = own_product_in(session, actor, slug, product_slug)
            asked = session.get(ChangeRequest, Typed(request.form).id("de_nghi"))
            if asked is None or asked.product_id != product.id or asked.producer_id != product.producer_id:
                raise NotFound
            withdraw_change_request(session, asked, actor=actor, at=clock.now())
    except IllegalTransition as refusal:
        return _change_page(own_product(slug, product_slug), [("chinh", explain(refusal))], refusal.status)
    return go(request.path.removesuffix("/rut"), _("Đã rút đề nghị."))


def _change_page(product: Product, faults: Faults = (), status: int = 0) -> Response:
    producer, asked = producer_of(product), list_change_requests(db.session(), product.id)
    waiting = next((one for one in asked if one.state is RequestState.OPEN), None)
    template = "change" if waiting else "change_form"
    return page(
        template,
        producer,
        faults=faults,
        status=status,
        product=product,
        waiting=waiting,
        past=[one for one in asked if one is not waiting],
        told=tell(asked),
        marks=STATES,
        labels={name: FIELDS[field] for name, field in NAMES.items()},
        typed={**_typed(_present(product)), REASON: request.form.get(REASON, "")},
        sets=[] if waiting else grouped_sets(),
        at=f"/gian-hang/{producer.slug}/san-pham/{product.slug}",
    )


def _present(product: Product) -> dict[str, str]:
    """Return what the fields hold before anything is typed."""
    texts = {name: getattr(product, field.value) for name, field in NAMES.items() if field not in _NAMED}
    present = {**texts, "bo": product.set.slug if product.set else "", "chu_the": producer_of(product).slug}
    return {name: present[name] or "" for name in NAMES}


_NAMED = {ChangeField.SET, ChangeField.PRODUCER}


def _typed(present: dict[str, str]) -> dict[str, str]:
    """Return what was typed, else what is there; a producer may be named by the address of its page."""
    typed = {
        name: request.form.get(name, text).replace("\r\n", "\n").strip() for name, text in present.items()
    }
    address = re.search(r"/chu-the/([\w-]+)", typed["chu_the"])
    typed["chu_the"] = address.group(1) if address else typed["chu_the"]
    return typed


def _fault(refusal: MarketplaceError) -> tuple[str, str]:
    named = {field.value: name for name, field in NAMES.items()}
    at = named.get(str(refusal.parameters.get("field", "")), REASON)
    words = {
        "chu_the": _("Chợ không có chủ thể này. Mời chép lại địa chỉ trang của chủ thể."),
        "bo": _("Mời chọn một bộ sản phẩm."),
    }
    if isinstance(refusal, InvalidChange) and at == REASON:
        return "ten", _("Chưa có gì khác với bản đang hiện. Mời sửa ít nhất một ô.")
    return at, words.get(at, explain(refusal))
