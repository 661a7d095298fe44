"""Producers that stand in the register twice: pairs to look at, compared, and merged for good."""

from flask import Response, request

from marketplace import clock
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.merge_desk import find_typed, get_both, list_namesakes, look_at
from marketplace.office.merge_words import SIGNS, TABLES, tell
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.upkeep.merging.acts import merge_producers
from marketplace.upkeep.merging.errors import MergeOutdated, MergeRefused
from marketplace.upkeep.merging.pairs import list_pairs
from marketplace.upkeep.merging.weighing import weigh
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter, send_to_members
from marketplace.web.refusals import explain
from marketplace.web.role_words import ROLES
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/trung-lap"
ID = "int(max=2147483647)"
NAMED = ("giu", "gop")


@door.get("/trung-lap")
@requires(*PROVINCE)
def show_duplicates() -> Response:
    """Show pairs of producers that look like one; two that were typed are led to their comparison."""
    if not any(request.args.get(name) for name in NAMED):
        return _pairs_page()
    work, reach = db.session(), Reach.of(require_actor())
    stays, goes = (find_typed(work, reach, request.args.get(name, "")) for name in NAMED)
    if stays is not None and goes is not None and stays is not goes:
        return go(f"{PATH}/{stays.id}/{goes.id}")
    words = _("Mời chép địa chỉ trang của một chủ thể trong tỉnh.")
    missing = [(name, words) for name, one in zip(NAMED, (stays, goes), strict=True) if one is None]
    return _pairs_page(missing or [("gop", _("Đây là cùng một trang. Mời chép địa chỉ của bên kia."))])


@door.get(f"/trung-lap/<{ID}:stays_id>/<{ID}:goes_id>")
@requires(*PROVINCE)
@strong
def compare_duplicates(stays_id: int, goes_id: int) -> Response:
    """Show two producers side by side: what each has, and what would become of it."""
    return _comparison(stays_id, goes_id)


@door.post(f"/trung-lap/<{ID}:stays_id>/<{ID}:goes_id>")
@requires(*PROVINCE)
@strong
def merge_duplicates(stays_id: int, goes_id: int) -> Response:
    """Merge the second into the first; everybody who works for either is told."""
    if not request.form.get("da_xem"):
        words = _("Mời đối chiếu giấy tờ của hai bên rồi đánh dấu.")
        return _comparison(stays_id, goes_id, [("da_xem", words)])
    at = clock.now()
    try:
        with acting() as (work, actor):
            name = get_both(work, actor, stays_id, goes_id)[0].name
            former = merge_producers(work, actor, stays_id, goes_id, request.form.get("dau", ""), at)
            send_to_members(work, Letter.PRODUCERS_MERGED, stays_id, at, former.id)
    except (MergeOutdated, MergeRefused) as refusal:
        return _comparison(stays_id, goes_id, [("dau", explain(refusal))], 409)
    return go(PATH, _("Đã gộp vào %(name)s. Địa chỉ cũ dẫn về trang này.", name=name))


def _pairs_page(faults: Faults = ()) -> Response:
    pairs = list_pairs(db.session(), Reach.of(require_actor()).producers_of_provinces())
    return page("duplicates", faults=faults, pairs=pairs, signs=SIGNS, typed=request.args)


def _comparison(stays_id: int, goes_id: int, faults: Faults = (), status: int = 0) -> Response:
    work = db.session()
    work.rollback()
    stays, goes = get_both(work, require_actor(), stays_id, goes_id)
    if stays is goes:
        return go(PATH, _("Đây là cùng một trang. Mời chép địa chỉ của bên kia."))
    weighed = weigh(work, stays, goes)
    sides = (look_at(work, stays), look_at(work, goes))
    return page(
        "duplicates_pair",
        faults=faults,
        status=status,
        weighed=weighed,
        sides=sides,
        namesakes=list_namesakes(*sides),
        rows=[(words, *weighed.counts[name]) for name, words in TABLES.items() if name in weighed.counts],
        against=[tell(one) for one in weighed.obstacles],
        roles=ROLES,
    )
