"""The door for people with a pack in their hands."""

from flask import Blueprint

door = Blueprint("scan", __name__)
