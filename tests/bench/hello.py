"""The yardstick: an empty Flask page under the very server that serves the site."""

import os
import signal
import sys

from flask import Flask

from marketplace.cli.serve import _listen
from marketplace.cli.web_server import WebServer
from marketplace.settings import read_settings

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Xin chào"


def main() -> None:
    settings = read_settings()
    listener = _listen(settings)
    children = [pid for _ in range(2) if (pid := os.fork())]
    if len(children) < 2:
        WebServer(app, settings, listener).run(lambda: False)
    signal.signal(signal.SIGTERM, lambda *_: _end(children))
    signal.pause()


def _end(children: list[int]) -> None:
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    sys.exit()


if __name__ == "__main__":
    main()
