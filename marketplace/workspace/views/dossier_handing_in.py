"""Handing a dossier in, with all that is still missing named first, and taking it back."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.dossiers.actions import submit_dossier, withdraw_dossier
from marketplace.certification.dossiers.errors import InvalidDossier, MissingPieces, TooEarly, WrongState
from marketplace.certification.dossiers.kinds import find_renewal_of, opens_on
from marketplace.certification.dossiers.models import DossierKind
from marketplace.certification.dossiers.queries import get_own_dossier
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.web.dossier_papers import samples_of
from marketplace.web.dossier_post import tell_of_dossier
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.dossier_pages import facts_of, open_file
from marketplace.workspace.dossier_words import FACTS, NEXT_WORDS
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.views.dossiers import DOSSIER, dossier_page


@door.get(f"/<slug>/ho-so-ocop/{DOSSIER}/nop")
@requires(Role.OWNER, Role.STAFF)
def ask_to_submit(slug: str, dossier_id: int) -> Response:
    """Say what is still missing, or what handing in means."""
    return _submit_page(own_producer(slug), dossier_id)


@door.post(f"/<slug>/ho-so-ocop/{DOSSIER}/nop")
@requires(Role.OWNER)
def submit_own_dossier(slug: str, dossier_id: int) -> Response:
    """Hand a dossier in to its commune, or again to who asked for more; the owner stands for it."""
    producer = own_producer(slug, Role.OWNER)
    get_own_dossier(db.session(), dossier_id, producer.id)
    if not request.form.get("cam_doan"):
        return _submit_page(producer, dossier_id, [("cam_doan", _("Mời đánh dấu lời cam đoan."))])
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug, Role.OWNER)
            dossier = get_own_dossier(session, dossier_id, own.id)
            submit_dossier(session, actor, dossier, clock.now())
            tell_of_dossier(session, dossier, clock.now())
    except (MissingPieces, TooEarly) as refusal:
        return _submit_page(own_producer(slug), dossier_id, [("nop", explain(refusal))], refusal.status)
    except WrongState as refusal:
        return go(f"/gian-hang/{slug}/ho-so-ocop/{dossier_id}", explain(refusal))
    return go(f"/gian-hang/{slug}/ho-so-ocop/{dossier_id}", _("Đã nộp hồ sơ. Bạn nhận được thư báo."))


@door.post(f"/<slug>/ho-so-ocop/{DOSSIER}/rut")
@requires(Role.OWNER)
def withdraw_own_dossier(slug: str, dossier_id: int) -> Response:
    """Take a dossier back."""
    own_producer(slug, Role.OWNER)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug, Role.OWNER)
            dossier = get_own_dossier(session, dossier_id, own.id)
            withdraw_dossier(session, actor, dossier, clock.now(), request.form.get("ly_do", ""))
    except InvalidDossier:
        fault = ("ly_do", _("Lý do tối đa 2.000 chữ."))
        return dossier_page(own_producer(slug), dossier_id, [fault])
    except WrongState as refusal:
        return dossier_page(own_producer(slug), dossier_id, [("rut", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/ho-so-ocop", _("Đã rút hồ sơ."))


def _submit_page(producer: Producer, dossier_id: int, faults: Faults = (), status: int = 0) -> Response:
    file = open_file(producer, dossier_id, clock.today())
    dossier = file.dossier
    if not dossier.state.editable:
        return go(file.at)
    early = dossier.kind is DossierKind.REASSESS and dossier.submitted_at is None
    return page(
        "dossier_submit",
        producer,
        faults=faults,
        status=status,
        opens=opens_on(find_renewal_of(db.session(), dossier.product_id, file.day)) if early else None,
        heading=NEXT_WORDS[dossier.state],
        missing=file.standing.missing,
        samples=samples_of(dossier),
        fact_words=FACTS,
        **facts_of(file),
    )
