"""Pictures at the door: uploads are read with limits of their own, and kept pictures are served."""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from werkzeug.datastructures import FileStorage

from marketplace.media.limits import FORMS, MAX_BYTES
from marketplace.media.pictures import FORM_NAMES, picture_sources, picture_url, read_rendition
from marketplace.web.assets import FOR_EVER
from marketplace.web.guards import Guard, View, guarded

door = Blueprint("pictures", __name__)

ONE_REQUEST = 4 * MAX_BYTES
"""Bytes that a form with pictures may have: without JavaScript several come at once."""
MOST_AT_ONCE = 10


def takes_files(most_bytes: int = ONE_REQUEST) -> Callable[[View], View]:
    """Let a view's requests be larger than others may be; by default as large as some pictures."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def widen_for_files() -> None:
    """Raise the limit of this request's body when its view takes files."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_bytes", None)
    if most is not None:
        request.max_content_length = most


def read_files(field: str = "anh", most: int = MOST_AT_ONCE) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file that came under a name, without the empty place of none.

    One byte more than a picture may have is read, for `encode` to refuse.
    """
    for upload in _uploads(field)[:most]:
        yield upload.filename or "", upload.stream.read(MAX_BYTES + 1)


def _uploads(field: str) -> list[FileStorage]:
    return [upload for upload in request.files.getlist(field) if upload.filename]


def answer_script(messages: Sequence[str] = ()) -> Response | None:
    """Answer `js/pictures.js`, which sends pictures one by one: kept (204), or what was refused (422).

    Returns None for a form that a browser sent without it: that wants a page.
    """
    if request.accept_mimetypes.best != "application/json":
        return None
    if not messages:
        return Response(status=204)
    answer = jsonify(messages=list(messages))
    answer.status_code = 422
    return answer


def pictures_from() -> str:
    """Return where else than from here pictures come, as the content security policy names it."""
    parts = urlsplit(current_app.extensions["settings"].media_url)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def show_pictures(app: Flask) -> None:
    """Serve pictures, and give templates the functions of `components/pictures.html`."""
    app.before_request(widen_for_files)
    app.register_blueprint(door)
    app.jinja_env.globals.update(picture_sources=picture_sources, picture_url=picture_url)


@door.get(f"/anh/<string(length=22):key>-<int:width>.<any({', '.join(FORMS)}):form>")
@guarded(Guard.PUBLIC)
def rendition(key: str, width: int, form: str) -> Response:
    """Give a picture in one width and form; its address never means anything else."""
    content = read_rendition(key, width, form)
    if content is None:
        abort(404)
    response = Response(content, content_type=FORM_NAMES[form])
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(f"{key}-{width}-{form}")
    return response.make_conditional(request)  # type: ignore[return-value]
