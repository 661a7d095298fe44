"""Today: what needs doing, and the things most often done."""

from flask import Response
from flask_babel import format_date

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.own_products import list_own_products
from marketplace.database import db
from marketplace.ordering.this_week import find_week
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.tenancy import own_producer
from marketplace.workspace.today import Standing, list_tasks


@door.get("/<slug>")
@requires(Role.OWNER, Role.STAFF)
def show_today(slug: str) -> Response:
    """Show what needs doing, and how the products stand."""
    producer, day, now = own_producer(slug), clock.today(), clock.now()
    products = list_own_products(db.session(), producer.id)
    return page(
        "today",
        producer,
        tasks=list_tasks(producer.id, products, day, now),
        standing=Standing.of(products, day),
        week=find_week(db.session(), producer.id, now),
        weekday=format_date(day, "EEEE"),
        day=day,
    )
