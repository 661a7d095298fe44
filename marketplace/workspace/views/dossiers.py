"""Dossiers of a producer: those there are, opening one, and one as it stands."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.models import Product
from marketplace.catalogue.own_products import list_own_products
from marketplace.certification.dossiers.actions import open_dossier
from marketplace.certification.dossiers.errors import KindNotOpen, NoRubric, OpenDossierExists, PlaceUnknown
from marketplace.certification.dossiers.evidence import list_evidence
from marketplace.certification.dossiers.flow import MOVES
from marketplace.certification.dossiers.kinds import find_renewal_of, kinds_open
from marketplace.certification.dossiers.models import DossierKind, DossierState
from marketplace.certification.dossiers.queries import list_dossiers_of
from marketplace.certification.renewal import Stage
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import SHEET_FACTS, groups_of
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.dossier_pages import WORDS, facts_of, open_file
from marketplace.workspace.dossier_words import ABOUT_KINDS, WHAT_FOLLOWS
from marketplace.workspace.tenancy import own_producer, own_producer_in, own_product, own_product_in

DOSSIER = "<int(max=2147483647):dossier_id>"


@door.get("/<slug>/ho-so-ocop")
@requires(Role.OWNER, Role.STAFF)
def list_dossiers(slug: str) -> Response:
    """Show the dossiers there are, those under way first, and the products for which one can be opened."""
    producer = own_producer(slug)
    found = list_dossiers_of(producer.id)
    under_way = [one for one in found if not one.state.ended]
    busy = {one.product_id for one in under_way}
    return page(
        "dossiers",
        producer,
        open=sorted(under_way, key=lambda one: not one.state.editable),
        ended=[one for one in found if one.state.ended],
        products=[one for one in list_own_products(db.session(), producer.id) if one.id not in busy],
        pieces=len(list_evidence(producer.id)),
        day=clock.today(),
        **WORDS,
    )


@door.get("/<slug>/ho-so-ocop/mo/<product_slug>")
@requires(Role.OWNER, Role.STAFF)
def ask_dossier_kind(slug: str, product_slug: str) -> Response:
    """Ask why a product is to be evaluated."""
    return _kind_page(own_product(slug, product_slug))


@door.post("/<slug>/ho-so-ocop/mo/<product_slug>")
@requires(Role.OWNER, Role.STAFF)
def open_new_dossier(slug: str, product_slug: str) -> Response:
    """Open a dossier for a product, filled from the last one."""
    product, kind = own_product(slug, product_slug), request.form.get("loai", "")
    if kind not in set(DossierKind):
        return _kind_page(product, [("loai", _("Mời chọn loại hồ sơ."))])
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            product = own_product_in(session, actor, slug, product_slug)
            opened = open_dossier(session, actor, own, product, DossierKind(kind), clock.now())
            number = opened.id
    except (KindNotOpen, NoRubric, OpenDossierExists, PlaceUnknown) as refusal:
        return _kind_page(own_product(slug, product_slug), [("loai", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/ho-so-ocop/{number}", _("Đã mở hồ sơ. Mời chấm từng nhóm tiêu chí."))


@door.get(f"/<slug>/ho-so-ocop/{DOSSIER}")
@requires(Role.OWNER, Role.STAFF)
def show_dossier(slug: str, dossier_id: int) -> Response:
    """Show a dossier: how far it is, what it would reach, what is missing, and what was said of it."""
    return dossier_page(own_producer(slug), dossier_id)


def dossier_page(producer: Producer, dossier_id: int, faults: Faults = (), status: int = 0) -> Response:
    """Return the page of a dossier of a producer, perhaps with what was wrong."""
    file = open_file(producer, dossier_id, clock.today())
    sheet, way = file.standing.sheet, file.standing.next_star
    awaited = file.dossier.kind is DossierKind.REASSESS and file.dossier.state is DossierState.DRAFT
    return page(
        "dossier",
        producer,
        window=find_renewal_of(db.session(), file.dossier.product_id, file.day) if awaited else None,
        faults=faults,
        status=status,
        withdrawable=DossierState.WITHDRAWN in MOVES[file.dossier.state],
        parts=[(part, list(groups_of(part, sheet, way))) for part in sheet.rubric.parts],
        follows=WHAT_FOLLOWS[file.dossier.state],
        **facts_of(file),
        **SHEET_FACTS,
    )


def _kind_page(product: Product, faults: Faults = (), status: int = 0) -> Response:
    producer, day = product.producer, clock.today()
    assert isinstance(producer, Producer)
    kinds = kinds_open(product, day)
    renewal = find_renewal_of(db.session(), product.id, day)
    early = renewal is not None and renewal.stage in {Stage.FAR, Stage.NEAR}
    return page(
        "dossier_kind",
        producer,
        faults=faults,
        status=status,
        product=product,
        renewal=renewal,
        early=early,
        open_kinds=kinds,
        chosen=kinds[-1] if early else kinds[0],
        about=ABOUT_KINDS,
        **WORDS,
    )
