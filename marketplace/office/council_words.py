"""What positions and states of sessions are called on the pages of councils."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.councils.models import Position, SessionState

POSITIONS: dict[Position, LazyString] = {
    Position.CHAIR: _l("Chủ tịch hội đồng"),
    Position.DEPUTY: _l("Phó chủ tịch hội đồng"),
    Position.MEMBER: _l("Uỷ viên"),
    Position.SECRETARY: _l("Thư ký, không chấm"),
}
SESSION_STATES: dict[SessionState, tuple[LazyString, str]] = {
    SessionState.PLANNED: (_l("Sắp họp"), ""),
    SessionState.SCORING: (_l("Đang chấm kín"), "warn"),
    SessionState.CLOSED: (_l("Đã kết thúc"), "ok"),
}
"""With the kind of tag each is shown as."""
