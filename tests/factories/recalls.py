"""Recalls for tests."""

from typing import Any

from marketplace import clock, jobs
from marketplace.database import unit_of_work
from marketplace.traceability.recalls.acts import RecallFacts, order_recall
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope

WORDS = "Phát hiện tạp chất trong mẫu kiểm nghiệm."
ADVICE = "Ngừng dùng ngay, giữ lại bao bì và gọi nơi bán."


def a_recall(
    scope: RecallScope, subject_id: int, *, by_office: bool = True, actor: Any = None, **changes: Any
) -> Recall:
    """Order a recall; its jobs still wait."""
    told = {"reason": RecallReason.CONTAMINATION, "words": WORDS, "advice": ADVICE, **changes}
    with unit_of_work() as session:
        facts = RecallFacts(scope=scope, id=subject_id, **told)
        return order_recall(session, actor, facts, by_office=by_office, at=clock.now())


def recalled(scope: RecallScope, subject_id: int, **changes: Any) -> Recall:
    """Order a recall and have all its jobs done."""
    recall = a_recall(scope, subject_id, **changes)
    jobs.do_all()
    return recall
