"""Money that goes out: refunds, payouts to sellers, disputes; never who the buyers are."""

from flask import Response, request
from markupsafe import Markup

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.media.qr import qr_svg
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.money_words import PAYOUTS, dispute_tag, refund_tag
from marketplace.ordering.order_number import write_number
from marketplace.payments.banks import find_bank
from marketplace.payments.disputes import list_disputes
from marketplace.payments.errors import InvalidReference
from marketplace.payments.payouts import OPEN, complete_payout, fail_payout
from marketplace.payments.refund_ends import (
    find_due_refund,
    is_by_hand,
    list_due_refunds,
    note_refund_done,
)
from marketplace.payments.statements import (
    PayoutRow,
    find_payout,
    list_balances,
    list_open_payouts,
    list_payouts,
)
from marketplace.payments.vietqr import Payload
from marketplace.web.guards import requires, strong
from marketplace.web.headers import tell_no_address
from marketplace.web.open_csv import write_csv
from marketplace.web.order_words import PAYMENT_METHODS, REFUND_REASONS
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _

PATH = "/van-phong/tien"
HEADER = (
    *("ma", "ngay", "nguoi_ban", "ngan_hang", "bin", "so_tai_khoan", "chu_tai_khoan"),
    *("so_tien", "noi_dung", "trang_thai", "but_toan"),
)


@door.get("/tien")
@requires(Role.ADMINISTRATOR)
def show_money() -> Response:
    """Show what is to be given back and paid out, what sellers are owed, and disputes."""
    session = db.session()
    return page(
        "money",
        refunds=list_due_refunds(session),
        by_sellers=list_due_refunds(session, held_by_seller=True),
        waiting_payouts=list_open_payouts(session),
        past_payouts=list_payouts(session, closed_only=True, limit=100),
        balances=list_balances(session),
        disputes=list_disputes(session),
        write_number=write_number,
        methods=PAYMENT_METHODS,
        reasons=REFUND_REASONS,
        is_by_hand=is_by_hand,
        refund_tag=refund_tag,
        dispute_tag=dispute_tag,
        states=PAYOUTS,
    )


@door.get("/tien/hoan/<int:refund_id>")
@requires(Role.ADMINISTRATOR)
def show_refund(refund_id: int) -> Response:
    """Show a refund that people give back, and ask for the reference of it."""
    return _refund_page(refund_id)


@door.post("/tien/hoan/<int:refund_id>")
@requires(Role.ADMINISTRATOR)
@strong
def note_refund(refund_id: int) -> Response:
    """Note that a refund was given back."""
    if find_due_refund(db.session(), refund_id) is None:
        raise NotFound
    try:
        with acting() as (session, actor):
            note_refund_done(session, actor, refund_id, request.form.get("but_toan", ""), clock.now())
    except InvalidReference:
        return _refund_page(refund_id, [("but_toan", _("Mời gõ số bút toán, không quá 120 chữ."))])
    return go(PATH, _("Đã ghi khoản hoàn là xong. Khách được báo."))


@door.get("/tien/chi/<int:payout_id>")
@requires(Role.ADMINISTRATOR)
def show_payout(payout_id: int) -> Response:
    """Show a payout, where it goes, and ask how it ended."""
    return _payout_page(payout_id)


@door.post("/tien/chi/<int:payout_id>/da-chuyen")
@requires(Role.ADMINISTRATOR)
@strong
def note_payout(payout_id: int) -> Response:
    """Note that a payout was transferred."""
    try:
        with acting() as (session, actor):
            complete_payout(session, actor, payout_id, request.form.get("but_toan", ""), clock.now())
    except InvalidReference:
        return _payout_page(payout_id, [("but_toan", _("Mời gõ số bút toán, không quá 120 chữ."))])
    return go(PATH, _("Đã ghi khoản chi là đã chuyển."))


@door.post("/tien/chi/<int:payout_id>/khong-toi")
@requires(Role.ADMINISTRATOR)
@strong
def note_failure(payout_id: int) -> Response:
    """Note that a payout did not arrive; what it was for is owed again."""
    try:
        with acting() as (session, actor):
            fail_payout(session, actor, payout_id, request.form.get("vi_sao", ""), clock.now())
    except InvalidReference:
        return _payout_page(payout_id, [("vi_sao", _("Mời viết vì sao, không quá 300 chữ."))])
    return go(PATH, _("Đã ghi khoản chi không tới. Số tiền trở lại số dư của người bán."))


@door.get("/tien/chi-tra.csv")
@requires(Role.ADMINISTRATOR)
@strong
def hand_out_payouts() -> Response:
    """Hand out payouts as a table: those that wait with `cho=1`, all of them otherwise."""
    session, waiting = db.session(), request.args.get("cho") == "1"
    rows = list_open_payouts(session) if waiting else list_payouts(session, limit=None)
    answer = Response(write_csv(HEADER, map(_csv_row, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=chi-tra-{clock.today():%Y%m%d}.csv"
    return tell_no_address(answer)


def _csv_row(row: PayoutRow) -> tuple[object, ...]:
    payout, account = row.payout, row.account
    where = ("", "", "", "")
    if account is not None:
        bank = find_bank(account.bank_bin)
        name = bank.short_name if bank else ""
        where = (name, account.bank_bin, account.account, account.holder)
    day = clock.local_date(payout.made_at).isoformat()
    ends = (payout.amount, _message(payout.id), payout.state.value, payout.reference)
    return (payout.id, day, row.seller, *where, *ends)


def _refund_page(refund_id: int, faults: Faults = ()) -> Response:
    refund = find_due_refund(db.session(), refund_id)
    if refund is None or not is_by_hand(refund):
        raise NotFound
    return page(
        "money_refund",
        faults=faults,
        refund=refund,
        typed=request.form.get("but_toan", ""),
        number=write_number(refund.split.order.group.number),
        methods=PAYMENT_METHODS,
        reasons=REFUND_REASONS,
    )


def _payout_page(payout_id: int, faults: Faults = ()) -> Response:
    row = find_payout(db.session(), payout_id)
    if row is None:
        raise NotFound
    return page(
        "money_payout",
        faults=faults,
        payout=row.payout,
        seller=row.seller,
        account=row.account,
        bank=find_bank(row.account.bank_bin) if row.account else None,
        message=_message(payout_id),
        drawing=_draw(row),
        is_open=row.payout.state in OPEN,
        tag=PAYOUTS[row.payout.state],
        typed=request.form,
    )


def _message(payout_id: int) -> str:
    return f"OCOP CHI TRA {payout_id}"


def _draw(row: PayoutRow) -> Markup | None:
    """Return the code by which a bank's app fills in the transfer, for one that waits."""
    if row.account is None or row.payout.state not in OPEN:
        return None
    asked = Payload(row.account.bank_bin, row.account.account, row.payout.amount, _message(row.payout.id))
    return Markup(qr_svg(asked.write(), _("Mã VietQR để chuyển khoản chi này")))  # noqa: S704 - drawn by us
