"""A producer's figures: how often products were looked at, from where, and what words led to them."""

from collections.abc import Mapping

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.figures import (
    by_month,
    by_product,
    by_province,
    list_led,
    list_views,
    months_until,
)
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.open_csv import write_csv
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.charts import draw_bars
from marketplace.workspace.tenancy import own_producer

PERIODS = (3, 12, 24)
USUAL = 12


@door.get("/<slug>/so-lieu")
@requires(Role.OWNER, Role.STAFF)
def show_figures(slug: str) -> Response:
    """Show the figures of a period, of all products or of one."""
    producer = own_producer(slug)
    months = months_until(clock.today(), _period())
    views, led = list_views(producer.id, months[0]), list_led(producer.id, months[0])
    names = {row.product_id: row.product for row in views}
    chosen = _chosen(names)
    shown = [row for row in views if chosen in {None, row.product_id}]
    monthly = by_month(shown, months)
    return page(
        "figures",
        producer,
        monthly=monthly,
        bars=draw_bars([number for _month, number in monthly]),
        products=by_product(views),
        provinces=by_province(shown),
        led=[row for row in led if chosen in {None, row.product_id}],
        chosen=names[chosen] if chosen else None,
        chosen_id=chosen,
        period=_period(),
        periods=PERIODS,
    )


@door.get("/<slug>/so-lieu/<any('luot-xem', 'tu-tim'):table>.csv")
@requires(Role.OWNER, Role.STAFF)
def export_figures(slug: str, table: str) -> Response:
    """Hand out the views of a period, or the words, as a table for spreadsheets."""
    producer = own_producer(slug)
    since = months_until(clock.today(), _period())[0]
    if table == "luot-xem":
        header = (_("Tháng"), _("Sản phẩm"), _("Tỉnh, thành phố"), _("Lượt xem"))
        rows = [(f"{r.month:%m/%Y}", r.product, r.province, r.views) for r in list_views(producer.id, since)]
        return _csv(producer, table, write_csv(header, rows))
    words = [(row.product, row.words, row.times) for row in list_led(producer.id, since)]
    return _csv(producer, table, write_csv((_("Sản phẩm"), _("Từ tìm"), _("Số lần")), words))


def _csv(producer: Producer, table: str, text: str) -> Response:
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={producer.slug}-{table}.csv"
    return response


def _period() -> int:
    asked = request.args.get("thang", "")
    return next((months for months in PERIODS if str(months) == asked), USUAL)


def _chosen(names: Mapping[int, str]) -> int | None:
    """Return the product asked for, None for all; raises NotFound for one without views here."""
    asked = request.args.get("sp", "")
    if not asked:
        return None
    found = next((number for number in names if str(number) == asked), None)
    if found is None:
        raise NotFound(product=asked)
    return found
