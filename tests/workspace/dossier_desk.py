"""A producer with a dossier, and its people at their browsers."""

from dataclasses import dataclass

from flask import Flask

from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member, an_actor, an_owner
from tests.factories.dossiers import a_dossier, a_dossier_product, fill_dossier, reload
from tests.signin.browsing import Browser


@dataclass(frozen=True)
class DossierDesk:
    """A product, its dossier if there is one, and the browsers of owner and staff."""

    product: Product
    base: str
    owner: Person
    browser: Browser
    staff: Browser
    dossier_id: int

    @property
    def at(self) -> str:
        """The address of the dossier."""
        return f"{self.base}/ho-so-ocop/{self.dossier_id}"

    def dossier(self) -> Dossier:
        """Read the dossier anew."""
        db.session.rollback()
        return reload(db.session(), self.dossier_id)


def a_dossier_desk(
    app: Flask,
    state: DossierState | None = DossierState.DRAFT,
    *,
    filled: bool = False,
    stars: int | None = None,
    name: str | None = None,
    set_number: int = 1,
) -> DossierDesk:
    """Write a product with a dossier in a state (None: without one), and sign its people in."""
    with unit_of_work() as session:
        product = a_dossier_product(session, name, stars=stars, set_number=set_number)
        assert product.producer_id is not None
        scope = Scope(ScopeKind.PRODUCER, product.producer_id)
        owner = an_owner(session, product.producer_id)
        staff = a_member(session, scope, Role.STAFF)
        number = 0
        if state is not None:
            actor = an_actor(owner, (scope, Role.OWNER))
            dossier = a_dossier(session, product, state, actor=actor)
            number = dossier.id
            if filled:
                fill_dossier(session, actor, dossier)
        slug = session.get_one(Producer, product.producer_id).slug
    browsers = Browser(app), Browser(app)
    browsers[0].enter_as(owner)
    browsers[1].enter_as(staff, SignInLevel.PASSWORD)
    return DossierDesk(product, f"/gian-hang/{slug}", owner, *browsers, number)
