"""The command that serves the site: web processes on one socket, and a worker beside them."""

import ctypes
import os
import socket
import struct
import subprocess
import sys
from contextlib import ExitStack, suppress
from functools import partial

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from marketplace import clock
from marketplace.accounts.first_administrator import issue_first_link
from marketplace.cli.preconditions import require_set_up
from marketplace.cli.supervisor import Stop, Supervisor
from marketplace.cli.warming import warm_up
from marketplace.cli.web_server import WebServer
from marketplace.database import db, unit_of_work
from marketplace.search.engine import opened, present_generation
from marketplace.settings import Settings

BACKLOG = 1024
SO_ATTACH_FILTER = 26
BPF_RETURN = 0x06


@click.command()
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
@click.pass_obj
def serve(info: ScriptInfo, processes: int) -> None:
    """Serve the site with its worker until stopped (Ctrl-C or SIGTERM)."""
    app = info.load_app()
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        require_set_up()
    listener = _listen(settings)
    click.echo(f"{settings.site_name}: http://{_address(settings)}  (Ctrl-C ends it)")
    if settings.card.test_gateway:
        click.echo(f"Cổng thanh toán thử (không phải tiền thật): {settings.card.api_base}")
    tell_first_link(app, settings)
    warm_up(app)
    if hasattr(os, "fork"):
        _serve_in_processes(app, settings, listener, processes)
    else:
        _serve_alone(app, settings, listener)


def tell_first_link(app: Flask, settings: Settings) -> None:
    """Print the link that makes the first administrator, as long as there is none.

    A database too busy to take it keeps nobody from starting; the next start tries again.
    """
    with app.app_context():
        try:
            with unit_of_work() as session:
                token = issue_first_link(session, clock.now())
        except DBAPIError:
            token = None
        finally:
            db.session.remove()
            db.engine.dispose()
    if token is not None:
        click.echo(
            "Chưa có quản trị. Mở đường dẫn này trong 15 phút để làm quản trị đầu tiên (dùng một lần):\n"
            f"  {settings.site_url}/quan-tri-dau-tien/{token}"
        )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {_address(settings)}: {error.strerror}; PORT and HOST change it"
        ) from error


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def _serve_in_processes(app: Flask, settings: Settings, listener: socket.socket, processes: int) -> None:
    stop = Stop()
    stop.listen()

    def start_web() -> int:
        parent = os.getpid()
        if pid := os.fork():
            return pid
        with app.app_context():
            db.engine.dispose(close=False)
        _open_index(app)
        WebServer(app, settings, listener).run(lambda: stop() or os.getppid() != parent)
        os._exit(0)

    starts = {f"web process {number}": start_web for number in range(1, processes + 1)}
    for command in _beside(settings):
        starts[command] = partial(_start_beside, command)
    Supervisor(starts, stop, lambda: _admit_no_more(listener)).run()


def _open_index(app: Flask) -> None:
    """Read the search index now, so that nobody's first search waits for it."""
    with suppress(SQLAlchemyError), app.app_context():
        if name := present_generation():
            opened().read(name)


def _admit_no_more(listener: socket.socket) -> None:
    """Turn away those who come now, so that everyone whom the kernel let in is still served.

    Closing alone would reset connections that were made and not yet accepted. On Linux a filter that
    passes nothing keeps more from being made: they meet silence and then a closed port, never a reset.
    """
    if sys.platform == "linux":
        pass_nothing = ctypes.create_string_buffer(struct.pack("HBBI", BPF_RETURN, 0, 0, 0))
        program = struct.pack("HP", 1, ctypes.addressof(pass_nothing))
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
    listener.close()


def _beside(settings: Settings) -> list[str]:
    """Return the commands that run beside the web processes."""
    return ["worker", "test-gateway"] if settings.card.test_gateway else ["worker"]


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "marketplace", name, "--parent", str(os.getpid())]


def _start_beside(name: str) -> int:
    """Start a command in a process group of its own, so that only its parent stops it."""
    return os.posix_spawn(sys.executable, _command(name), os.environ, setpgroup=0)


def _serve_alone(app: Flask, settings: Settings, listener: socket.socket) -> None:
    """Serve from this process, where there is no fork (Windows)."""
    stop = Stop()
    stop.listen()
    _open_index(app)
    with ExitStack() as stack:
        for name in _beside(settings):
            beside = stack.enter_context(subprocess.Popen(_command(name)))  # noqa: S603 - our own command
            stack.callback(beside.terminate)
        WebServer(app, settings, listener).run(stop)
