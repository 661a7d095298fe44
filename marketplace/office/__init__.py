"""The door of the programme's offices: what waits for an answer, decisions from paper, people let in."""

from flask import Blueprint

door = Blueprint("office", __name__, url_prefix="/van-phong")
