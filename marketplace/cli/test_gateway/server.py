"""Puts the test gateway together and serves it, on loopback alone."""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response
from flask_babel import Babel
from jinja2 import StrictUndefined
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

from marketplace.cli.test_gateway.api import api
from marketplace.cli.test_gateway.books import Books
from marketplace.cli.test_gateway.faults import CONNECTION, Faults, FaultyAnswers
from marketplace.cli.test_gateway.notices import Postman
from marketplace.cli.test_gateway.pages import pages
from marketplace.settings import PROJECT, CardSettings
from marketplace.web import assets, filters

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self' {site}; "
    "frame-ancestors 'none'; base-uri 'none'"
)
WEBHOOK = "/thanh-toan/stripe/su-kien"
THREADS, CONNECTIONS = 16, 1000
RESET = struct.pack("ii", 1, 0)


class Connection:
    """The connection that a request came by."""

    def __init__(self, channel: Any) -> None:
        self.channel = channel

    def reset(self) -> None:
        """Have the connection end by a reset once the request is over."""
        self.channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


class Task(WSGITask):
    """A request that knows its connection."""

    def get_environment(self) -> dict[str, Any]:
        """Return the environ of the request."""
        return {**super().get_environment(), CONNECTION: Connection(self.channel)}


class Channel(HTTPChannel):
    """A connection to the test gateway."""

    task_class = Task


@dataclass
class PracticeGateway:
    """A test gateway: its books, its notices and its faults; `app` answers."""

    books: Books
    postman: Postman
    faults: Faults
    app: Flask

    def serve(self, listener: socket.socket, stopped: Callable[[], bool]) -> None:
        """Answer on a listening socket, and bring notices, until told to stop."""
        sockets: dict[int, Any] = {}
        answers = FaultyAnswers(self.app, self.faults)
        server: Any = create_server(
            answers,
            map=sockets,
            sockets=[listener],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            ident=None,
        )
        server.channel_class = Channel
        bringing = self.postman.start()
        while not stopped():
            wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)
        bringing.set()
        self.faults.clear()
        server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(sockets, ignore_all=True)


def make_gateway(card: CardSettings, site_url: str, books: Books) -> PracticeGateway:
    """Put a test gateway together for a site, with what it knows already."""
    faults = Faults()
    postman = Postman(books, f"{site_url}{WEBHOOK}", card.webhook_secret)
    app = Flask("test_gateway", template_folder=str(PROJECT / "templates"), static_folder=None)
    app.config["API_KEY"] = card.secret_key
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost"]
    app.extensions |= {"books": books, "postman": postman, "faults": faults}
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh")
    filters.register_filters(app)
    app.add_url_rule("/static/<path:filename>", "static", assets.serve_asset)
    app.register_blueprint(api)
    app.register_blueprint(pages)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format(site=site_url)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return PracticeGateway(books, postman, faults, app)
