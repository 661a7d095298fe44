"""Rounds of evaluation of the own provinces: which dossiers they take, and by when they are decided."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.errors import InvalidRound, RoundInUse, RoundOnRecord
from marketplace.certification.dossiers.rounds import (
    RoundFacts,
    list_rounds,
    move_round,
    next_ministry_rounds,
    open_round,
    remove_round,
    usual_rounds,
)
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.tenancy import OFFICE, PROVINCE, Reach, round_to_change
from marketplace.office.typed_days import read_day
from marketplace.office.units import list_own_provinces
from marketplace.text import whole_number
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/dot-danh-gia"
ROUND = "<int(max=2147483647):round_id>"
FIELDS = {"year": "nam", "number": "so", "intake_until": "nhan_den", "decided_by": "xong"}


@door.get("/dot-danh-gia")
@requires(*OFFICE)
def show_rounds() -> Response:
    """Show the rounds, how many dossiers each holds, and what opens another one."""
    return _rounds_page()


@door.post("/dot-danh-gia")
@requires(*PROVINCE)
def add_round() -> Response:
    """Open a round with the days that were typed."""
    try:
        facts = _read_facts()
        with acting() as (work, actor):
            open_round(work, actor, _own_province(actor), facts, clock.now())
    except InvalidRound as refusal:
        return _rounds_page([_fault(refusal)])
    except RoundOnRecord as refusal:
        return _rounds_page([("so", explain(refusal))])
    return go(PATH, _("Đã mở đợt đánh giá."))


@door.post("/dot-danh-gia/hai-dot")
@requires(*PROVINCE)
def add_usual_rounds() -> Response:
    """Open those of the two rounds of a year by the decision that are not there yet."""
    year = _number("nam")
    opened = 0
    with acting() as (work, actor):
        province = _own_province(actor)
        there = {
            one.round.number
            for one in list_rounds(work, Reach.of(actor).rounds())
            if one.round.unit_id == province and one.round.year == year
        }
        for facts in usual_rounds(year) if _in_sight(year) else []:
            if facts.number not in there:
                open_round(work, actor, province, facts, clock.now())
                opened += 1
    return go(PATH, _("Đã mở hai đợt của năm.") if opened else _("Năm này đã có đủ hai đợt."))


@door.post(f"/dot-danh-gia/{ROUND}")
@requires(*PROVINCE)
def change_round(round_id: int) -> Response:
    """Give a round other days."""
    until, decided = read_day(request.form.get("nhan_den", "")), read_day(request.form.get("xong", ""))
    if until is None or decided is None:
        return go(PATH, _("Chưa đổi: mời chọn đủ hai ngày."))
    try:
        with acting() as (work, actor):
            own = round_to_change(work, actor, round_id)
            move_round(work, actor, own, until, decided, clock.now())
    except InvalidRound as refusal:
        return _refused(_fault(refusal)[1], refusal)
    return go(PATH, _("Đã đổi ngày của đợt."))


@door.post(f"/dot-danh-gia/{ROUND}/bo")
@requires(*PROVINCE)
def drop_round(round_id: int) -> Response:
    """Take an empty round away."""
    try:
        with acting() as (work, actor):
            remove_round(work, actor, round_to_change(work, actor, round_id), clock.now())
    except RoundInUse as refusal:
        return _refused(explain(refusal), refusal)
    return go(PATH, _("Đã bỏ đợt."))


def _own_province(actor: Actor) -> int:
    """Return the province that was chosen among one's own, the only one where there is one."""
    own = [unit.id for unit in list_own_provinces(Reach.of(actor))]
    chosen = own[0] if len(own) == 1 else _number("don_vi")
    if chosen not in own:
        raise InvalidRound(field="unit")
    return chosen


def _read_facts() -> RoundFacts:
    until, decided = read_day(request.form.get("nhan_den", "")), read_day(request.form.get("xong", ""))
    if until is None:
        raise InvalidRound(field="intake_until")
    if decided is None:
        raise InvalidRound(field="decided_by")
    return RoundFacts(year=_number("nam"), number=_number("so"), intake_until=until, decided_by=decided)


def _number(field: str) -> int:
    return whole_number(request.form.get(field, "").strip()) or 0


def _in_sight(year: int) -> bool:
    """Return whether rounds of a year can be opened by one button: this year's and the next one's."""
    return year - clock.today().year in {0, 1}


def _fault(refusal: InvalidRound) -> tuple[str, str]:
    field = str(refusal.parameters["field"])
    words = {
        "unit": _("Mời chọn tỉnh."),
        "year": _("Mời gõ năm, ví dụ 2027."),
        "number": _("Mời gõ số của đợt, từ 1 đến 99."),
        "intake_until": _("Mời chọn ngày nhận cuối cùng, trong năm của đợt hoặc năm trước."),
        "decided_by": _("Mời chọn ngày xong, không trước ngày nhận cuối cùng."),
    }
    return {**FIELDS, "unit": "don_vi"}[field], words[field]


def _refused(words: str, refusal: MarketplaceError) -> Response:
    db.session.rollback()
    return _rounds_page(refusal=words, status=refusal.status)


def _rounds_page(faults: Faults = (), refusal: str = "", status: int = 0) -> Response:
    db.session.rollback()
    work, actor = db.session(), require_actor()
    reach = Reach.of(actor)
    own = list_own_provinces(reach) if reach.everywhere or reach.provinces else []
    return page(
        "rounds",
        faults=faults,
        refusal=refusal,
        status=status,
        rounds=list_rounds(work, reach.rounds()),
        of_ministry=next_ministry_rounds(clock.today()),
        provinces=[(unit.id, unit.full_name) for unit in own],
        typed=request.form if faults else {},
        today=clock.today(),
    )
