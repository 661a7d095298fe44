"""What needs doing in a producer's workspace, the most urgent first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.catalogue.change_requests import ChangeRequest
from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.own_products import list_declined_changes
from marketplace.certification.oversight.inspection_queries import list_open_inspections_of
from marketplace.certification.radar import RadarLine, look_at
from marketplace.certification.renewal import Stage
from marketplace.database import db
from marketplace.ordering.stock import FEW
from marketplace.ordering.stock_keeping import Shelved, list_shelf
from marketplace.web.filters import write_date, write_time
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace.buyer_tasks import list_buyer_tasks
from marketplace.workspace.dossier_tasks import list_dossier_tasks
from marketplace.workspace.inspection_tasks import list_inspection_tasks
from marketplace.workspace.tasks import Task, Urgency

MOST_DRAFTS = 3
LONGEST_DETAIL = 140
ANSWERS_SHOWN = timedelta(days=14)
"""How long a declined change request is told of, unless another is opened before."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many products are on view, on sale, before the office, and with living stars."""

    shown: int
    offered: int
    submitted: int
    starred: int

    @classmethod
    def of(cls, products: Sequence[Product], day: date) -> "Standing":
        """Count a producer's products on a day."""
        shown = [one for one in products if one.publication is Publication.PUBLISHED]
        return cls(
            shown=len(shown),
            offered=sum(one.offered for one in shown),
            submitted=sum(
                one.listing is not None and one.listing.state is ListingState.SUBMITTED for one in products
            ),
            starred=sum(one.live_stars(day) is not None for one in shown),
        )


def list_tasks(producer_id: int, products: Sequence[Product], day: date, now: datetime) -> list[Task]:
    """Return what a producer has to do, the most urgent first; paths lead on from its workspace."""
    radar = look_at(producer_id, day)
    found: list[Task] = [
        *list_buyer_tasks(db.session(), producer_id, now),
        *list_dossier_tasks(radar, products),
        *list_inspection_tasks(list_open_inspections_of(db.session(), producer_id)),
        *_certificates(radar.pressing),
        *_declined(products),
        *_turned_down(list_declined_changes(db.session(), producer_id, now - ANSWERS_SHOWN)),
        *_stock(list_shelf(db.session(), producer_id)),
        *_drafts(products),
    ]
    return sorted(found, key=lambda task: task.urgency)


def _certificates(lines: Sequence[RadarLine]) -> Iterator[Task]:
    """Say how long the first certificate has; the others are counted, for the radar shows them all."""
    if not lines:
        return
    first = lines[0]
    words = ngettext("%(num)s giấy chứng nhận cần gia hạn", "%(num)s giấy chứng nhận cần gia hạn", len(lines))
    yield Task(Urgency.STARS, "calclock", words, _time_left(first), "/gia-han", _("Xem hồ sơ cần"))


def _time_left(line: RadarLine) -> str:
    name, renewal = line.product.name, line.renewal
    if renewal is not None and renewal.stage is Stage.OPEN:
        return ngettext(
            "%(name)s: còn %(num)s ngày để nộp hồ sơ",
            "%(name)s: còn %(num)s ngày để nộp hồ sơ",
            renewal.days_to_close,
            name=name,
        )
    until = write_date(renewal.until) if renewal else ""
    return _("%(name)s: đã qua hạn nộp hồ sơ, sao còn đến %(day)s", name=name, day=until)


def _declined(products: Sequence[Product]) -> Iterator[Task]:
    for product in products:
        listing = product.listing
        if listing is not None and listing.state is ListingState.DECLINED:
            detail = listing.decline_words or _("Mời xem chỗ cần sửa rồi gửi lại.")
            yield Task(
                Urgency.DECLINED,
                "pencil",
                _("Cán bộ đề nghị sửa: %(name)s", name=product.name),
                _cut(detail),
                f"/san-pham/{product.slug}/buoc-5",
                _("Xem và sửa"),
            )


def _turned_down(requests: Sequence[ChangeRequest]) -> Iterator[Task]:
    for one in requests:
        yield Task(
            Urgency.DECLINED,
            "swap",
            _("Đề nghị sửa không được nhận: %(name)s", name=one.product.name),
            _cut(one.words or ""),
            f"/san-pham/{one.product.slug}/de-nghi",
            _("Xem trả lời"),
        )


def _stock(shelf: Sequence[Shelved]) -> Iterator[Task]:
    """Say which packs run short; several are one task, for one page mends them all."""
    short = [one for one in shelf if one.variant.product.offered and one.available <= FEW]
    if not short:
        return
    names = [
        _(
            "%(product)s, %(pack)s: còn %(left)s",
            product=one.variant.product.name,
            pack=one.variant.name,
            left=one.available,
        )
        for one in short
    ]
    many = ngettext("%(num)s loại hàng sắp hết", "%(num)s loại hàng sắp hết", len(short))
    words, detail = (names[0], _("Sắp hết hàng.")) if len(short) == 1 else (many, _cut("; ".join(names)))
    yield Task(Urgency.STOCK, "pkg", words, detail, "/kho", _("Sửa số còn"))


def _drafts(products: Sequence[Product]) -> Iterator[Task]:
    drafts = [
        (product, product.listing)
        for product in products
        if product.listing is not None and product.listing.state is ListingState.DRAFT
    ]
    drafts.sort(key=lambda pair: pair[1].touched_at, reverse=True)
    for product, listing in drafts[:MOST_DRAFTS]:
        yield Task(
            Urgency.DRAFT,
            "save",
            _("Bài nháp: %(name)s", name=product.name),
            _("Lưu lúc %(time)s, chưa gửi", time=write_time(listing.touched_at)),
            f"/san-pham/{product.slug}/buoc-5",
            _("Làm tiếp"),
        )


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_DETAIL else f"{words[:LONGEST_DETAIL].rsplit(' ', 1)[0]} …"
