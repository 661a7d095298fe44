"""Settings are read once, and whatever is wrong is named at once."""

import stat
from pathlib import Path

import pytest

from marketplace.errors import SettingsError
from marketplace.settings import LapsedProducts, ReceivingAccount, read_settings, reading

SECRET = "s" * 32
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "SITE_URL": "https://ocop.example.vn",
    "OWNER_NAME": "Sở Nông nghiệp và Môi trường",
    "OWNER_ADDRESS": "1 Đường Mẫu",
    "OWNER_REPRESENTATIVE": "Nguyễn Văn Mẫu",
    "OWNER_CODE": "0100000000",
    "SUPPORT_PHONE": "1900 0000",
    "SUPPORT_EMAIL": "ho-tro@example.vn",
}


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for running state of the test's own."""
    folder = tmp_path / "instance"
    monkeypatch.setattr(reading, "INSTANCE", folder)
    return folder


def problems_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return caught.value.problems


def test_production_starts_with_what_it_must_be_told() -> None:
    read = read_settings(PRODUCTION)
    assert (read.secure, read.demo, read.host, read.port) == (True, False, "127.0.0.1", 8000)
    assert read.lapsed_products is LapsedProducts.SHOW
    assert read.trusted_hosts == ("127.0.0.1", "localhost", "ocop.example.vn")
    assert read.database_url.startswith("sqlite:///")


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_does_not_start_without(name: str) -> None:
    assert problems_of({key: value for key, value in PRODUCTION.items() if key != name}) == [
        f"{name} is missing"
    ]


def test_every_problem_is_named_at_once() -> None:
    wrong = {
        "DEMO": "maybe",
        "PORT": "70000",
        "DATABASE_URL": "mysql://localhost/ocop",
        "SECRET_KEY": "short",
        "SITE_URL": "http://ocop.example.vn",
        "TRUSTED_PROXIES": "one",
        "LAPSED_PRODUCTS": "burn",
        "PROVINCE_CODE": "Hà Tĩnh",
    }
    named = {problem.split(":")[0].split(" ")[0] for problem in problems_of({**PRODUCTION, **wrong})}
    assert named == set(wrong)


@pytest.mark.parametrize("url", ["ocop.example.vn", "ftp://ocop.example.vn", "https://", "https://a.vn/shop"])
def test_the_site_has_an_address_without_a_path(url: str) -> None:
    assert len(problems_of({**PRODUCTION, "SITE_URL": url})) == 1


def test_plain_http_is_for_loopback() -> None:
    read = read_settings({**PRODUCTION, "SITE_URL": "http://127.0.0.1:9000/"})
    assert (read.site_url, read.secure) == ("http://127.0.0.1:9000", False)


def test_a_demo_needs_nothing_and_never_opens_itself_to_others() -> None:
    read = read_settings({"DEMO": "on", "PORT": "8080"})
    assert read.site_url == "http://127.0.0.1:8080"
    assert read.lapsed_products is LapsedProducts.SELL
    assert any("HOST" in problem for problem in problems_of({"DEMO": "1", "HOST": "0.0.0.0"}))


def test_folders_are_made_only_for_what_is_kept_in_them(instance: Path) -> None:
    read_settings({**PRODUCTION, "DATABASE_URL": "sqlite:////var/ocop.db"})
    assert not instance.exists()
    read_settings(PRODUCTION)
    assert list(instance.iterdir()) == []


def test_the_demo_keeps_a_secret_of_its_own(instance: Path) -> None:
    first = read_settings({"DEMO": "1"}).secret_key
    assert read_settings({"DEMO": "1"}).secret_key == first
    assert len(first) == 64
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert [path.name for path in instance.iterdir()] == ["secret_key"]


def test_the_first_of_two_starts_makes_the_secret(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_settings({"DEMO": "1"})
    kept = (instance / "secret_key").read_text()
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert read_settings({"DEMO": "1"}).secret_key == kept


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////var/ocop.db", "sqlite:////var/ocop.db"),
    ],
)
def test_addresses_of_databases_name_the_driver(given: str, used: str) -> None:
    assert read_settings({**PRODUCTION, "DATABASE_URL": given}).database_url == used


def test_lists_are_separated_by_commas_or_spaces() -> None:
    assert read_settings({**PRODUCTION, "TRUSTED_HOSTS": "a.vn, b.vn c.vn"}).trusted_hosts == (
        "a.vn",
        "b.vn",
        "c.vn",
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "٣"),
        ("PORT", "８０００"),
        ("PORT", "0"),
        ("TRUSTED_PROXIES", "١"),
        ("PROVINCE_CODE", "99"),
        ("PROVINCE_CODE", "02"),
        ("PROVINCE_CODE", "٤٢"),
        ("SITE_URL", "http://[::1"),
        ("SITE_URL", "https://ocop.example.vn:https"),
        ("SITE_URL", "https://ocop.example.vn:70000"),
        ("DATABASE_URL", "postgresql://u@h:abc/x"),
    ],
)
def test_what_only_looks_right_is_named(name: str, text: str) -> None:
    [problem] = problems_of({**PRODUCTION, name: text})
    assert problem.startswith(f"{name}: ")
    assert "\n" not in problem


