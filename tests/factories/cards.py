"""Orders that are paid by card, for tests."""

from marketplace import clock
from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.books import Thing
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.payments.gateway import ReturnUrls
from marketplace.payments.models import PaymentSession
from marketplace.payments.paying import start_paying
from marketplace.payments.sessions import find_open_session
from tests.factories.ordering import a_commune, ordered, stocked

URLS = ReturnUrls(done="http://127.0.0.1:8000/xong", given_up="http://127.0.0.1:8000/thoi")


def card_order(*prices: int, on_hand: int = 10, quantity: int = 1, **changes: object) -> OrderGroup:
    """Order goods of one seller for each price, to be paid by card; nothing is paid yet."""
    with unit_of_work() as session:
        goods = [
            stocked(session, f"Hàng {number}", on_hand=on_hand, price=price)
            for number, price in enumerate(prices or (150_000,), start=1)
        ]
        commune = a_commune(session)
    quantities = {variant.id: quantity for variant in goods}
    return ordered(quantities, commune, method=PaymentMethod.CARD, **changes)


def begun_payment(group: OrderGroup) -> PaymentSession:
    """Lead the buyer of an order to the gateway's page; return the attempt to pay."""
    start_paying(group.id, URLS, clock.now())
    begun = find_open_session(db.session(), group.id)
    assert begun is not None
    db.session.rollback()
    return begun


def pay_at(gateway: PracticeGateway, begun: PaymentSession) -> Thing:
    """Pay at the gateway's page; return the gateway's payment."""
    with gateway.books as books:
        paid = trade.pay(books, begun.reference or "")
        return dict(books.get("intents", paid["payment_intent"]))
