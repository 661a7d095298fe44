"""The door for programs: JSON over HTTP at /api/v1, with keys that organisations issue."""

from flask import Blueprint

door = Blueprint("api", __name__, url_prefix="/api/v1")
