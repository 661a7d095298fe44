"""Carts, stock and orders; terms as in the field (OrderGroup, Order, StockItem, StockMovement)."""

from marketplace.ordering.models.cart import Cart, CartLine
from marketplace.ordering.models.limits import LookupAttempt, PhoneAllowance
from marketplace.ordering.models.order import Fulfillment, FulfillmentLine, Order, OrderGroup, OrderLine
from marketplace.ordering.models.order_states import CancelReason, OrderStatus, PaymentMethod
from marketplace.ordering.models.stock import MovementKind, StockItem, StockMovement, StockReservation

__all__ = [
    "CancelReason",
    "Cart",
    "CartLine",
    "Fulfillment",
    "FulfillmentLine",
    "LookupAttempt",
    "MovementKind",
    "Order",
    "OrderGroup",
    "OrderLine",
    "OrderStatus",
    "PaymentMethod",
    "PhoneAllowance",
    "StockItem",
    "StockMovement",
    "StockReservation",
]
