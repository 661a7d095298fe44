"""Vietnamese at the root, the same tree in English under /en."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import has_request_context, request

LANGUAGES = ("vi", "en")
_KEY = "marketplace.language"


class LanguagePrefix:
    """Moves /en from the path to the script's name, so that every link made stays in English."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the same tree in the language that the path names."""
        path = environ.get("PATH_INFO", "")
        if path == "/en" or path.startswith("/en/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/en"
            environ["PATH_INFO"] = path[3:] or "/"
            environ[_KEY] = "en"
        return self.application(environ, start_response)


def current_language() -> str:
    """Return the language of the page being made; letters and commands speak Vietnamese."""
    if not has_request_context():
        return "vi"
    language: Any = request.environ.get(_KEY, "vi")
    return str(language)
