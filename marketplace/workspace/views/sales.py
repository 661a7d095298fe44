"""What a producer sold: by month, product and province of the buyer, drawn, in tables and as CSV."""

from datetime import date

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.figures import months_until
from marketplace.database import db
from marketplace.ordering.sales_figures import by_month, by_product, by_province, list_sold
from marketplace.web.guards import requires
from marketplace.web.open_csv import write_csv
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import csv_table, page
from marketplace.workspace.charts import draw_bars, write_short
from marketplace.workspace.tenancy import own_producer

PERIODS = (3, 12, 24)
USUAL = 12


@door.get("/<slug>/doanh-thu")
@requires(Role.OWNER, Role.STAFF)
def show_sales(slug: str) -> Response:
    """Show what was sold in a period."""
    producer, months = own_producer(slug), _months()
    rows = list_sold(db.session(), producer.id, months)
    monthly = by_month(rows, months)
    return page(
        "sales",
        producer,
        monthly=monthly,
        bars=draw_bars([amount for _month, _units, amount in monthly]),
        shorts=[write_short(amount) for _month, _units, amount in monthly],
        products=by_product(rows),
        provinces=by_province(rows),
        period=len(months),
        periods=PERIODS,
    )


@door.get("/<slug>/doanh-thu.csv")
@requires(Role.OWNER, Role.STAFF)
def export_sales(slug: str) -> Response:
    """Hand out what was sold in a period as a table for spreadsheets."""
    producer = own_producer(slug)
    header = (_("Tháng"), _("Sản phẩm"), _("Tỉnh, thành phố"), _("Số lượng"), _("Tiền hàng (đồng)"))
    sold = list_sold(db.session(), producer.id, _months())
    rows = [(f"{one.month:%m/%Y}", one.product, one.province, one.units, one.amount) for one in sold]
    return csv_table(f"{producer.slug}-doanh-thu", write_csv(header, rows))


def _months() -> list[date]:
    """Return the months of the period asked for, the last one this month."""
    asked = request.args.get("thang", "")
    return months_until(clock.today(), next((one for one in PERIODS if str(one) == asked), USUAL))
