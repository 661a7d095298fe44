"""What a year's report tells of the plans of a province: their rows and what the register has of each."""

from marketplace.certification.boards.territory import Territory
from marketplace.office.year_report import Cell, Section
from marketplace.programme.figures import Figure, Outcome
from marketplace.programme.models import Compare, Spread, Target
from marketplace.programme.queries import get_plan, list_programmes, provinces_today
from marketplace.web.words import gettext as _


def plan_sections(territory: Territory, year: int) -> list[Section]:
    """Return a section for each plan of a territory whose period has the year in it."""
    plans = [one for one in list_programmes() if one.period_start.year <= year <= one.period_end.year]
    today = provinces_today(plans)
    sections = []
    for plan in plans:
        office = today[plan.id]
        if territory.province_id is None or (office and office.id == territory.province_id):
            rows = tuple(_row(figure) for figure in get_plan(plan.slug).figures)
            columns = (_("Mã"), _("Chỉ tiêu"), _("Mục tiêu"), _("Trong sổ"), _("Kết quả"))
            sections.append(Section(_("Kế hoạch %(plan)s", plan=plan.title), columns, rows))
    return sections


def _row(figure: Figure) -> tuple[Cell, ...]:
    target = figure.target
    return target.code, target.words, _wanted(target), _found(figure), _verdict(figure)


def _wanted(target: Target) -> str:
    if target.compare is Compare.NONE:
        return _("không nêu số")
    unit = " %" if target.percent else ""
    number = f"{target.least}–{target.most}{unit}" if target.most else f"{target.least}{unit}"
    if target.spread is Spread.EACH_DISTRICT:
        return _("%(number)s mỗi huyện", number=number)
    return _("%(number)s mỗi năm", number=number) if target.spread is Spread.EACH_YEAR else number


def _found(figure: Figure) -> str:
    if figure.target.metric is None:
        return _("xem bằng chứng")
    if figure.complete and figure.percent is not None:
        return f"{str(figure.percent).replace('.', ',')} %"
    count = figure.tally.count
    if figure.complete:
        return str(count)
    return _("ít nhất %(number)s trong sổ", number=count) if count else _("chưa có trong sổ")


def _verdict(figure: Figure) -> str:
    """Return what may be said: nothing before the office holds the period complete."""
    if figure.target.compare is Compare.NONE:
        return ""
    words = {None: _("Chưa khép số liệu"), Outcome.BELOW: _("Chưa đạt")}
    return words.get(figure.outcome, _("Đạt"))
