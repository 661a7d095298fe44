"""How long there is still to answer, in words and in a colour."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace import clock
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_PRESSING = timedelta(hours=12)
_SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`kind` is that of a tag: bad when late or pressing, warn when soon, nothing else."""

    words: str
    kind: str


def time_left(due_at: datetime | None, at: datetime) -> TimeLeft:
    """Return the time between an instant and the one an answer is due by."""
    if due_at is None:
        return TimeLeft(_("chưa có hạn"), "")
    left = due_at - at
    if left <= timedelta(0):
        return TimeLeft(_("quá hạn %(time)s", time=_long(-left)), "bad")
    kind = "bad" if left < _PRESSING else "warn" if left < _SOON else ""
    return TimeLeft(_("còn %(time)s", time=_long(left)), kind)


def days_left(due_on: date, at: datetime) -> TimeLeft:
    """Return the time until the end of the Vietnamese day that an answer is due on."""
    return time_left(clock.start_of(due_on + _DAY), at)


def waited(since: datetime, at: datetime) -> TimeLeft:
    """Return for how many Vietnamese days something has waited for which nobody set a deadline."""
    days = (clock.local_date(at) - clock.local_date(since)).days
    words = ngettext("chờ %(num)s ngày", "chờ %(num)s ngày", days) if days else _("từ hôm nay")
    return TimeLeft(words, "")


def _long(span: timedelta) -> str:
    """Return a span in its largest whole unit: 3 days, 5 hours, 20 minutes."""
    if span >= 2 * _DAY:
        return ngettext("%(num)s ngày", "%(num)s ngày", span // _DAY)
    if span >= _HOUR:
        return ngettext("%(num)s giờ", "%(num)s giờ", span // _HOUR)
    return ngettext("%(num)s phút", "%(num)s phút", max(1, span // timedelta(minutes=1)))
