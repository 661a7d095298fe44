"""Passwords: which are taken, and that checking one tells nothing but yes or no."""

import threading
import time

import pytest
from argon2 import PasswordHasher, extract_parameters

from marketplace.accounts import passwords
from marketplace.accounts.errors import PasswordRefused
from marketplace.accounts.passwords import check_password, hash_password, is_outdated, is_password


@pytest.mark.parametrize(
    "text", ["mây bay qua núi", "ghế xanh 42", "x" * 5 + "yz" * 3, "😀🍵🍯🌾🐟🦆🥥🌶", "a b c d "]
)
def test_no_rules_about_kinds_of_letters(text: str) -> None:
    check_password(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bảy chữ", "short"),
        ("x" * 64 + "yz" * 33, "long"),
        ("12345678", "common"),
        ("Matkhau123", "common"),
        ("mật khẩu 123", "common"),
        ("Anh Yêu Em", "common"),
        ("P@ssw0rd", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abababababab", "common"),
        ("phienchoocop", "common"),
        ("hợp tác xã!", "common"),
        ("nguyenthiman", "common"),
        ("mannguyen1", "common"),
        ("0912345678", "common"),
    ],
)
def test_what_is_guessed_first_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        check_password(text, about=("Nguyễn Thị Mận", "mannguyen@example.vn", "0912345678"))
    assert refusal.value.parameters["reason"] == reason


def test_people_on_duty_take_twelve_letters() -> None:
    with pytest.raises(PasswordRefused) as refusal:
        check_password("ghế xanh 42", shortest=passwords.SHORTEST_ON_DUTY)
    assert refusal.value.parameters["shortest"] == 12


def test_a_long_password_may_hold_a_short_name() -> None:
    check_password("mận chín đỏ trên cành cao", about=("Mận",))


def test_hashes_are_argon2id_with_19_mib_and_two_passes() -> None:
    kept = hash_password("mây bay qua núi")
    parameters = extract_parameters(kept)
    assert kept.startswith("$argon2id$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)
    assert is_password("mây bay qua núi", kept)
    assert not is_password("mây bay qua nui", kept)
    assert not is_password("", kept)
    assert kept != hash_password("mây bay qua núi")


def test_nobody_has_no_password() -> None:
    assert not is_password("the password of nobody", None)
    assert not is_password("x", "not a hash")
    assert not is_password("x" * 1_000_000, None)


def test_weaker_hashes_are_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("x"))
    assert not is_outdated(hash_password("x"))


def test_two_are_hashed_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, inside, most = threading.Lock(), [0], [0]

    class Slow:
        def hash(self, text: str) -> str:
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            with lock:
                inside[0] -= 1
            return text

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=hash_password, args=("x",)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most[0] == 2
