"""Step 2: photographs, taken with the phone or chosen from it."""

from collections.abc import Sequence
from typing import TypeAlias

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.completeness import Step
from marketplace.catalogue.errors import IllegalTransition, InvalidPictures
from marketplace.catalogue.listing_content import set_listing_pictures
from marketplace.catalogue.models import Product
from marketplace.catalogue.pictures import LEAST_PICTURES, LONGEST_ALT, MOST_PICTURES
from marketplace.media.errors import PictureRefused
from marketplace.media.pictures import Encoded, encode, find_same, keep, owner_of
from marketplace.web.guards import requires
from marketplace.web.pictures import answer_script, read_files, takes_files
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go
from marketplace.workspace.listing_pages import (
    Difference,
    Draft,
    change_listing,
    own_listing,
    save_step,
    seen_version,
    step_page,
)

Shown: TypeAlias = list[tuple[int, str]]
"""Pictures by their ids, each with what it shows."""


@door.get("/<slug>/san-pham/<product_slug>/buoc-2")
@requires(Role.OWNER, Role.STAFF)
def ask_pictures(slug: str, product_slug: str) -> Response:
    """Ask for photographs."""
    return _pictures_page(slug, product_slug)


@door.post("/<slug>/san-pham/<product_slug>/buoc-2")
@requires(Role.OWNER, Role.STAFF)
@takes_files()
def save_pictures(slug: str, product_slug: str) -> Response:
    """Keep the pictures that were sent and what is said of them, take one away, and go on."""
    own_listing(slug, product_slug)
    version, faults, status = _take_files(slug, product_slug)
    if (told := answer_script([words for _field, words in faults])) is not None:
        return told
    if status:
        return _pictures_page(slug, product_slug, faults, status)
    answer = save_step(
        Step.PICTURES,
        slug,
        product_slug,
        lambda draft: _arrange(draft, max(version, draft.version)),
        lambda **again: _pictures_page(slug, product_slug, **again),
    )
    if answer.status_code != 303:
        return answer
    if faults:
        return _pictures_page(slug, product_slug, faults)
    return go(request.path) if request.form.keys() & {"xoa", "bia", "gui"} else answer


def _take_files(slug: str, product_slug: str) -> tuple[int, list[tuple[str, str]], int]:
    """Keep the files that were sent.

    Returns the version that the person then knows of, what is wrong with files, and the status where
    none can be taken now.
    """
    encoded, faults = _encode_all()
    try:
        return (_add(slug, product_slug, encoded) if encoded else seen_version()), faults, 0
    except (InvalidPictures, IllegalTransition) as refusal:
        return 0, [*faults, ("anh", explain(refusal))], refusal.status


def _encode_all() -> tuple[list[Encoded], list[tuple[str, str]]]:
    """Return the files as pictures, and in words those that are none."""
    encoded: list[Encoded] = []
    faults: list[tuple[str, str]] = []
    for name, content in read_files(most=MOST_PICTURES):
        try:
            encoded.append(encode(content, name))
        except PictureRefused as refusal:
            faults.append(("anh", explain(refusal)))
    return encoded, faults


def _add(slug: str, product_slug: str, encoded: Sequence[Encoded]) -> int:
    """Keep pictures behind those that are there, whoever changed what meanwhile.

    Returns the version that the person then knows of: the new one, unless theirs was outdated before.
    """
    known = seen_version()

    def add(draft: Draft) -> None:
        nonlocal known
        at, owner = clock.now(), owner_of("producer", draft.listing.producer_id)
        fresh, before = draft.version == draft.listing.version, _shown(draft.product)
        there = [*before]
        for one in encoded:
            picture = find_same(draft.session, owner, one.digest) or keep(draft.session, one, owner, at)
            if picture.id not in dict(there):
                there.append((picture.id, ""))
        if there != before:
            _set(draft, there, draft.listing.version)
        known = draft.listing.version if fresh else known

    change_listing(slug, product_slug, add, Step.PICTURES)
    return known


def _arrange(draft: Draft, version: int) -> None:
    """Give the pictures the words that were typed, and take one away or put it first."""
    there = _shown(draft.product)
    keys = {one.picture_id: one.picture.key for one in draft.product.pictures}
    wanted = [
        (number, " ".join(request.form.get(f"ta-{keys[number]}", words).split()))
        for number, words in there
        if keys[number] != request.form.get("xoa")
    ]
    wanted.sort(key=lambda one: keys[one[0]] != request.form.get("bia"))
    if wanted != there:
        _set(draft, wanted, version)


def _set(draft: Draft, pictures: Shown, version: int) -> None:
    set_listing_pictures(
        draft.session, draft.listing, pictures, version=version, actor=draft.actor, at=clock.now()
    )


def _shown(product: Product) -> Shown:
    return [(one.picture_id, one.alt) for one in product.pictures]


def _pictures_page(
    slug: str, product_slug: str, faults: Faults = (), status: int = 0, conflict: bool = False
) -> Response:
    product, _listing = own_listing(slug, product_slug)
    typed = {one.picture.key: request.form.get(f"ta-{one.picture.key}", one.alt) for one in product.pictures}
    return step_page(
        Step.PICTURES,
        product,
        faults=faults,
        status=status,
        conflict=conflict,
        differences=[
            Difference(_("Ảnh %(number)s", number=number), one.alt, typed[one.picture.key])
            for number, one in enumerate(product.pictures, start=1)
            if conflict and one.alt != typed[one.picture.key]
        ],
        typed=typed,
        least=LEAST_PICTURES,
        left=MOST_PICTURES - len(product.pictures),
        longest=LONGEST_ALT,
    )
