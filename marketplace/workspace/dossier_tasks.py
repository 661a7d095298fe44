"""What producers have to do about their dossiers: those that an office gave back to them."""

from collections.abc import Iterator, Sequence

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.radar import Radar
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _
from marketplace.workspace.tasks import Task, Urgency

GIVEN_BACK = frozenset({DossierState.RETURNED, DossierState.NEEDS_COMPLETION})


def list_dossier_tasks(radar: Radar, products: Sequence[Product]) -> Iterator[Task]:
    """Yield a task for each dossier that was returned or is to be completed, in the order of the products."""
    for product in products:
        dossier = radar.dossiers.get(product.id)
        if dossier is not None and dossier.state in GIVEN_BACK:
            yield Task(
                Urgency.STARS,
                "undo",
                _("Hồ sơ %(name)s cần sửa", name=product.name),
                _detail(dossier),
                f"/ho-so-ocop/{dossier.id}",
                _("Xem và sửa"),
            )


def _detail(dossier: Dossier) -> str:
    if dossier.due_on is None:
        return _("Xã trả lại kèm lý do. Sửa xong thì nộp lại.")
    return _("Bổ sung chậm nhất ngày %(day)s.", day=write_date(dossier.due_on))
