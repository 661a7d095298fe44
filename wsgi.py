"""The WSGI entry: `wsgi:app` runs under any WSGI server."""

from marketplace.app import create_app

app = create_app()
