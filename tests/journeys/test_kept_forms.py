"""An officer types for longer than a proof lasts: asked who it is, and nothing typed is lost."""

from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from marketplace import clock
from marketplace.accounts.models import Person, SignIn
from marketplace.accounts.permissions import STRONG_FOR
from marketplace.accounts.sessions import ON_DUTY
from marketplace.database import db, unit_of_work
from marketplace.traceability.recalls.models import Recall
from tests.conftest import NOON
from tests.factories.accounts import PASSWORD, TOTP_SECRET, with_totp
from tests.journeys import test_workspace
from tests.journeys.looking import faults_here
from tests.journeys.steps import land
from tests.journeys.test_workspace import Market

market = test_workspace.market
WORDS = "Mứt có mùi lạ.\nHũ phồng nắp, “không được ăn”."
ADVICE = "Giữ lại hũ & gọi nơi đã mua."


def grow_old(market: Market, by: timedelta = STRONG_FOR) -> None:
    """Let the proofs of everybody grow old."""
    with market.app.app_context():
        with unit_of_work() as session:
            session.execute(sa.update(SignIn).values(strong_at=NOON - by))
        db.session.remove()


def recalls(market: Market) -> list[Recall]:
    with market.app.app_context():
        found = list(db.session.scalars(sa.select(Recall)))
        db.session.remove()
        return found


def type_recall(page: Page) -> None:
    """Fill in an order of recall."""
    page.goto("/van-phong/thu-hoi/moi/san-pham/1")
    page.locator("input[name=ly_do]").first.check()
    page.get_by_label("Nói rõ chuyện gì").fill(WORDS)
    page.get_by_label("Người đã mua cần làm gì").fill(ADVICE)


def order_recall(page: Page, market: Market) -> None:
    """Order a recall, having typed for long."""
    type_recall(page)
    grow_old(market)
    land(page, page.get_by_role("button", name="Thu hồi ngay"))


def sign_in(page: Page, email: str, at: datetime) -> None:
    """Sign in on the page that is open, in two steps."""
    page.get_by_label("Số điện thoại hoặc email").fill(email)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    land(page, page.get_by_role("button", name="Tiếp tục"))
    page.get_by_label("Mã 6 số").fill(pyotp.TOTP(TOTP_SECRET).at(at))
    land(page, page.get_by_role("button", name="Đăng nhập", exact=True))


def with_code(market: Market, person: str) -> str:
    """Give somebody an authenticator app, and return their address."""
    with market.app.app_context():
        with unit_of_work() as session:
            email = with_totp(session, session.get_one(Person, market.people[person])).email
        db.session.remove()
    return email or ""


@pytest.mark.parametrize("script", [True, False])
def test_what_an_officer_typed_is_sent_after_the_proof(market: Market, script: bool) -> None:
    with market.phone("officer", script=script) as page:
        order_recall(page, market)
        expect(page.locator("main")).to_contain_text("Ra lệnh thu hồi hàng")
        for password in ("không nhớ", PASSWORD):
            page.get_by_label("Mật khẩu").fill(password)
            land(page, page.get_by_role("button", name="Xác nhận", exact=True))
        expect(page.locator("h1")).to_have_text("Đã xác nhận là bạn. Gửi tiếp việc vừa làm?")
        assert {WORDS, ADVICE} <= {one.strip() for one in page.locator(".reply").all_inner_texts()}
        assert recalls(market) == []
        land(page, page.get_by_role("button", name="Gửi tiếp"))
        [recall] = recalls(market)
        assert page.url.endswith(f"/van-phong/thu-hoi/{recall.code}")
        assert (recall.words.split(), recall.advice) == (WORDS.split(), ADVICE)


def test_whoever_changes_their_mind_sends_nothing(market: Market) -> None:
    with market.phone("officer", script=False) as page:
        order_recall(page, market)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        land(page, page.get_by_role("button", name="Xác nhận", exact=True))
        land(page, page.get_by_role("link", name="Không gửi, xem lại trang"))
        assert page.url.endswith("/van-phong/thu-hoi/moi/san-pham/1")
        assert recalls(market) == []


def test_the_pages_in_between_are_for_everyone(market: Market) -> None:
    with market.phone("officer") as page:
        order_recall(page, market)
        faults = faults_here(page)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        land(page, page.get_by_role("button", name="Xác nhận", exact=True))
        faults += faults_here(page)
    assert faults == []


@pytest.mark.parametrize("script", [True, False])
def test_whoever_is_signed_out_while_typing_signs_in_and_sends_it(market: Market, script: bool) -> None:
    email = with_code(market, "officer")
    with market.phone(script=script) as page:
        page.goto("/dang-nhap")
        sign_in(page, email, NOON)
        type_recall(page)
        late = NOON + ON_DUTY.idle
        with clock.stopped(late, everywhere=True):
            land(page, page.get_by_role("button", name="Thu hồi ngay"))
            expect(page.locator("main")).to_contain_text("Những gì vừa gõ vẫn còn")
            faults = faults_here(page) if script else []
            sign_in(page, email, late)
            assert recalls(market) == []
            land(page, page.get_by_role("button", name="Gửi tiếp"))
        [recall] = recalls(market)
    assert page.url.endswith(f"/van-phong/thu-hoi/{recall.code}")
    assert (recall.words.split(), recall.advice, faults) == (WORDS.split(), ADVICE, [])
