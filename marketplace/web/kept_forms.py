"""Forms that wait for a proof of identity: what was typed travels sealed in the pages in between.

Nothing is stored on our side, so that nobody with somebody else's session can leave a deed behind for them
to confirm; and nothing is done by the proof itself, which ends on a page that says what would be sent.
"""

import re
from dataclasses import astuple, dataclass
from datetime import timedelta
from urllib.parse import quote

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from marketplace import clock

FIELD = "bieu_mau_cho_gui"
"""Where pages carry a sealed form; no form of a page has a field of this name."""
KEPT_FOR = timedelta(minutes=15)
LONGEST = 150_000
"""Characters of a sealed form; with the fields beside it, a form holds 200,000 at most."""
SECRETS = frozenset({"mat_khau", "mat_khau_cu"})
"""Fields of passwords on all pages; a form with one of them is never kept."""
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
MACHINES = frozenset(
    {
        "ban",
        "da_thay",
        "da_xem",
        "dau",
        "dong",
        "khoa",
        "ma_don",
        "ma_su_kien",
        "phien_ban",
        "sao_ke",
        "stamp",
        "version",
    }
)
"""Fields of keys, versions, stamps and carried sheets: they tell people nothing about what they typed."""
MOST_SHOWN = 200
"""Characters of one field that are shown before it is sent on."""
_OURS = frozenset({"csrf_token", FIELD})
_LEGIBLE = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: view, address, encoding, fields, and for each file its field and name."""

    endpoint: str
    address: str
    encoding: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]

    @property
    def shown(self) -> list[str]:
        """Return what was typed and chosen, the beginning of long words; what machines wrote is left out."""
        legible = [text for name, text in self.fields if name not in MACHINES and _LEGIBLE.search(text)]
        return [text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…" for text in legible]


def is_sent_by_page() -> bool:
    """Return whether this request is the form of a page, and no reading and no script's."""
    by_hand = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return request.method == "POST" and by_hand and request.mimetype in FORMS


def form_sent() -> KeptForm | None:
    """Return the form of this request, or None for one that holds secrets."""
    if SECRETS & request.form.keys():
        return None
    query = "?" + request.query_string.decode("ascii", "replace") if request.query_string else ""
    return KeptForm(
        request.endpoint or "",
        f"{quote(request.script_root + request.path)}{query}",
        request.mimetype,
        [(name, text) for name, text in request.form.items(multi=True) if name not in _OURS],
        [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename],
    )


def seal(form: KeptForm, owner: str) -> str | None:
    """Return a form as pages carry it for a while, of use to its owner alone; None when it is too long."""
    until = (clock.now() + KEPT_FOR).timestamp()
    text = _sealer(owner).dumps([until, *astuple(form)])
    return text if len(text) <= LONGEST else None


def unseal(text: str, owner: str) -> KeptForm | None:
    """Return the form that a page carried; None for what ran out or no page of the owner's carried."""
    try:
        until, endpoint, address, encoding, fields, files = _sealer(owner).loads(text)
    except BadData:
        return None
    if until <= clock.now().timestamp():
        return None
    typed, named = [(name, text) for name, text in fields], [(name, file) for name, file in files]
    return KeptForm(endpoint, address, encoding, typed, named)


def _sealer(owner: str) -> URLSafeSerializer:
    key = current_app.extensions["settings"].secret_key
    return URLSafeSerializer(key, salt=f"kept form: {owner}")
