"""A holiday: days on which no orders are taken, and words for the buyers."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.producers.errors import InvalidHoliday
from marketplace.producers.holidays import (
    LONGEST_WORDS,
    MOST_DAYS,
    Holiday,
    end_holiday,
    read_holiday_words,
    take_holiday,
)
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed, read_required_day


@door.get("/<slug>/nghi")
@requires(Role.OWNER, Role.STAFF)
def show_holiday(slug: str) -> Response:
    """Show the holiday that is planned, if one is."""
    return _holiday_page(own_producer(slug))


@door.post("/<slug>/nghi")
@requires(Role.OWNER, Role.STAFF)
def save_holiday(slug: str) -> Response:
    """Plan a holiday, or change the one that is planned."""
    producer, typed = own_producer(slug), Typed(request.form)
    day_words = _("Mời chọn ngày, ví dụ 10/02/2027.")
    first = typed.read("tu_ngay", read_required_day, day_words)
    last = typed.read("den_ngay", read_required_day, day_words)
    too_long = _("Lời nhắn dài quá %(longest)s chữ.", longest=LONGEST_WORDS)
    words = typed.read("loi_nhan", read_holiday_words, too_long)
    if typed.faults or first is None or last is None:
        return _holiday_page(producer, typed.faults)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            take_holiday(session, actor, own, Holiday(first, last, words), clock.now())
    except InvalidHoliday:
        said = _("Ngày cuối phải từ hôm nay trở đi, không trước ngày đầu, và nghỉ không quá %(most)s ngày.")
        return _holiday_page(producer, [("den_ngay", said % {"most": MOST_DAYS})])
    return go(f"/gian-hang/{slug}/nghi", _("Đã ghi lịch nghỉ. Người mua thấy ngay."))


@door.post("/<slug>/nghi/mo-lai")
@requires(Role.OWNER, Role.STAFF)
def reopen(slug: str) -> Response:
    """Take orders again at once."""
    with acting() as (session, actor):
        end_holiday(session, actor, own_producer_in(session, actor, slug), clock.now())
    return go(f"/gian-hang/{slug}/nghi", _("Đã mở bán lại."))


def _holiday_page(producer: Producer, faults: Faults = ()) -> Response:
    kept = {
        "tu_ngay": producer.holiday_from.isoformat() if producer.holiday_from else "",
        "den_ngay": producer.holiday_until.isoformat() if producer.holiday_until else "",
        "loi_nhan": producer.holiday_words or "",
    }
    planned = producer.holiday_until is not None and producer.holiday_until >= clock.today()
    typed = request.form if faults else (kept if planned else {})
    return page(
        "holiday",
        producer,
        faults=faults,
        typed=typed,
        planned=planned,
        resting=producer.on_holiday(clock.today()),
        day=clock.today(),
    )