def test_no_password_stands_in_a_problem() -> None:
    [problem] = problems_of({**PRODUCTION, "DATABASE_URL": "postgresql://u:word@h:abc/x"})
    assert ":word@" not in problem


def test_a_shop_may_belong_to_a_province_of_today() -> None:
    assert read_settings({**PRODUCTION, "PROVINCE_CODE": "42"}).province_code == "42"
    assert read_settings(PRODUCTION).province_code == ""


CARD = {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def test_without_a_key_no_cards_are_taken() -> None:
    card = read_settings(PRODUCTION).card
    assert (card.secret_key, card.webhook_secret, card.test_gateway) == ("", "", False)
    assert card.api_base == "https://api.stripe.com"


def test_production_takes_cards_with_both_secrets() -> None:
    card = read_settings(PRODUCTION | CARD).card
    assert (card.secret_key, card.webhook_secret) == ("sk_live_1", "whsec_1")
    assert "sk_live_1" not in repr(card)
    assert "whsec_1" not in repr(card)


def test_production_does_not_start_with_a_key_and_no_webhook_secret() -> None:
    del (half := dict(CARD))["STRIPE_WEBHOOK_SECRET"]
    assert problems_of(PRODUCTION | half) == [
        "STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRET must be set too"
    ]


@pytest.mark.parametrize(("base", "well"), [("http://127.0.0.1:4242", True), ("http://pay.example", False)])
def test_the_api_of_cards_is_reached_over_tls_or_on_loopback(base: str, well: bool) -> None:
    told = PRODUCTION | CARD | {"STRIPE_API_BASE": base}
    if well:
        assert read_settings(told).card.api_base == base
    else:
        assert problems_of(told) == ["STRIPE_API_BASE: plain http is for loopback addresses only"]


def test_a_demo_charges_no_real_card() -> None:
    assert problems_of({"DEMO": "1", "SECRET_KEY": SECRET, **CARD}) == [
        "DEMO is on, so STRIPE_SECRET_KEY must be a test key (sk_test_...)"
    ]


def test_the_test_gateway_brings_keys_of_its_own() -> None:
    demo = {"DEMO": "1", "SECRET_KEY": SECRET, "TEST_GATEWAY": "1"}
    card = read_settings(demo).card
    assert (card.api_base, card.test_gateway) == ("http://127.0.0.1:8001", True)
    assert card == read_settings(demo).card
    assert card != read_settings(demo | {"SECRET_KEY": "t" * 32}).card
    assert read_settings(demo | {"TEST_GATEWAY_PORT": "9000"}).card.api_base == "http://127.0.0.1:9000"


def test_the_test_gateway_is_for_demos_alone() -> None:
    assert problems_of(PRODUCTION | {"TEST_GATEWAY": "1"}) == [
        "TEST_GATEWAY is on, so DEMO must be on: no money passes through it"
    ]
    told = {"DEMO": "1", "SECRET_KEY": SECRET, "TEST_GATEWAY": "1", "STRIPE_SECRET_KEY": "sk_test_1"}
    assert problems_of(told) == [
        "TEST_GATEWAY is on and brings its own STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_BASE"
    ]


VIETQR = {"VIETQR_BANK": "vcb", "VIETQR_ACCOUNT": "0011 2233 44", "VIETQR_NAME": "VAN PHONG OCOP"}


def test_transfers_come_to_an_account_or_are_not_offered() -> None:
    assert read_settings(PRODUCTION).receiving_account is None
    account = read_settings({**PRODUCTION, **VIETQR}).receiving_account
    assert account == ReceivingAccount(
        bank_bin="970436", bank_name="Vietcombank", account="0011223344", holder="VAN PHONG OCOP"
    )
    by_number = read_settings({**PRODUCTION, **VIETQR, "VIETQR_BANK": "970449"}).receiving_account
    assert by_number
    assert (by_number.bank_bin, by_number.bank_name) == ("970449", "LPBank")


def test_the_demo_has_an_account_that_is_none() -> None:
    sample = read_settings({"DEMO": "1"}).receiving_account
    assert sample
    assert (sample.sample, sample.bank_bin) == (True, "000000")
    real = read_settings({"DEMO": "1", **VIETQR}).receiving_account
    assert real
    assert not real.sample


@pytest.mark.parametrize("name", VIETQR)
def test_half_an_account_is_none(name: str) -> None:
    half = {key: value for key, value in VIETQR.items() if key != name}
    assert problems_of({**PRODUCTION, **half}) == [f"{name} is missing"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("VIETQR_BANK", "DONGABANK"),
        ("VIETQR_BANK", "97043"),
        ("VIETQR_ACCOUNT", "12-34-56"),
        ("VIETQR_ACCOUNT", "1" * 20),
        ("VIETQR_NAME", "x" * 101),
        ("BANK_NOTICE_SECRET", "short"),
    ],
)
def test_an_account_that_cannot_be_is_named(name: str, text: str) -> None:
    [problem] = problems_of({**PRODUCTION, **VIETQR, name: text})
    assert problem.startswith(f"{name}: ")


def test_the_bank_signs_with_a_secret_of_its_own() -> None:
    assert read_settings(PRODUCTION).bank_notice_secret is None
    assert read_settings({**PRODUCTION, "BANK_NOTICE_SECRET": SECRET}).bank_notice_secret == SECRET
