"""What may happen to listings, change requests, decisions and dossiers, written down a second time.

Each story begins with a thing in its first state and names the deeds upon it; `legal` says from where to
where each leads, and whatever is not there must be refused and change nothing. Deeds that name a version
hold the row while they read it: what a stale version does is not the matter here.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import (
    ChangeRequest,
    confirm_change_request,
    decline_change_request,
    open_change_request,
    withdraw_change_request,
)
from marketplace.catalogue.listing_content import describe_listing
from marketplace.catalogue.listing_models import DeclineReason, Listing
from marketplace.catalogue.listings import (
    approve_listing,
    decline_listing,
    pause_listing,
    resume_listing,
    submit_listing,
    withdraw_listing,
)
from marketplace.certification.decisions.drafts import withdraw_paper
from marketplace.certification.decisions.paper_decisions import confirm_paper, draft_decision
from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.database import unit_of_work
from marketplace.places.models import Level
from tests.drills.dossier_story import dossier_story
from tests.drills.order_stories import parcel_story, return_story
from tests.drills.story import Deed, Story
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product
from tests.factories.listings import (
    LEADS,
    a_certified_product,
    a_listing,
    an_officer,
    producer_of,
    the_owner,
)
from tests.factories.ordering import a_unit
from tests.factories.producers import a_producer

LISTING_STATES = ("draft", "submitted", "declined", "live", "paused")


def list_stories() -> list[Story]:
    """Return the stories that are told so far; writes what they need, once for a database."""
    at = clock.now()
    with unit_of_work() as session:
        province = a_unit(session, "Hà Tĩnh", "tỉnh", Level.PROVINCE)
        commune = a_unit(session, "Hương Đô", "xã", Level.COMMUNE, province)
        people = a_person(session).id, a_person(session).id
    papers = _paper(province.id, people, at)
    orders = parcel_story(commune, at), return_story(commune, at)
    return [_listing(at), _change_request(at), *orders, papers, dossier_story(commune, at)]


def _listing(at: datetime) -> Story:
    def begin(number: int) -> int:
        with unit_of_work() as session:
            return a_listing(session, a_certified_product(session, f"Cam {number}")).product_id

    def owned(act: Callable[..., None], **more: Any) -> Deed:
        def do(session: Session, number: int) -> None:
            listing = session.get_one(Listing, number, with_for_update=act is describe_listing)
            actor = an_actor(1, (Scope(ScopeKind.PRODUCER, listing.producer_id), Role.OWNER))
            versions = {"version": listing.version} if act is describe_listing else {}
            act(session, listing, **versions, **more, actor=actor, at=at)

        return do

    def judged(act: Callable[..., None], *words: Any, member: bool = False) -> Deed:
        def do(session: Session, number: int) -> None:
            listing = session.get_one(Listing, number, with_for_update=True)
            own = an_actor(90, (Scope(ScopeKind.PRODUCER, listing.producer_id), Role.STAFF))
            by = own if member else an_officer()
            act(session, listing, *words, version=listing.version, actor=by, at=at)

        return do

    why = (DeclineReason.OTHER, "Chưa rõ nhãn")
    return Story(
        "listing",
        begin,
        lambda session, number: session.get_one(Listing, number).state.value,
        {
            "edit": owned(describe_listing, usage_note="Ăn tươi"),
            "submit": owned(submit_listing),
            "withdraw": owned(withdraw_listing),
            "pause": owned(pause_listing),
            "resume": owned(resume_listing),
            "approve": judged(approve_listing),
            "decline": judged(decline_listing, *why),
            "approve one's own": judged(approve_listing, member=True),
        },
        {
            **{("edit", state): state for state in LISTING_STATES if state != "submitted"},
            **LEADS,
        },
    )


def _change_request(at: datetime) -> Story:
    def begin(number: int) -> int:
        with unit_of_work() as session:
            product = a_certified_product(session, f"Bưởi {number}")
            by: dict[str, Any] = {"actor": the_owner(producer_of(session, product)), "at": at}
            changes: dict[ChangeField, str | None] = {ChangeField.NAME: f"Bưởi đỏ {number}"}
            return open_change_request(session, product, changes, reason="", **by).id

    def do(act: Callable[..., None], *words: str) -> Deed:
        return lambda session, number: act(
            session, session.get_one(ChangeRequest, number), *words, actor=an_officer(), at=at
        )

    return Story(
        "change request",
        begin,
        lambda session, number: session.get_one(ChangeRequest, number).state.value,
        {
            "withdraw": do(withdraw_change_request),
            "confirm": do(confirm_change_request),
            "decline": do(decline_change_request, "Chưa đủ giấy"),
        },
        {
            ("withdraw", "open"): "withdrawn",
            ("confirm", "open"): "confirmed",
            ("decline", "open"): "declined",
        },
    )


def _paper(province_id: int, people: tuple[int, int], at: datetime) -> Story:
    author, second = (
        an_actor(person, (Scope(ScopeKind.ADMIN_UNIT, province_id), Role.PROVINCE_OFFICER))
        for person in people
    )

    def begin(number: int) -> int:
        with unit_of_work() as session:
            producer = a_producer(session, f"HTX Quế {number}")
            product = a_product(session, f"Quế {number}", producer=producer, province_id=province_id)
            paper = f"{number + 1}/QĐ-UBND", clock.local_date(at)
            return draft_decision(session, author, province_id, *paper, {product.id: 3}, at).id

    return Story(
        "decision from paper",
        begin,
        lambda session, number: session.get_one(PaperDecision, number).state.value,
        {
            "confirm": lambda session, number: confirm_paper(session, second, number, at),
            "confirm one's own": lambda session, number: confirm_paper(session, author, number, at),
            "withdraw": lambda session, number: withdraw_paper(session, author, number, at),
        },
        {("confirm", "drafted"): "confirmed", ("withdraw", "drafted"): "withdrawn"},
    )
