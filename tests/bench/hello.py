"""The yardstick: an empty Flask page under the very server that serves the site."""

import os
import signal
import sys
from socket import socket

from flask import Flask

from marketplace.cli.serve import _listen
from marketplace.cli.web_server import WebServer
from marketplace.settings import Settings, read_settings

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Xin chào"


def main() -> None:
    settings = read_settings()
    listener = _listen(settings)
    children = [_start(settings, listener) for _ in range(2)]
    signal.signal(signal.SIGTERM, lambda *_: _end(children))
    signal.pause()


def _start(settings: Settings, listener: socket) -> int:
    if pid := os.fork():
        return pid
    WebServer(app, settings, listener).run(lambda: False)
    os._exit(0)


def _end(children: list[int]) -> None:
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    sys.exit()


if __name__ == "__main__":
    main()
