"""Step 4: the story of a product, how it is used and kept."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.completeness import Step
from marketplace.catalogue.errors import InvalidWords
from marketplace.catalogue.listing_content import describe_listing
from marketplace.catalogue.listing_models import Listing
from marketplace.errors import InvalidInput
from marketplace.web.guards import requires
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults
from marketplace.workspace.listing_pages import Difference, Draft, own_listing, save_step, step_page
from marketplace.workspace.numbers import read_whole

FIELDS = {
    "mo_ta": "description",
    "cach_dung": "usage_note",
    "bao_quan": "storage_note",
    "han_dung": "shelf_life_days",
}


@door.get("/<slug>/san-pham/<product_slug>/buoc-4")
@requires(Role.OWNER, Role.STAFF)
def ask_story(slug: str, product_slug: str) -> Response:
    """Ask for the story."""
    return _story_page(slug, product_slug)


@door.post("/<slug>/san-pham/<product_slug>/buoc-4")
@requires(Role.OWNER, Role.STAFF)
def save_story(slug: str, product_slug: str) -> Response:
    """Keep the story, and go on."""
    try:
        words = _read_words()
        return save_step(
            Step.WORDS,
            slug,
            product_slug,
            lambda draft: _describe(draft, words),
            lambda **again: _story_page(slug, product_slug, **again),
        )
    except InvalidInput as refusal:
        return _story_page(slug, product_slug, faults=[_fault(refusal)])


def _describe(draft: Draft, words: dict[str, Any]) -> None:
    describe_listing(
        draft.session, draft.listing, version=draft.version, actor=draft.actor, at=clock.now(), **words
    )


def _read_words() -> dict[str, Any]:
    words: dict[str, Any] = {column: request.form.get(field, "") for field, column in FIELDS.items()}
    days = words["shelf_life_days"].strip()
    words["shelf_life_days"] = read_whole("shelf_life_days", days) if days else None
    return words


def _fault(refusal: InvalidInput) -> tuple[str, str]:
    column = refusal.parameters["field"]
    field = next(name for name, kept in FIELDS.items() if kept == column)
    if field == "han_dung":
        return field, _("Hạn dùng là số ngày, từ 1 đến 3.650. Không rõ thì để trống.")
    assert isinstance(refusal, InvalidWords)
    return field, _("Dài quá %(most)s chữ. Mời viết gọn lại.", most=refusal.parameters["most"])


def _story_page(
    slug: str, product_slug: str, faults: Faults = (), status: int = 0, conflict: bool = False
) -> Response:
    product, listing = own_listing(slug, product_slug)
    kept = _kept(listing)
    typed = {field: request.form.get(field, kept[field]) for field in FIELDS}
    labels = {
        "mo_ta": _("Câu chuyện"),
        "cach_dung": _("Cách dùng"),
        "bao_quan": _("Cách bảo quản"),
        "han_dung": _("Hạn dùng (ngày)"),
    }
    differences = [
        Difference(labels[field], kept[field], typed[field])
        for field in FIELDS
        if conflict and kept[field] != typed[field].replace("\r\n", "\n").strip()
    ]
    return step_page(
        Step.WORDS,
        product,
        faults=faults,
        status=status,
        conflict=conflict,
        differences=differences,
        typed=typed,
        labels=labels,
    )


def _kept(listing: Listing) -> dict[str, str]:
    return {field: str(getattr(listing, column) or "") for field, column in FIELDS.items()}
