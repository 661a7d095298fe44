"""A site on a loopback port of this process, for journeys with a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from marketplace.app import create_app
from marketplace.cli.web_server import WebServer
from marketplace.database import db
from marketplace.upkeep.setup import set_up
from tests.environment.application import make_settings


@contextmanager
def site_with_demo(listener: socket, folder: Path) -> Iterator[str]:
    """Load the demo into a database of its own, answer on a listening socket, and yield the address."""
    port: int = listener.getsockname()[1]
    settings = make_settings(f"sqlite:///{folder / 'site.db'}", folder, PORT=str(port))
    app = create_app(settings)
    with app.app_context():
        set_up(demo=True, report=lambda line: None)
        db.session.remove()
    stop = threading.Event()
    thread = threading.Thread(target=WebServer(app, settings, listener).run, args=[stop.is_set])
    thread.start()
    try:
        yield settings.site_url
    finally:
        stop.set()
        thread.join()
        with app.app_context():
            db.engine.dispose()
