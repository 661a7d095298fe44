"""What each refusal is called in words that people read."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.errors import MarketplaceError

EXPLANATIONS: dict[str, LazyString] = {
    "refused": _l("Yêu cầu không thực hiện được."),
    "not_found": _l("Không tìm thấy nội dung bạn hỏi."),
    "invalid_input": _l("Nội dung nhập chưa đúng."),
    "foreign_origin": _l("Yêu cầu không đến từ trang của chúng tôi nên không được nhận."),
}


def explain(refusal: MarketplaceError) -> str:
    """Return the words for a refusal, its parameters filled in."""
    words = EXPLANATIONS.get(refusal.code, EXPLANATIONS["refused"])
    return str(words) % refusal.parameters if "%(" in str(words) else str(words)
