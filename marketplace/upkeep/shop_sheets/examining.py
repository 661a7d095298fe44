"""Trying a sheet: everything is done as when it is confirmed, and taken back.

Counts of stock alone are not tried: all that could be refused of them is seen in comparing, and their
shelves are not kept from buyers meanwhile.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.errors import PriceJump
from marketplace.database import unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.media.models import Picture
from marketplace.media.pictures import owner_of
from marketplace.producers.models import Producer
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.shop_sheets.applying import Hand, needs_listing
from marketplace.upkeep.shop_sheets.columns import Column
from marketplace.upkeep.shop_sheets.planning import REFUSED, FindKey, Planner
from marketplace.upkeep.shop_sheets.plans import Plan, ProductWork
from marketplace.upkeep.shop_sheets.present import load_kept
from marketplace.upkeep.shop_sheets.uploads import Upload

REFUSALS = {
    "illegal_transition": "bài đăng đang chờ duyệt: rút lại hoặc đợi trả lời rồi sửa",
    "invalid_pictures": "các ảnh này không dùng được cho sản phẩm",
    "invalid_variant": "gói không hợp lệ",
    "sku_taken": "mã gói không dùng được",
    "below_promised": "số này ít hơn số đã có người đặt",
    "invalid_quantity": "số lượng không hợp lệ",
}
"""What the actions refuse of a product, in words for its first row."""
FAR = "giá đổi quá 30 % trong 24 giờ"
_SHORTLY = timedelta(minutes=1)


class _TakeBack(Exception):
    """Ends a trial: no error, only the way out of a unit of work without its commit."""


def examine(
    producer_id: int, upload: Upload, pictures: Mapping[str, str], actor: Actor, at: datetime
) -> Plan:
    """Return what a sheet would do, and what stands against it; nothing is left changed.

    `pictures` are the keys of the pictures that its rows name.
    """
    plan = Plan()
    with suppress(_TakeBack), unit_of_work() as session:
        producer = session.get_one(Producer, producer_id)
        planner = draw_up(session, producer, upload, pictures)
        plan = planner.plan
        unproved = replace(actor, strong_until=None)
        _attempt(Hand(session, producer, planner.kept, unproved, at), planner)
        _take_back()
    return plan


def _take_back() -> None:
    raise _TakeBack


def draw_up(
    session: Session, producer: Producer, upload: Upload, pictures: Mapping[str, str], *, lock: bool = False
) -> Planner:
    """Compare a sheet with what is there; with `lock`, nobody changes that until the commit."""
    kept = load_kept(session, producer.id, lock=lock)
    wishes, findings = upload.wishes()
    planner = Planner(kept, _finder(session, producer.id, pictures))
    planner.plan.findings.extend(findings)
    planner.take_all(wishes)
    return planner


def _finder(session: Session, producer_id: int, pictures: Mapping[str, str]) -> FindKey:
    """Find pictures by the names they came with, or by the key that a sheet taken out calls them by."""
    own = sa.select(Picture.key).where(Picture.owner == owner_of("producer", producer_id))
    keys = set(session.scalars(own))

    def find(name: str) -> str | None:
        key = pictures.get(name.casefold(), name.rsplit(".", 1)[0])
        return key if key in keys or key == REFUSED else None

    return find


def _attempt(hand: Hand, planner: Planner) -> None:
    """Do what is to be done of each product, and note what is refused of it."""
    wrong = {one.row for one in planner.plan.errors}
    for work in planner.works.values():
        say = Speaker(work.first_row, planner.plan.findings)
        if needs_listing(work) and work.product.listing is None:
            say.doubt(Column.PRODUCT, "sản phẩm chưa có bài đăng: sẽ mở bài nháp, gửi duyệt sau")
        if not wrong & work.rows:
            _try_one(hand, work, planner.plan, say)


def _try_one(hand: Hand, work: ProductWork, plan: Plan, say: Speaker) -> None:
    try:
        with hand.session.begin_nested():
            hand.do(work)
    except PriceJump as jump:
        _judge_jump(hand, work, plan, jump)
    except MarketplaceError as refusal:
        say.error(Column.PRODUCT, REFUSALS.get(refusal.code, f"không ghi được ({refusal.code})"))


def _judge_jump(hand: Hand, work: ProductWork, plan: Plan, jump: PriceJump) -> None:
    """Let the owner's pass, to be confirmed by a proof of identity; anybody else's is an error."""
    rows = (pack.row for pack in work.packs if pack.variant and pack.variant.sku == jump.parameters["sku"])
    say = Speaker(next(rows, work.first_row), plan.findings)
    if hand.producer.id not in hand.actor.scope_ids(ScopeKind.PRODUCER, Role.OWNER):
        say.error(Column.PRICE, f"{FAR}: chỉ chủ cơ sở đổi được")
        return
    plan.needs_owner = True
    say.doubt(Column.PRICE, f"{FAR}: khi ghi, trang sẽ hỏi lại mật khẩu của bạn")
    proved = replace(hand.actor, strong_until=hand.at + _SHORTLY)
    _try_one(replace(hand, actor=proved), work, plan, say)
