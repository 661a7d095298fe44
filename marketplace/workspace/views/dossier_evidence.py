"""Evidence at a criterion of a dossier: sent, chosen from the shelf, or a page of this market by one tap."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.dossiers.errors import (
    InvalidEvidence,
    NotEditable,
    PageNotThere,
    TooManyEvidence,
)
from marketplace.certification.dossiers.evidence import add_evidence, get_own_evidence, list_evidence
from marketplace.certification.dossiers.evidence_models import OwnPage
from marketplace.certification.dossiers.laying import lay_to, link_own_page, take_from
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.own_pages import own_pages
from marketplace.certification.dossiers.queries import get_own_dossier
from marketplace.certification.dossiers.sheets import rubric_of
from marketplace.certification.errors import UnknownCriterion
from marketplace.certification.rubrics.rubric import Criterion
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media.limits import MAX_BYTES
from marketplace.producers.models import Producer
from marketplace.web.dossier_papers import own_paths
from marketplace.web.guards import requires
from marketplace.web.pictures import takes_files
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.dossier_pages import facts_of, group_of, open_file
from marketplace.workspace.evidence_form import fault_of, form_facts, read_facts
from marketplace.workspace.paper_file import read_paper_file
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed
from marketplace.workspace.views.dossiers import DOSSIER

CRITERION = f"/<slug>/ho-so-ocop/{DOSSIER}/minh-chung/<string(maxlength=12):criterion>"


@door.get(CRITERION)
@requires(Role.OWNER, Role.STAFF)
def show_evidence_at(slug: str, dossier_id: int, criterion: str) -> Response:
    """Show what is laid to a criterion, and the three ways to lay more."""
    return _evidence_page(own_producer(slug), dossier_id, criterion)


@door.post(CRITERION)
@requires(Role.OWNER, Role.STAFF)
@takes_files(MAX_BYTES + 200_000)
def add_at(slug: str, dossier_id: int, criterion: str) -> Response:
    """Put a piece on the shelf and lay it to a criterion."""
    producer, typed = own_producer(slug), Typed(request.form)
    _require_criterion(get_own_dossier(db.session(), dossier_id, producer.id), criterion)
    facts, file = read_facts(typed), read_paper_file(typed)
    if facts is None or file is None:
        return _evidence_page(producer, dossier_id, criterion, typed.faults)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            dossier = get_own_dossier(session, dossier_id, own.id)
            piece = add_evidence(session, actor, own, facts, file, clock.now())
            lay_to(session, actor, dossier, criterion, piece, clock.now())
    except (InvalidEvidence, TooManyEvidence) as refusal:
        return _evidence_page(own_producer(slug), dossier_id, criterion, [fault_of(refusal)])
    except NotEditable as refusal:
        return _back(slug, dossier_id, criterion, explain(refusal))
    return _back(slug, dossier_id, criterion, _("Đã thêm minh chứng."))


@door.post(f"{CRITERION}/chon")
@requires(Role.OWNER, Role.STAFF)
def choose_at(slug: str, dossier_id: int, criterion: str) -> Response:
    """Lay a piece from the shelf, or a page of this market, to a criterion."""
    words = _("Đã thêm minh chứng.")
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            dossier = get_own_dossier(session, dossier_id, own.id)
            wanted = request.form.get("trang", "")
            if wanted in set(OwnPage):
                link_own_page(session, actor, dossier, OwnPage(wanted), criterion, clock.now())
            else:
                piece = get_own_evidence(session, Typed(request.form).id("giay"), own.id)
                lay_to(session, actor, dossier, criterion, piece, clock.now())
    except UnknownCriterion as refusal:
        raise NotFound(criterion=criterion) from refusal
    except (NotEditable, PageNotThere) as refusal:
        words = explain(refusal)
    return _back(slug, dossier_id, criterion, words)


@door.post(f"{CRITERION}/bo")
@requires(Role.OWNER, Role.STAFF)
def take_away_at(slug: str, dossier_id: int, criterion: str) -> Response:
    """Take a piece from a criterion; it stays on the shelf."""
    words = _("Đã bỏ khỏi tiêu chí này; giấy vẫn ở trong tủ.")
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            dossier = get_own_dossier(session, dossier_id, own.id)
            take_from(session, actor, dossier, criterion, Typed(request.form).id("giay"), clock.now())
    except NotEditable as refusal:
        words = explain(refusal)
    return _back(slug, dossier_id, criterion, words)


def _require_criterion(dossier: Dossier, code: str) -> Criterion:
    """Return a criterion that a dossier is scored at; raises NotFound."""
    found = next((leaf for leaf in rubric_of(dossier).leaves() if leaf.code == code), None)
    if found is None:
        raise NotFound(criterion=code)
    return found


def _back(slug: str, dossier_id: int, code: str, words: str) -> Response:
    return go(f"/gian-hang/{slug}/ho-so-ocop/{dossier_id}/minh-chung/{code}", words)


def _evidence_page(producer: Producer, dossier_id: int, code: str, faults: Faults = ()) -> Response:
    file = open_file(producer, dossier_id, clock.today())
    leaf = _require_criterion(file.dossier, code)
    laid = file.standing.evidence.get(code, ())
    taken = {piece.own_page for piece in laid}
    return page(
        "dossier_evidence",
        producer,
        faults=faults,
        leaf=leaf,
        group=group_of(code),
        chosen=file.standing.sheet.option_at(leaf),
        laid=laid,
        own_paths=own_paths(file.dossier.product),
        pages=[one for one in OwnPage if one in own_pages(file.dossier.product) and one not in taken],
        shelf=[one for one in list_evidence(producer.id) if one not in laid and one.own_page is None],
        lacking=leaf in file.standing.lacking,
        **form_facts(),
        **facts_of(file),
    )
