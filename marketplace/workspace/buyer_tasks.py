"""What buyers wait for: an answer, a parcel, money or goods that go back, a word."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.ordering.order_queries import count_segments
from marketplace.ordering.order_segments import Segment
from marketplace.ordering.waiting import Waiting, find_waiting
from marketplace.reviews.queries import count_unanswered
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace.order_pages import last_day_before
from marketplace.workspace.tasks import Task, Urgency


def list_buyer_tasks(session: Session, producer_id: int, now: datetime) -> list[Task]:
    """Return what a producer has to do for its buyers, with four statements."""
    waiting, counts = find_waiting(session, producer_id), count_segments(session, producer_id)
    return [
        *_to_answer(waiting, now),
        *_to_send(counts),
        *_complaints(waiting),
        *_returns(waiting, counts),
        *_questions(count_unanswered(session, producer_id)),
    ]


def _to_answer(waiting: Waiting, now: datetime) -> Iterator[Task]:
    """Say how long the oldest order waits, and until when an answer was promised."""
    if waiting.oldest is None:
        return
    hours = int((now - waiting.oldest).total_seconds()) // 3600
    words = ngettext("%(num)s đơn mới chờ nhận", "%(num)s đơn mới chờ nhận", waiting.orders)
    detail = ngettext("Đơn cũ nhất đã chờ %(num)s giờ.", "Đơn cũ nhất đã chờ %(num)s giờ.", hours)
    yield Task(
        Urgency.BUYERS,
        "inbox",
        words,
        " ".join(filter(None, (detail, _promise(waiting, now)))),
        "/don-hang",
        _("Xem và nhận đơn"),
    )


def _promise(waiting: Waiting, now: datetime) -> str:
    if waiting.answer_by is None:
        return ""
    if waiting.answer_by < now:
        return _("Đã quá hạn trả lời, hết ngày %(day)s.", day=write_date(last_day_before(waiting.answer_by)))
    return _("Trả lời trong ngày %(day)s.", day=write_date(last_day_before(waiting.answer_by)))


def _to_send(counts: Mapping[Segment, int]) -> Iterator[Task]:
    pack, ship = counts[Segment.TO_PACK], counts[Segment.TO_SHIP]
    if pack or ship:
        words = ngettext("%(num)s đơn cần gửi", "%(num)s đơn cần gửi", pack + ship)
        detail = _("%(pack)s cần gói, %(ship)s đã gói xong.", pack=pack, ship=ship)
        part = "can-gui" if ship else "can-goi"
        yield Task(Urgency.PARCELS, "pkg", words, detail, f"/don-hang?muc={part}", _("Gói và gửi"))


def _returns(waiting: Waiting, counts: Mapping[Segment, int]) -> Iterator[Task]:
    """Say how many returns are under way; one that nobody answered presses as an order does."""
    if not counts[Segment.RETURNS]:
        return
    orders = counts[Segment.RETURNS]
    words = ngettext("%(num)s đơn có hàng trả", "%(num)s đơn có hàng trả", orders)
    asked = ngettext("%(num)s yêu cầu chờ trả lời.", "%(num)s yêu cầu chờ trả lời.", waiting.returns)
    detail = asked if waiting.returns else _("Đợi hàng về, hoặc đợi hoàn tiền.")
    urgency = Urgency.BUYERS if waiting.returns else Urgency.PARCELS
    yield Task(urgency, "undo", words, detail, "/doi-tra", _("Xem đổi trả"))


def _complaints(waiting: Waiting) -> Iterator[Task]:
    if waiting.complaints:
        words = ngettext("%(num)s khiếu nại chờ trả lời", "%(num)s khiếu nại chờ trả lời", waiting.complaints)
        detail = _("Người mua và văn phòng đợi lời của bạn.")
        yield Task(Urgency.BUYERS, "chat", words, detail, "/khieu-nai", _("Xem khiếu nại"))


def _questions(unanswered: int) -> Iterator[Task]:
    if unanswered:
        words = ngettext("%(num)s câu hỏi chờ trả lời", "%(num)s câu hỏi chờ trả lời", unanswered)
        detail = _("Trả lời xong thì câu hỏi mới hiện trên trang sản phẩm.")
        yield Task(Urgency.QUESTIONS, "chat", words, detail, "/khach-noi", _("Xem và trả lời"))
