"""The door for producers: their listings, prices, stock, papers and profile, phone first."""

from flask import Blueprint

door = Blueprint("workspace", __name__, url_prefix="/gian-hang")
