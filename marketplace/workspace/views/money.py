"""Money: what is owed to a producer, on its way and paid out; where it goes, and statements by month."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import Response, request

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.roles import Role
from marketplace.catalogue.figures import months_until
from marketplace.database import db
from marketplace.ordering.order_number import write_number
from marketplace.payments.banks import find_bank, list_banks
from marketplace.payments.errors import InvalidAccount
from marketplace.payments.payout_accounts import LONGEST_HOLDER, find_payout_account, set_payout_account
from marketplace.payments.statements import StatementRow, find_seller_money, list_payouts, list_statement
from marketplace.payments.terms import pay_terms
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.web.filters import write_time
from marketplace.web.guards import requires, strong
from marketplace.web.open_csv import write_csv
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, csv_table, go, page
from marketplace.workspace.money_words import ENTRIES, PAYOUTS, next_payout
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

MONTHS_BACK = 24
NEWEST_PAYOUTS = 12
FIELDS = {"bank_bin": "ngan_hang", "account": "so_tai_khoan", "holder": "chu_tai_khoan"}


@door.get("/<slug>/tien")
@requires(Role.OWNER, Role.STAFF)
def show_money(slug: str) -> Response:
    """Show what is owed, on its way and paid out, and the statement of a month."""
    producer, session, month = own_producer(slug), db.session(), _month()
    account = find_payout_account(session, producer.id)
    payouts = list_payouts(session, producer_id=producer.id, limit=NEWEST_PAYOUTS)
    rows = _statement(producer, month)
    return page(
        "money",
        producer,
        money=find_seller_money(session, producer.id),
        account=account,
        bank=find_bank(account.bank_bin) if account else None,
        payouts=[(row.payout, PAYOUTS[row.payout.state]) for row in payouts],
        due_on=next_payout([row.payout for row in payouts], account, pay_terms(session), clock.now()),
        terms=pay_terms(session),
        rows=[(row, ENTRIES[row.kind], write_number(row.number)) for row in rows],
        month=month,
        months=_months(),
    )


@door.get("/<slug>/tien/sao-ke.csv")
@requires(Role.OWNER, Role.STAFF)
def export_statement(slug: str) -> Response:
    """Hand out the statement of a month as a table for spreadsheets."""
    producer, month = own_producer(slug), _month()
    header = (
        _("Lúc"), _("Mã đơn"), _("Khoản"), _("Tiền qua chợ (đồng)"), _("Phí chợ (đồng)"),
        _("Thuế khấu trừ (đồng)"), _("Còn lại (đồng)"), _("Lần chi"),
    )  # fmt: skip
    rows = [
        (
            write_time(row.at),
            write_number(row.number),
            ENTRIES[row.kind].words,
            row.gross,
            row.commission,
            row.withheld,
            row.net,
            PAYOUTS[row.payout_state].words if row.payout_state else None,
        )
        for row in _statement(producer, month)
    ]
    return csv_table(f"{producer.slug}-sao-ke-{month:%Y-%m}", write_csv(header, rows))


@door.get("/<slug>/tien/tai-khoan")
@requires(Role.OWNER)
@strong
def ask_for_account(slug: str) -> Response:
    """Ask where the money is to go, after the owner has proved who they are."""
    return _account_page(own_producer(slug, Role.OWNER))


@door.post("/<slug>/tien/tai-khoan")
@requires(Role.OWNER)
@strong
def save_account(slug: str) -> Response:
    """Send the money to another account from the next payout on; the owner's alone."""
    producer, typed = own_producer(slug, Role.OWNER), Typed(request.form)
    bank = find_bank(typed.text("ngan_hang"))
    if bank is None:
        return _account_page(producer, [("ngan_hang", _("Mời chọn ngân hàng."))])
    try:
        with acting() as (session, actor):
            own, at = own_producer_in(session, actor, slug, Role.OWNER), clock.now()
            number, holder = typed.text("so_tai_khoan"), typed.text("chu_tai_khoan")
            set_payout_account(session, own.id, bank.bin, number, holder, at)
            journal.record(session, actor, "payout_account:set", "producer", own.id, scope_of(own), at=at)
    except InvalidAccount as refusal:
        return _account_page(producer, [_fault_of(refusal)])
    return go(f"/gian-hang/{slug}/tien", _("Đã lưu tài khoản nhận tiền."))


def _fault_of(refusal: InvalidAccount) -> tuple[str, str]:
    field = FIELDS[refusal.parameters["field"]]
    words = {
        "ngan_hang": _("Mời chọn ngân hàng."),
        "so_tai_khoan": _("Số tài khoản gồm 4 đến 19 chữ số hoặc chữ cái không dấu."),
        "chu_tai_khoan": _("Mời gõ tên chủ tài khoản, không quá %(longest)s chữ.", longest=LONGEST_HOLDER),
    }
    return field, words[field]


def _account_page(producer: Producer, faults: Faults = ()) -> Response:
    kept = find_payout_account(db.session(), producer.id)
    shown = {"ngan_hang": kept.bank_bin, "chu_tai_khoan": kept.holder} if kept else {}
    return page(
        "money_account",
        producer,
        faults=faults,
        banks=[(bank.bin, f"{bank.short_name} – {bank.name}") for bank in list_banks()],
        kept=kept,
        typed=request.form if faults else shown,
    )


def _months() -> list[date]:
    return list(reversed(months_until(clock.today(), MONTHS_BACK)))


def _month() -> date:
    """Return the month asked for by its first day; this one where none of the last two years is."""
    asked = request.args.get("thang", "")
    return next((month for month in _months() if f"{month:%Y-%m}" == asked), _months()[0])


def _statement(producer: Producer, month: date) -> Sequence[StatementRow]:
    since, until = clock.start_of(month), _end_of(month)
    return list_statement(db.session(), producer.id, since=since, until=until)


def _end_of(month: date) -> datetime:
    return clock.start_of(clock.add_months(month, 1))
