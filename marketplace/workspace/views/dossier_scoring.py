"""The producer's own scoring: one group of criteria a page, words beside each, evidence within reach."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.dossiers.editing import save_choices
from marketplace.certification.dossiers.errors import InvalidDossier, NotEditable
from marketplace.certification.dossiers.queries import get_own_dossier
from marketplace.certification.dossiers.sheets import LONGEST_WORDS, rubric_of
from marketplace.certification.errors import UnknownOption
from marketplace.certification.rubrics.rubric import Criterion, Rubric
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import SHEET_FACTS, read_sheet
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.dossier_pages import facts_of, open_file
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.views.dossiers import DOSSIER

GROUP = f"/<slug>/ho-so-ocop/{DOSSIER}/cham/<string(maxlength=4):group>"
NOTE = "loi-"
"""What the field of the words beside a criterion begins with."""
TO_EVIDENCE, TO_DOSSIER = "minh-chung:", "ho-so"
"""Where a button leads once the page is saved; without one, to the next group."""


@door.get(GROUP)
@requires(Role.OWNER, Role.STAFF)
def show_group(slug: str, dossier_id: int, group: str) -> Response:
    """Show a group of criteria with what is chosen, and what is laid to each."""
    return _group_page(own_producer(slug), dossier_id, group)


@door.post(GROUP)
@requires(Role.OWNER, Role.STAFF)
def save_group(slug: str, dossier_id: int, group: str) -> Response:
    """Write what was chosen in a group, and go on to the next one, to evidence, or back to the dossier."""
    producer = own_producer(slug)
    rubric = rubric_of(get_own_dossier(db.session(), dossier_id, producer.id))
    leaves = list(_group(rubric, group).leaves())
    at = f"/gian-hang/{slug}/ho-so-ocop/{dossier_id}"
    try:
        chosen = read_sheet(rubric, request.form).choices
        choices = {leaf.code: chosen.get(leaf.code) for leaf in leaves}
        words = {leaf.code: request.form.get(NOTE + leaf.code, "") for leaf in leaves}
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            dossier = get_own_dossier(session, dossier_id, own.id)
            save_choices(session, actor, dossier, choices, words, clock.now())
    except InvalidDossier:
        return _group_page(producer, dossier_id, group, _too_long(leaves))
    except UnknownOption as refusal:
        return _group_page(producer, dossier_id, group, [(f"c{leaves[0].code}", explain(refusal))])
    except NotEditable as refusal:
        return go(at, explain(refusal))
    return _onwards(at, rubric, group)


def _onwards(at: str, rubric: Rubric, code: str) -> Response:
    wanted = request.form.get("toi", "")
    criterion = wanted.removeprefix(TO_EVIDENCE)
    if criterion in {leaf.code for leaf in rubric.leaves()}:
        return go(f"{at}/minh-chung/{criterion}")
    following = _neighbour(rubric, code, 1)
    if following is None or wanted == TO_DOSSIER:
        return go(at, _("Đã lưu."))
    return go(f"{at}/cham/{following.code}", _("Đã lưu nhóm %(code)s.", code=code))


def _groups(rubric: Rubric) -> list[Criterion]:
    return [criterion for part in rubric.parts for criterion in part.criteria]


def _group(rubric: Rubric, code: str) -> Criterion:
    found = next((one for one in _groups(rubric) if one.code == code), None)
    if found is None:
        raise NotFound(criterion=code)
    return found


def _neighbour(rubric: Rubric, code: str, step: int) -> Criterion | None:
    groups = _groups(rubric)
    place = groups.index(_group(rubric, code)) + step
    return groups[place] if 0 <= place < len(groups) else None


def _too_long(leaves: list[Criterion]) -> Faults:
    words = _("Lời ghi tối đa %(most)s chữ.", most=LONGEST_WORDS)
    named = [NOTE + leaf.code for leaf in leaves]
    return [(name, words) for name in named if len(request.form.get(name, "")) > LONGEST_WORDS]


def _group_page(producer: Producer, dossier_id: int, code: str, faults: Faults = ()) -> Response:
    file = open_file(producer, dossier_id, clock.today())
    rubric = file.standing.sheet.rubric
    group, groups = _group(rubric, code), _groups(rubric)
    typed = faults and not any(name.startswith("c") for name, _words in faults)
    return page(
        "dossier_group",
        producer,
        faults=faults,
        group=group,
        number=groups.index(group) + 1,
        groups=groups,
        before=_neighbour(rubric, code, -1),
        after=_neighbour(rubric, code, 1),
        sheet=read_sheet(rubric, request.form) if typed else file.standing.sheet,
        notes={leaf.code: request.form.get(NOTE + leaf.code, "") for leaf in group.leaves()}
        if faults
        else file.notes,
        lacking={leaf.code for leaf in file.standing.lacking},
        longest=LONGEST_WORDS,
        field_names={"note": NOTE, "evidence": TO_EVIDENCE, "dossier": TO_DOSSIER},
        rubric=rubric,
        **facts_of(file),
        **SHEET_FACTS,
    )
