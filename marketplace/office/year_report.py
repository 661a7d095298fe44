"""The report of a year: sections of plain tables, the same on paper and in a workbook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketplace.catalogue.models import ProductGroup
from marketplace.certification.boards import year_register as register
from marketplace.certification.boards import year_work as work
from marketplace.certification.boards.living import ByStars
from marketplace.certification.boards.territory import Territory
from marketplace.certification.history import Turn
from marketplace.office.board_tables import STARS
from marketplace.ordering.complaint_figures import ComplaintFigures, count_complaints
from marketplace.producers.models import Producer
from marketplace.web.complaint_words import COMPLAINT_KINDS
from marketplace.web.dossier_words import DOSSIER_KINDS, DOSSIER_STATES
from marketplace.web.filters import write_date
from marketplace.web.idea_words import IDEA_STATES
from marketplace.web.oversight_words import INSPECTION_KINDS
from marketplace.web.revocation_words import REVOCATION_REASONS
from marketplace.web.words import gettext as _

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the report: its heading, its columns, its rows, and what is to be said of it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.rows


def write_report(
    session: Session, territory: Territory, year: int, day: date, groups: Sequence[ProductGroup]
) -> list[Section]:
    """Return the sections of a year's report that come from register, files and complaints."""
    return [
        _living(session, territory, year, day, groups),
        _recognitions(session, territory, year),
        _ends(session, territory, year, day),
        _decisions(session, territory, year),
        _ideas(session, territory, year),
        _dossiers(session, territory, year),
        _councils(session, territory, year),
        _complaints(session, territory, year),
        _inspections(session, territory, year),
    ]


def _star_columns(first: str) -> tuple[str, ...]:
    stars = (_("%(stars)s sao", stars=rank) if rank else _("không ghi sao") for rank in STARS)
    return (first, *stars, _("Cộng"))


def _star_row(name: str, counts: ByStars) -> tuple[Cell, ...]:
    return (name, *(counts.get(rank, 0) for rank in STARS), sum(counts.values()))


def _living(
    session: Session, territory: Territory, year: int, day: date, groups: Iterable[ProductGroup]
) -> Section:
    found = register.count_by_group(session, territory, year, day)
    names = [(group.name, found.get(group.id, {})) for group in groups]
    others = [(_("Chưa rõ nhóm"), found[None])] if None in found else []
    whole = {rank: sum(counts.get(rank, 0) for counts in found.values()) for rank in STARS}
    rows = [_star_row(name, counts) for name, counts in [*names, *others, (_("Cộng"), whole)]]
    until = write_date(min(date(year, 12, 31), day))
    title = _("Sản phẩm còn hiệu lực đến %(day)s", day=until)
    return Section(title, _star_columns(_("Nhóm")), tuple(rows))


def _recognitions(session: Session, territory: Territory, year: int) -> Section:
    found = register.count_recognitions(session, territory, year)
    names = {
        Turn.RECOGNISED: _("Công nhận lần đầu"),
        Turn.AGAIN: _("Công nhận lại, giữ hạng"),
        Turn.RAISED: _("Nâng hạng"),
        Turn.LOWERED: _("Xuống hạng"),
    }
    rows = tuple(_star_row(name, found.get(turn, {})) for turn, name in names.items())
    return Section(_("Giấy cấp trong năm"), _star_columns(_("Lần công nhận")), rows)


def _ends(session: Session, territory: Territory, year: int, day: date) -> Section:
    revoked = register.count_revoked(session, territory, year)
    rows = [
        (_("Hết hạn mà chưa được cấp lại"), register.count_lapsed(session, territory, year, day)),
        *((f"{_('Thu hồi')}: {REVOCATION_REASONS[reason]}", number) for reason, number in revoked.items()),
    ]
    return Section(_("Giấy hết hiệu lực trong năm"), (_("Vì sao"), _("Số giấy")), tuple(rows))


def _decisions(session: Session, territory: Territory, year: int) -> Section:
    rows = tuple(
        (one.number, write_date(one.decided_on) if one.decided_on else "", one.authority_name or "", number)
        for one, number in register.list_decision_counts(session, territory, year)
    )
    columns = (_("Số"), _("Ngày"), _("Cơ quan"), _("Số giấy"))
    return Section(_("Quyết định trong năm"), columns, rows)


def _ideas(session: Session, territory: Territory, year: int) -> Section:
    found = work.count_ideas(session, territory, year)
    rows = tuple((str(words[0]), found[state]) for state, words in IDEA_STATES.items() if state in found)
    return Section(_("Ý tưởng đăng ký cho năm"), (_("Nay đang"), _("Số ý tưởng")), rows)


def _dossiers(session: Session, territory: Territory, year: int) -> Section:
    kinds, steps = (
        work.count_submitted(session, territory, year),
        work.count_steps(session, territory, year),
    )
    rows = [
        *(
            (_("Nộp: %(kind)s", kind=DOSSIER_KINDS[kind]), kinds[kind])
            for kind in DOSSIER_KINDS
            if kind in kinds
        ),
        *((str(words), steps[state]) for state, words in DOSSIER_STATES.items() if state in steps),
    ]
    note = _("Mỗi hồ sơ tính một lần ở mỗi bước đã qua trong năm.")
    return Section(_("Hồ sơ đánh giá, phân hạng"), (_("Bước"), _("Số hồ sơ")), tuple(rows), note)


def _councils(session: Session, territory: Territory, year: int) -> Section:
    found = work.count_councils(session, territory, year)
    rows: list[tuple[Cell, ...]] = [
        (_("Phiên có kết quả"), found.sessions),
        (_("Hồ sơ đã chấm xong"), found.dossiers),
        (_("Điểm trung bình"), _decimal(found.mean_points)),
        (_("Chênh lệch trung bình giữa phiếu cao nhất và thấp nhất"), _decimal(found.spread)),
        (_("Lần khai có liên quan"), found.conflicts),
    ]
    return Section(_("Hội đồng"), (_("Việc"), _("Số")), tuple(rows) if found.dossiers else ())


def _decimal(number: object) -> str:
    return "" if number is None else str(number).replace(".", ",")


def _complaints(session: Session, territory: Territory, year: int) -> Section:
    found: ComplaintFigures = count_complaints(session, territory.over(Producer), *work.span_of(year))
    kinds = [(str(COMPLAINT_KINDS[kind]), number) for kind, number in found.by_kind.items()]
    promised = [
        (_("Tất cả"), found.received),
        (_("Trả lời lần đầu đúng hẹn"), found.answered_in_time),
        (_("Khép lại đúng hẹn"), found.closed_in_time),
    ]
    rows = (*sorted(kinds), *promised) if kinds else ()
    return Section(_("Khiếu nại về đơn hàng"), (_("Việc"), _("Số khiếu nại")), rows)


def _inspections(session: Session, territory: Territory, year: int) -> Section:
    found, orders = (
        work.count_inspections(session, territory, year),
        work.count_orders(session, territory, year),
    )
    rows = [
        (str(words), found.by_kind[kind]) for kind, words in INSPECTION_KINDS.items() if kind in found.by_kind
    ]
    if found.by_kind:
        rows += [(_("Điểm chưa đạt"), found.findings), (_("Điểm đã khắc phục"), found.mended)]
    if orders.received:
        rows += [
            (_("Yêu cầu gỡ của cơ quan nhà nước"), orders.received),
            (_("Yêu cầu gỡ đã trả lời trong hạn 24 giờ"), orders.in_time),
        ]
    return Section(_("Kiểm tra và yêu cầu gỡ"), (_("Việc"), _("Số")), tuple(rows))
