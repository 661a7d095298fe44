"""The door for everyone: catalogue, register, sales points, cart and order."""

from flask import Blueprint

door = Blueprint("storefront", __name__)
