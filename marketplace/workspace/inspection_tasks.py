"""What producers have to do about inspections: what was found and is not mended yet."""

from collections.abc import Iterator, Sequence

from marketplace.certification.oversight.models import Inspection
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace.tasks import Task, Urgency


def list_inspection_tasks(inspections: Sequence[Inspection]) -> Iterator[Task]:
    """Yield a task for each inspection with findings that are not mended, that due first on top."""
    for one in inspections:
        left = sum(finding.mended_on is None for finding in one.findings)
        if left and one.answer_by is not None:
            yield Task(
                Urgency.STARS,
                "shield",
                ngettext("Kiểm tra: %(num)s chỗ cần sửa", "Kiểm tra: %(num)s chỗ cần sửa", left),
                _("Sửa xong trước hết ngày %(day)s.", day=write_date(one.answer_by)),
                f"/kiem-tra/{one.id}",
                _("Xem chỗ cần sửa"),
            )
