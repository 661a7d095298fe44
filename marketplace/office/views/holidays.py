"""Days on which offices are closed or work instead: what deadlines in working days are counted by."""

from datetime import date

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.dossiers.errors import HolidayOnRecord, InvalidHoliday
from marketplace.certification.dossiers.holidays import (
    LONGEST_NAME,
    LONGEST_SOURCE,
    SATURDAY,
    HolidayFacts,
    add_holiday,
    list_holidays,
    remove_holiday,
)
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.tenancy import OFFICE
from marketplace.office.typed_days import read_day
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _

PATH = "/van-phong/ngay-nghi"
FIELDS = {"day": "ngay", "name": "ten", "source": "nguon"}


@door.get("/ngay-nghi")
@requires(*OFFICE)
def show_holidays() -> Response:
    """Show the days of this year and the next one."""
    return _holidays_page()


@door.post("/ngay-nghi")
@requires(Role.ADMINISTRATOR)
def keep_holiday() -> Response:
    """Keep a day: a weekday is closed, a Saturday or Sunday is worked."""
    day = read_day(request.form.get("ngay", ""))
    if day is None:
        return _holidays_page([("ngay", _("Mời chọn ngày, ví dụ 20/11/2026."))])
    name, source = request.form.get("ten", ""), request.form.get("nguon", "")
    facts = HolidayFacts(day=day, name=name, worked=day.weekday() >= SATURDAY, source=source)
    try:
        with acting() as (work, actor):
            add_holiday(work, actor, facts, clock.now())
    except InvalidHoliday as refusal:
        return _holidays_page([_fault(refusal)])
    except HolidayOnRecord as refusal:
        return _holidays_page([("ngay", explain(refusal))])
    worked, closed = (
        _("Đã ghi ngày làm bù. Hạn đã báo trước đó giữ nguyên."),
        _("Đã ghi ngày nghỉ. Hạn đã báo trước đó giữ nguyên."),
    )
    return go(PATH, worked if facts.worked else closed)


@door.post("/ngay-nghi/<string(maxlength=10):day>/bo")
@requires(Role.ADMINISTRATOR)
def drop_holiday(day: str) -> Response:
    """Take a day away that was kept by mistake."""
    with acting() as (work, actor):
        remove_holiday(work, actor, read_day(day) or date.min, clock.now())
    return go(PATH, _("Đã bỏ ngày ấy. Hạn đã báo trước đó giữ nguyên."))


def _fault(refusal: InvalidHoliday) -> tuple[str, str]:
    field = str(refusal.parameters["field"])
    words = {
        "day": _("Mời chọn ngày từ năm 2025 trở đi."),
        "name": _("Mời gõ tên ngày, không quá %(most)s chữ.", most=LONGEST_NAME),
        "source": _("Mời gõ số văn bản, không quá %(most)s chữ.", most=LONGEST_SOURCE),
    }
    return FIELDS[field], words[field]


def _holidays_page(faults: Faults = ()) -> Response:
    db.session.rollback()
    year = clock.today().year
    return page(
        "holidays",
        faults=faults,
        years=[(one, list_holidays(db.session(), one)) for one in (year, year + 1)],
        typed=request.form,
    )
