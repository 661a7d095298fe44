"""The texts people say yes to, word for word; a changed text is a new version."""

POLICY_VERSION = "2026-11"
ACCOUNT_TEXT = (
    "Tôi đồng ý để chợ giữ họ tên, email hoặc số điện thoại của tôi để mở và bảo vệ tài khoản. "
    "Tôi có thể xem, sửa, lấy bản sao và xoá dữ liệu này bất cứ lúc nào trong trang tài khoản."
)
LETTERS_TEXT = "Tôi muốn nhận thư tin tức của chợ. Tôi có thể thôi nhận bất cứ lúc nào."
SAVED_NEWS_TEXT = (
    "Tôi muốn nhận tin khi sản phẩm tôi đã lưu đổi giá, được công nhận lại hoặc hết sao. "
    "Tôi có thể thôi nhận bất cứ lúc nào."
)
