"""Words that help little to find a product: what shoppers say around it, and legal forms."""

_AROUND = (
    "đặc sản", "ocop", "sản phẩm", "mua", "bán", "giá", "giá rẻ", "giá bao nhiêu", "bao nhiêu tiền", "ở đâu",
    "mua ở đâu", "ở", "tại", "của", "và", "các", "những", "loại", "ngon", "chính hãng", "chính gốc", "uy tín",
    "online", "đạt", "chứng nhận", "đạt chuẩn", "tìm", "cần mua", "cho tôi", "3 sao", "4 sao", "5 sao",
    "tỉnh", "huyện", "xã", "phường", "thị trấn", "thị xã", "thành phố", "tp", "tx", "quận", "đặc khu",
)  # fmt: skip
_FORMS = (
    "hợp tác xã", "htx", "liên hiệp hợp tác xã", "tổ hợp tác", "tht", "công ty", "cty", "ctcp", "tnhh",
    "trách nhiệm hữu hạn", "cổ phần", "công ty cp", "cty cp", "doanh nghiệp", "doanh nghiệp tư nhân", "dntn",
    "hộ kinh doanh", "hkd", "hộ sản xuất kinh doanh", "hộ sản xuất", "hộ sxkd", "hộ gia đình", "cơ sở",
    "cơ sở sản xuất", "cssx", "trang trại", "chi nhánh", "nhà máy", "xưởng",
)  # fmt: skip
_TRADES = (
    "cp", "mtv", "một thành viên", "sản xuất", "sx", "thương mại", "tm", "dịch vụ", "dv", "dvnn",
    "nông nghiệp", "nn", "chế biến", "cb", "kinh doanh", "kd", "sxkd", "sản xuất kinh doanh",
    "dịch vụ nông nghiệp", "tổng hợp", "xuất nhập khẩu", "xnk", "sxtm", "tmdv", "sx tm", "sx tm dv", "đầu tư",
    "phát triển",
)  # fmt: skip


def _table(phrases: tuple[str, ...]) -> dict[int, set[tuple[str, ...]]]:
    table: dict[int, set[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        table.setdefault(len(words), set()).add(words)
    return table


AROUND = _table(_AROUND)
FORMS = _table(_FORMS)
TRADES = _table(_TRADES)
LONGEST = max(*AROUND, *FORMS, *TRADES)
