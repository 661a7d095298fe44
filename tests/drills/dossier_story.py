"""What may happen to dossiers, for drill S3: every deed of producers, offices, councils and decisions."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import unit_of_work
from marketplace.places.models import AdminUnit
from tests.drills.story import Deed, Story
from tests.factories.accounts import a_member, an_actor
from tests.factories.catalogue import a_product
from tests.factories.dossier_deeds import DEEDS, LEADS, Hands
from tests.factories.dossiers import a_dossier, a_round, fill_dossier, find_all, the_owner
from tests.factories.producers import a_producer

LEAST = 1


def dossier_story(commune: AdminUnit, at: datetime) -> Story:
    """Tell of a dossier that is ready to be handed in, from there to its end."""
    with unit_of_work() as session:
        province = commune.parent_id or 0
        a_round(session, province)
        office = Scope(ScopeKind.ADMIN_UNIT, province)
        officer = an_actor(a_member(session, office, Role.PROVINCE_OFFICER), (office, Role.PROVINCE_OFFICER))

    def begin(number: int) -> int:
        where = {"commune_id": commune.id, "province_id": province}
        with unit_of_work() as session:
            producer = a_producer(session, f"HTX Chè {number}", **where)
            product = a_product(session, f"Chè {number}", producer=producer, location=where)
            owner = the_owner(session, product)
            dossier = a_dossier(session, product, actor=owner, at=at)
            fill_dossier(session, owner, dossier, LEAST, at)
            return dossier.id

    def doing(name: str) -> Deed:
        def do(session: Session, number: int) -> None:
            dossier = session.get_one(Dossier, number)
            owner = the_owner(session, session.get_one(Product, dossier.product_id))
            if name == "forward" and dossier.state is DossierState.SUBMITTED:
                find_all(session, officer, dossier, at)
            DEEDS[name](session, dossier, Hands(owner, officer), at)

        return do

    return Story(
        "dossier",
        begin,
        lambda session, number: session.get_one(Dossier, number).state.value,
        {name: doing(name) for name in DEEDS},
        LEADS,
    )
