"""By when the office answers: a number of working days, published on its pages."""

from datetime import datetime, timedelta

from marketplace import clock

DAYS_FOR_LISTINGS = 7
DAYS_FOR_CHANGES = 5
_SATURDAY = 5


def answer_due(asked_at: datetime, working_days: int) -> datetime:
    """Return the instant by which an answer is due: the end of the last working day, in Vietnam.

    The day of asking does not count, nor do Saturdays and Sundays. Public holidays do: they move by
    the lunar calendar, and the promise then errs on the asker's side.
    """
    day = clock.local_date(asked_at)
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < _SATURDAY
    return clock.start_of(day + timedelta(days=1))
