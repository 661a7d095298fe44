"""One process that answers requests on a listening socket, and leaves without cutting anyone off."""

import logging
import time
from collections.abc import Callable
from socket import socket
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import WSGITask

from marketplace.settings import Settings

THREADS = 8
CONNECTIONS = 1000
GRACE_SECONDS = 25.0
LAST_CALL_SECONDS = 0.3
LARGEST_BODY = 64 * 1024 * 1024

# That a request waits a moment for a free thread is no news for a log.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class LastAnswer(WSGITask):
    """An answer that tells the client, once the server is leaving, to come back on a new connection."""

    def build_response_header(self) -> bytes:
        """Write the status line and headers."""
        if self.channel.server.leaving:
            self.request.headers["CONNECTION"] = "close"
        header: bytes = super().build_response_header()
        return header


class Request(HTTPRequestParser):
    """A request that waits for leave to send its body only while it has one to send.

    waitress gives that leave to requests that are complete as well, and then waits for more of them.
    """

    def received(self, data: bytes) -> int:
        """Take in what a client sent; return how many bytes belong to this request."""
        taken: int = super().received(data)
        if self.completed:
            self.expect_continue = False
        return taken


class Channel(HTTPChannel):
    """A connection."""

    parser_class = Request
    task_class = LastAnswer


class WebServer:
    """A waitress server on a socket shared with its sister processes."""

    def __init__(self, app: Flask, settings: Settings, listener: socket) -> None:
        self.sockets: dict[int, Any] = {}
        self.server: Any = create_server(
            app,
            map=self.sockets,
            sockets=[listener],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            channel_timeout=30,
            cleanup_interval=10,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=32 * 1024,
            url_scheme=urlsplit(settings.site_url).scheme,
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
            ident=None,
        )
        self.server.channel_class = Channel
        self.server.leaving = False

    def run(self, stopped: Callable[[], bool]) -> None:
        """Answer until told to stop; then finish what was begun, for at most GRACE_SECONDS."""
        while not stopped():
            self._turn(1.0)
        self.server.leaving = True
        self._take_those_in_line()
        self._finish(time.monotonic())
        self.server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self.sockets, ignore_all=True)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.sockets, count=1)

    def _take_those_in_line(self) -> None:
        """Accept whoever stands in the queue already, then take no more."""
        known = -1
        while known != len(self.server.active_channels):
            known = len(self.server.active_channels)
            self.server.handle_accept()
        self.server.del_channel()
        self.server.socket.close()

    def _finish(self, begun: float) -> None:
        while (waited := time.monotonic() - begun) < GRACE_SECONDS:
            if waited > LAST_CALL_SECONDS and not any(map(_busy, self._channels())):
                return
            self._turn(0.1)

    def _channels(self) -> list[HTTPChannel]:
        return list(self.server.active_channels.values())


def _busy(channel: HTTPChannel) -> bool:
    """Whether a request is being received, answered or sent back on a connection."""
    return bool(channel.request or channel.requests or channel.total_outbufs_len)
