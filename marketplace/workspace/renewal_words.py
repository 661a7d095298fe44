"""What the pieces of a renewal file are called, and what is to be done about each."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.renewal_file import Paper

PIECES: dict[Paper, tuple[LazyString, LazyString, str]] = {
    Paper.RECOGNITION: (
        _l("Quyết định công nhận lần trước"),
        _l("Gửi văn phòng OCOP số và ngày quyết định"),
        "",
    ),
    Paper.PRODUCER: (_l("Tên, địa chỉ, điện thoại cơ sở"), _l("Cần đủ để điền Mẫu số 01"), "/ho-so"),
    Paper.STORY: (_l("Câu chuyện sản phẩm"), _l("Cần có cho hạng 4 sao trở lên"), "/san-pham"),
    Paper.TRACE: (_l("Mã truy xuất điện tử"), _l("Cần có trên nhãn cho hạng 4 sao trở lên"), "/san-pham"),
    Paper.STALL: (_l("Đường dẫn gian hàng điện tử"), _l("Đăng bán để có đường dẫn này"), "/san-pham"),
    Paper.QUALITY: (_l("Chứng chỉ chất lượng"), _l("VietGAP, hữu cơ, HACCP, ISO 22000…"), "/giay-to"),
}
"""For each piece that the market can have: its name, what to do while it is not here, and the page for it."""
OWN_PAPERS: dict[Paper, tuple[LazyString, LazyString]] = {
    Paper.FORMS: (
        _l("Mẫu số 01, Mẫu số 02"),
        _l("Phiếu đăng ký và báo cáo tự đánh giá, ghi rõ đánh giá lại"),
    ),
    Paper.LAB_TEST: (
        _l("Công bố và phiếu kiểm nghiệm"),
        _l("Bản công bố, phiếu kiểm nghiệm định kỳ còn mới"),
    ),
    Paper.MATERIALS: (
        _l("Nguyên liệu, công nghệ, nhãn"),
        _l("Hợp đồng nguyên liệu, thay đổi về sản xuất và bao bì"),
    ),
    Paper.MARKET: (_l("Thị trường"), _l("Hợp đồng, hoá đơn bán, đại lý, hội chợ")),
    Paper.FINANCES: (_l("Sản lượng, doanh thu, lao động"), _l("Số liệu hai năm gần nhất")),
}
"""What producers bring themselves."""
