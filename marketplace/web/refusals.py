"""What each refusal is called in words that people read."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.errors import MarketplaceError

EXPLANATIONS: dict[str, LazyString] = {
    "refused": _l("Yêu cầu không thực hiện được."),
    "not_found": _l("Không tìm thấy nội dung bạn hỏi."),
    "invalid_input": _l("Nội dung nhập chưa đúng."),
    "form_outdated": _l("Trang đã mở quá lâu. Mời tải lại trang rồi bấm lại."),
    "invalid_quantity": _l("Số lượng là số nguyên từ 1 đến 999."),
    "invalid_phone": _l("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0 hoặc +84."),
    "not_for_sale": _l("Sản phẩm này hiện không đặt mua qua mạng được."),
    "seller_on_holiday": _l("Người bán đang nghỉ, nhận đơn lại từ ngày %(reopens)s."),
    "cart_full": _l("Giỏ chỉ giữ được 50 món. Mời đặt bớt rồi thêm tiếp."),
    "not_cancelable": _l("Người bán đã nhận gói này nên không huỷ trên trang được. Mời gọi người bán."),
    "sign_in_needed": _l("Trang này cần đăng nhập."),
    "second_factor_needed": _l("Vai trò của bạn cần mã 6 số hoặc khoá vân tay."),
    "reauthentication_needed": _l("Việc này cần xác nhận lại là bạn."),
    "invalid_identity": _l("Mời gõ email, hoặc số điện thoại 10 chữ số bắt đầu bằng 0 hoặc +84."),
    "invalid_name": _l("Mời gõ họ và tên, tối đa 120 chữ."),
    "sign_in_refused": _l("Số điện thoại, email hoặc mật khẩu chưa đúng."),
    "code_refused": _l("Mã không đúng, đã dùng hoặc đã hết hạn. Mời xem mã mới rồi gõ lại."),
    "link_refused": _l("Đường dẫn đã dùng hoặc đã hết hạn. Mời xin đường dẫn mới."),
    "too_many_attempts": _l("Đã thử quá nhiều lần. Mời chờ %(wait)s giây rồi thử lại."),
    "identity_taken": _l("Địa chỉ này đã có tài khoản khác dùng."),
    "own_grant": _l("Không ai tự nhận vai trò do chính mình mời."),
    "last_owner": _l("Bạn là chủ cuối cùng ở đây. Mời giao quyền cho người khác trước."),
    "invalid_role": _l("Vai trò này không có ở đây."),
    "conflict_of_duty": _l("Cán bộ không được vừa quản lý vừa bán hàng trong cùng địa bàn."),
    "already_member": _l("Bạn đã có vai trò này rồi."),
    "invalid_key_request": _l("Khoá cần ít nhất một quyền và hạn không quá một năm."),
    "consent_missing": _l("Cần đồng ý thì chúng tôi mới được giữ tên và cách liên hệ của bạn."),
    "passkey_refused": _l("Khoá vân tay chưa đúng hoặc trả lời quá lâu. Mời thử lại hoặc dùng mật khẩu."),
    "recovery_refused": _l("Địa chỉ hoặc mã dự phòng chưa đúng."),
    "erasure_unconfirmed": _l("Mời đánh dấu ô xác nhận trước khi xoá."),
    "picture_refused": _l("%(name)s: không nhận được tệp này."),
    "picture_empty": _l("%(name)s: tệp rỗng. Mời chọn lại ảnh."),
    "picture_too_large": _l("%(name)s: tệp lớn hơn %(most)s MB. Mời chụp lại hoặc thu nhỏ ảnh."),
    "picture_of_other_kind": _l("%(name)s: tệp này không phải ảnh JPEG, PNG hay WebP (%(kind)s)."),
    "picture_mixed": _l("%(name)s: ảnh có giấu tệp khác bên trong nên không được nhận."),
    "picture_animated": _l("%(name)s: ảnh động không được nhận. Mời chọn ảnh chụp."),
    "picture_too_many_pixels": _l("%(name)s: ảnh có hơn %(most)s triệu điểm. Mời thu nhỏ ảnh."),
    "picture_too_small": _l("%(name)s: ảnh quá nhỏ, mỗi cạnh cần ít nhất %(least)s điểm."),
    "picture_too_narrow": _l("%(name)s: ảnh quá dài, cạnh dài chỉ được gấp %(most)s lần cạnh ngắn."),
    "picture_damaged": _l("%(name)s: ảnh bị hỏng hoặc tải lên dở dang. Mời chọn lại."),
    "picture_too_heavy": _l("%(name)s: ảnh quá nặng để mở. Mời thu nhỏ ảnh."),
    "archive_damaged": _l("%(name)s: không phải tệp ZIP, bị hỏng hoặc có mật khẩu."),
    "archive_too_large": _l("%(name)s: tệp ZIP lớn hơn %(most)s MB. Mời chia nhỏ."),
    "archive_too_many": _l("%(name)s: tệp ZIP có hơn %(most)s tệp. Mời chia nhỏ."),
    "archive_bomb": _l("%(name)s: tệp ZIP bung ra quá lớn nên không được mở."),
    "archive_entry_refused": _l("%(name)s: tên hoặc loại tệp này trong ZIP không được nhận."),
    "stock_changed": _l("Số trên kệ vừa đổi, nay là %(on_hand)s. Mời xem lại rồi gửi lần nữa."),
    "below_promised": _l("Số này ít hơn số đã hứa cho đơn hàng. Mời huỷ bớt đơn hoặc đếm lại."),
    "too_many_pictures": _l("Trang chỉ hiện được %(most)s ảnh. Mời bỏ bớt ảnh cũ."),
    "trial_gone": _l("Bản xem thử đã hết hạn hoặc có tệp mới hơn thay. Mời gửi lại bảng tính."),
    "trial_outdated": _l("có ô đã đổi từ lúc bạn xem thử."),
    "trial_has_errors": _l("Bảng tính còn lỗi. Mời sửa rồi gửi lại."),
    "invalid_report": _l("Mời viết từ %(shortest)s đến %(longest)s chữ."),
    "not_about_product": _l("Báo cáo này nói về cơ sở, không có sản phẩm để tạm ẩn."),
    "report_closed": _l("Báo cáo này đã có người trả lời."),
    "invalid_decision_number": _l("Số quyết định gồm số và ký hiệu cơ quan, ví dụ 2919/QĐ-UBND."),
    "issued_in_future": _l("Ngày ký không thể ở sau hôm nay."),
    "no_certificate_for_stars": _l("Chỉ cấp giấy chứng nhận cho 3, 4 và 5 sao."),
    "nothing_awarded": _l("Mời chọn hạng sao cho ít nhất một sản phẩm."),
    "several_authorities": _l("Các hạng sao này không do cùng một cơ quan công nhận. Mời ghi riêng."),
    "already_awarded": _l("%(name)s đã có giấy chứng nhận theo quyết định này."),
    "author_cannot_confirm": _l("Người soạn không tự xác nhận được. Mời nhờ một cán bộ khác cùng tỉnh."),
    "member_cannot_award": _l("Bạn là thành viên của một chủ thể có tên trong quyết định."),
    "paper_closed": _l("Bản soạn này đã được xác nhận hoặc đã rút."),
    "other_day_on_record": _l("Sổ đã có quyết định số này trong năm với ngày ký khác. Mời xem lại bản giấy."),
    "invalid_voice": _l("Mời viết từ %(shortest)s đến %(most)s chữ."),
    "too_many_photographs": _l("Chỉ hiện được %(most)s ảnh. Mời bỏ bớt."),
    "not_delivered": _l("Món này chưa giao đến bạn nên chưa đánh giá được."),
    "own_goods": _l("Người của cơ sở không đánh giá hàng của mình."),
    "review_fixed": _l("Đã quá 30 ngày nên lời này không sửa được nữa, chỉ xoá được."),
    "voice_hidden": _l("Lời này đã bị ẩn vì phạm quy định nên không sửa, không trả lời được."),
    "voice_settled": _l("Lời này không chờ xem xét, hoặc đã có người quyết định."),
    "too_many_saved": _l("Bạn đã lưu %(most)s sản phẩm. Mời bỏ bớt rồi lưu tiếp."),
    "too_many_addresses": _l("Bạn đã lưu %(most)s địa chỉ. Mời xoá bớt rồi lưu tiếp."),
    "foreign_origin": _l("Yêu cầu không đến từ trang của chúng tôi nên không được nhận."),
    "never_certified": _l("Sản phẩm chưa từng được công nhận OCOP nên chỉ soạn và xem trước được."),
    "listing_incomplete": _l("Còn thiếu ở bước %(step)s. Mời làm nốt rồi gửi."),
    "listing_changed": _l("Nội dung vừa được sửa ở nơi khác. Mời tải lại trang rồi làm tiếp."),
    "listing_exists": _l("Sản phẩm này đã có trên gian hàng rồi."),
    "illegal_transition": _l("Việc này không làm được lúc này: trang đã chuyển sang bước khác."),
    "fixed_by_certificate": _l("Mục này theo giấy chứng nhận nên chỉ đổi bằng đề nghị thay đổi."),
    "not_fixed_yet": _l("Sản phẩm chưa có giấy chứng nhận: mời sửa thẳng trong bản nháp."),
    "price_jump": _l("Giá đổi quá 30% trong một ngày: cần chủ gian hàng xác nhận lại là mình."),
    "invalid_pictures": _l("Chọn tối đa 8 ảnh của gian hàng, mỗi ảnh một lần."),
    "invalid_words": _l("Mời viết, và không dài quá %(most)s."),
    "invalid_change": _l("Mời sửa ít nhất một mục, chọn đúng tên có trong danh sách."),
    "change_request_open": _l("Sản phẩm đang có một đề nghị chờ trả lời. Mời rút lại trước khi gửi mới."),
    "change_outdated": _l("Sản phẩm đã đổi từ lúc gửi đề nghị nên không làm theo được nữa."),
    "transfer_matched": _l("Khoản tiền này đã gắn với một đơn."),
    "nothing_to_refund": _l("Đơn này không còn khoản thừa nào để trả lại."),
    "nothing_to_pay": _l("Đơn này không còn gì phải trả theo cách này."),
    "money_differs": _l("Ngân hàng đã báo mã giao dịch này với số tiền khác. Mời xem lại sao kê."),
    "invalid_variant": _l("Giá, lượng chứa và cân nặng là số lớn hơn 0; thuế từ 0 đến 20."),
    "sku_taken": _l("Mã hàng %(sku)s đã dùng cho quy cách khác."),
}


def explain(refusal: MarketplaceError) -> str:
    """Return the words for a refusal, its parameters filled in."""
    words = EXPLANATIONS.get(refusal.code, EXPLANATIONS["refused"])
    return str(words) % _written(refusal.parameters) if "%(" in str(words) else str(words)


def _written(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: f"{value:%d/%m/%Y}" if isinstance(value, date) else value for name, value in parameters.items()
    }
