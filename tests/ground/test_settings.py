"""Settings are read once, and whatever is wrong is named at once."""

import stat
from pathlib import Path

import pytest

from marketplace import settings
from marketplace.errors import SettingsError
from marketplace.settings import LapsedProducts, read_settings

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
    monkeypatch.setattr(settings, "INSTANCE", folder)
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
