"""S3 in short: whatever producers and officers do, a listing is where its story says, and so is the shop."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.errors import IllegalTransition, ListingChanged
from marketplace.catalogue.listing_content import describe_listing, set_listing_packs
from marketplace.catalogue.listing_models import DeclineReason, Listing
from marketplace.catalogue.listings import (
    approve_listing,
    decline_listing,
    pause_listing,
    resume_listing,
    submit_listing,
    withdraw_listing,
)
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.queries import get_product
from marketplace.database import db, unit_of_work
from tests.environment.application import empty_application
from tests.factories.catalogue import a_pack
from tests.factories.listings import (
    LEADS,
    a_certified_product,
    a_listing,
    an_officer,
    producer_of,
    the_owner,
)

versions = st.sampled_from([0, 0, 0, -1, 1])
"""Mostly the present version; sometimes what another tab still shows."""


class Desk(RuleBasedStateMachine):
    """One listing, its owner and an officer, and the plain story beside them."""

    database_url: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        url = self.database_url or f"sqlite:///{self.folder.name}/desk.db"
        self.context = empty_application(url, Path(self.folder.name))
        self.context.__enter__()
        with unit_of_work() as session:
            product = a_certified_product(session)
            self.owner = the_owner(producer_of(session, product))
            listing = a_listing(session, product, [a_pack(sku="CAM")])
            self.id, self.slug, self.version = product.id, product.slug, listing.version
        self.state, self.words, self.skus, self.deeds = "draft", "", ["CAM"], 4

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)
        self.folder.cleanup()

    def tried(self, deed: str, act: Callable[[Session, Listing], Any], *, aside: int = 0) -> bool:
        """Do a deed and say whether it was done, which the story must say too."""
        leads = self.state if deed == "edit" else LEADS.get((deed, self.state))
        legal = leads is not None and not (deed == "edit" and self.state == "submitted")
        try:
            with unit_of_work() as session:
                act(session, session.get_one(Listing, self.id))
        except ListingChanged:
            assert aside
            return False
        except IllegalTransition:
            assert not legal
            return False
        assert legal
        assert not aside
        self.state, self.version, self.deeds = str(leads), self.version + 1, self.deeds + 1
        return True

    @rule(words=st.text("ôn ào", min_size=20, max_size=40).map(str.strip), aside=versions)
    def describe(self, words: str, aside: int) -> None:
        by: dict[str, Any] = {"version": self.version + aside, "actor": self.owner, "at": clock.now()}
        if self.tried(
            "edit", lambda s, x: describe_listing(s, x, description=words + "." * 20, **by), aside=aside
        ):
            self.words = words

    @rule(skus=st.lists(st.sampled_from(["CAM", "BUOI", "NA"]), unique=True, min_size=1), aside=versions)
    def pack(self, skus: list[str], aside: int) -> None:
        by: dict[str, Any] = {"version": self.version + aside, "actor": self.owner, "at": clock.now()}
        packs = [a_pack(sku=sku) for sku in skus]
        if self.tried("edit", lambda s, x: set_listing_packs(s, x, packs, **by), aside=aside):
            self.skus = skus

    @rule()
    def submit(self) -> None:
        self.tried("submit", lambda s, x: submit_listing(s, x, actor=self.owner, at=clock.now()))

    @rule()
    def withdraw(self) -> None:
        self.tried("withdraw", lambda s, x: withdraw_listing(s, x, actor=self.owner, at=clock.now()))

    @rule(aside=versions)
    def approve(self, aside: int) -> None:
        by: dict[str, Any] = {"version": self.version + aside, "actor": an_officer(), "at": clock.now()}
        self.tried("approve", lambda s, x: approve_listing(s, x, **by), aside=aside)

    @rule(aside=versions)
    def decline(self, aside: int) -> None:
        by: dict[str, Any] = {"version": self.version + aside, "actor": an_officer(), "at": clock.now()}
        self.tried(
            "decline", lambda s, x: decline_listing(s, x, DeclineReason.OTHER, "Chưa rõ", **by), aside=aside
        )

    @rule()
    def pause(self) -> None:
        self.tried("pause", lambda s, x: pause_listing(s, x, actor=self.owner, at=clock.now()))

    @rule()
    def resume(self) -> None:
        self.tried("resume", lambda s, x: resume_listing(s, x, actor=self.owner, at=clock.now()))

    @invariant()
    def is_where_the_story_says(self) -> None:
        db.session.rollback()
        listing = db.session.get_one(Listing, self.id)
        assert (listing.state, listing.version) == (self.state, self.version)
        assert (listing.answer_due_at is not None) >= (self.state == "submitted")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Deed)) == self.deeds

    @invariant()
    def the_public_sees_it_only_while_it_is_live(self) -> None:
        db.session.rollback()
        live = self.state == "live"
        variants = db.session.scalars(sa.select(Variant).where(Variant.product_id == self.id)).all()
        there = {one.sku for one in variants if (one.active if live else one.waiting)}
        assert there == set(self.skus)
        assert not any(one.waiting if live else one.active for one in variants)
        db.session.expunge_all()
        shown: Product = get_product(self.slug)
        assert (shown.listing is not None) is (shown.cover_id is not None) is shown.offered is live
        assert [one.sku for one in shown.variants] == (self.skus if live else [])
        assert shown.listing is None or self.words in (shown.listing.description or "")


@pytest.mark.parametrize(("database", "sequences"), [("sqlite", 8), ("postgresql", 6)])
def test_a_listing_keeps_to_its_story(database: str, sequences: int, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    machine = type("DeskOnDatabase", (Desk,), {"database_url": url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
