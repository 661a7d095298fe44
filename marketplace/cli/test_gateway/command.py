"""The command that serves the test gateway; `serve` starts it where TEST_GATEWAY is on."""

import os
import socket
from urllib.parse import urlsplit

import click

from marketplace.cli.supervisor import Stop
from marketplace.cli.test_gateway.books import Books
from marketplace.cli.test_gateway.server import make_gateway
from marketplace.settings import read_settings


@click.command()
@click.option("--parent", type=int, hidden=True)
def test_gateway(parent: int | None) -> None:
    """Serve the card gateway for trying things out, until stopped or left alone by the parent process."""
    settings = read_settings()
    if not settings.card.test_gateway:
        raise click.ClickException("TEST_GATEWAY is off")
    stop = Stop()
    stop.listen()
    books = Books(settings.outbox.parent / "test_gateway.json")
    gateway = make_gateway(settings.card, settings.site_url, books)
    port = urlsplit(settings.card.api_base).port
    try:
        listener = socket.create_server(("127.0.0.1", port or 0))
    except OSError as error:
        words = f"cannot listen on port {port}: {error.strerror}; TEST_GATEWAY_PORT changes it"
        raise click.ClickException(words) from error
    with listener:
        gateway.serve(listener, lambda: stop() or parent not in {None, os.getppid()})
