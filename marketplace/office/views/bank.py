"""Reconciling: statements of the bank brought in, and transfers that only people can lead to an order."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.roles import SITE, Role
from marketplace.database import db
from marketplace.errors import InvalidInput, NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.bank_file import MOST_BYTES, read_file, seal, unseal
from marketplace.office.bank_words import COLUMNS, FAULTS, OUTCOMES
from marketplace.ordering.order_number import read_number, write_number
from marketplace.payments.bank import take_transfers
from marketplace.payments.bank_deeds import LONGEST_WORDS, assign_transfer, give_excess_back, set_aside
from marketplace.payments.bank_statements import MOST_LINES, NoStatement, Statement, TooManyTransfers
from marketplace.payments.errors import OrderUnknown
from marketplace.payments.models import BankTransfer, TransferState
from marketplace.payments.reconciliation import (
    Outcome,
    count_transfers,
    find_reconciled,
    foresee,
    list_transfers,
    list_uneven,
)
from marketplace.text import clean
from marketplace.upkeep.sheets import SheetRefused
from marketplace.web.guards import requires, strong
from marketplace.web.pictures import takes_files
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/doi-soat"
BEYOND_FILE = 400_000


@door.get("/doi-soat")
@requires(Role.ADMINISTRATOR)
def show_transfers() -> Response:
    """Show the transfers that wait for people, and take a statement in."""
    return _overview()


@door.post("/doi-soat")
@requires(Role.ADMINISTRATOR)
@takes_files(MOST_BYTES + BEYOND_FILE)
def try_statement() -> Response:
    """Read a statement and show what it would do; nothing is written yet."""
    upload = request.files.get("tep")
    content = upload.stream.read(MOST_BYTES + 1) if upload else b""
    try:
        statement = read_file(content)
    except SheetRefused as refusal:
        return _overview([("tep", refusal.reason)])
    except NoStatement as refusal:
        missing = ", ".join(str(COLUMNS[column]) for column in refusal.parameters["missing"])
        return _overview([("tep", _("Không tìm thấy cột: %(columns)s.", columns=missing))])
    except TooManyTransfers:
        return _overview([("tep", _("Nhiều nhất %(most)s khoản một lần. Mời chia nhỏ.", most=MOST_LINES))])
    return _trial(statement)


@door.post("/doi-soat/ghi")
@requires(Role.ADMINISTRATOR)
def take_statement() -> Response:
    """Count every transfer that was shown, or none of them."""
    lines = unseal(request.form.get("sao_ke", ""), require_actor().person_id)
    if lines is None:
        return _overview([("tep", _("Bản xem thử đã hết hạn. Mời chọn lại tệp."))])
    with acting() as (session, actor):
        take_transfers(session, lines, clock.now())
        journal.record(
            session,
            actor,
            "statement:take",
            "bank",
            "statement",
            SITE,
            at=clock.now(),
            data={"lines": len(lines)},
        )
    return go(PATH, _("Đã ghi %(count)s khoản trong sao kê.", count=len(lines)))


@door.get("/doi-soat/tien/<int:transfer_id>")
@requires(Role.ADMINISTRATOR)
def show_transfer(transfer_id: int) -> Response:
    """Show a transfer, and the order of a number that was asked for."""
    return _transfer_page(transfer_id)


@door.post("/doi-soat/tien/<int:transfer_id>/gan")
@requires(Role.ADMINISTRATOR)
def give_transfer(transfer_id: int) -> Response:
    """Give a transfer to an order."""
    try:
        with acting() as (session, actor):
            assign_transfer(session, actor, transfer_id, request.form.get("ma", ""), clock.now())
    except OrderUnknown:
        words = _("Không có đơn nào mang mã này nhận được chuyển khoản.")
        return _transfer_page(transfer_id, [("ma", words)])
    return go(PATH, _("Đã gắn khoản tiền với đơn."))


@door.post("/doi-soat/tien/<int:transfer_id>/de-rieng")
@requires(Role.ADMINISTRATOR)
def put_aside(transfer_id: int) -> Response:
    """Put a transfer aside that is for no order."""
    try:
        with acting() as (session, actor):
            set_aside(session, actor, transfer_id, clean(request.form.get("loi", "")), clock.now())
    except InvalidInput:
        words = _("Mời viết vì sao, không quá %(most)s chữ.", most=LONGEST_WORDS)
        return _transfer_page(transfer_id, [("loi", words)])
    return go(PATH, _("Đã để riêng khoản tiền."))


@door.post("/doi-soat/don/<int:order_id>/tra-lai")
@requires(Role.ADMINISTRATOR)
@strong
def return_excess(order_id: int) -> Response:
    """Promise back what was paid for an order beyond what is due."""
    with acting() as (session, actor):
        give_excess_back(session, actor, order_id, clock.now())
    return go(PATH, _("Đã ghi khoản phải trả lại. Mời chuyển trả rồi ghi số bút toán."))


def _overview(faults: Faults = ()) -> Response:
    session = db.session()
    return page(
        "bank",
        faults=faults,
        unmatched=list_transfers(session, TransferState.UNMATCHED),
        aside=list_transfers(session, TransferState.SET_ASIDE),
        unclear=count_transfers(session, TransferState.UNMATCHED),
        uneven=list_uneven(session),
        write_number=write_number,
        megabytes=MOST_BYTES // 1_000_000,
        lines=MOST_LINES,
    )


def _trial(statement: Statement) -> Response:
    foreseen = foresee(db.session(), statement.lines)
    stands_against = statement.faults or any(one.outcome is Outcome.DIFFERS for one in foreseen)
    return page(
        "bank_trial",
        status=422 if stands_against else 200,
        statement=statement,
        foreseen=foreseen,
        fresh=sum(one.outcome is not Outcome.KNOWN for one in foreseen),
        total=sum(one.line.amount for one in foreseen if one.outcome is not Outcome.KNOWN),
        sealed="" if stands_against else seal(statement.lines, require_actor().person_id),
        outcomes=OUTCOMES,
        reasons=FAULTS,
        write_number=write_number,
    )


def _transfer_page(transfer_id: int, faults: Faults = ()) -> Response:
    transfer = db.session.get(BankTransfer, transfer_id)
    if transfer is None or transfer.state is TransferState.MATCHED:
        raise NotFound
    typed = request.form.get("ma", request.args.get("ma", ""))
    found = find_reconciled(db.session(), read_number(typed) or "") if typed else None
    if typed and found is None and not faults:
        faults = [("ma", _("Không có đơn nào mang mã này nhận được chuyển khoản."))]
    return page(
        "bank_transfer",
        faults=faults,
        transfer=transfer,
        typed=typed,
        words=request.form.get("loi", transfer.words or ""),
        found=found,
        write_number=write_number,
    )
