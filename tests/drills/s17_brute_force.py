"""S17: guessing is stopped by limits that all processes share and that outlive a restart."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.database import unit_of_work
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import Answer, Shopper, in_turns, running_shop
from tests.factories import accounts

VICTIM, OWNER = "victim@example.vn", "owner@example.vn"
EVALUATED, HELD_BACK = 422, 429
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Attack = list[Callable[[], Answer]]


@drill(
    "S17",
    bar="≤ 10 guesses of a password heard by account and by address, ≤ 5 of a code, ≤ 1000 in all; "
    "the owner's own device still comes in",
    control_on=("postgresql",),
)
def guesses_are_few(run: Run) -> Outcome:
    """Guess from many addresses, at many accounts, and codes; four processes, before and after a restart."""
    count = run.count(short=12, full=1_000)
    heard: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    owner_comes_in = []
    device: dict[str, str] = {}
    halfway: dict[str, str] = {}
    with run.application():
        _write_people()
    for life in range(2):
        with running_shop(run, "whole" if run.guarded else "limits", TRUSTED_PROXIES="1") as port:
            if life == 0:
                device, halfway = _known_device(port), _halfway(port)
            for name, attack in _attacks(port, count // 2, life, halfway):
                answers = in_turns(attack)
                heard[name] += sum(answer.status == EVALUATED for answer in answers)
                statuses.update(answer.status for answer in answers)
            if run.full and life == 1:
                everywhere = in_turns(_from_everywhere(port, 1_200))
                heard["in all"] = sum(answer.status == EVALUATED for answer in everywhere)
            owner_comes_in.append(_sign_in(port, VICTIM, accounts.PASSWORD, "203.0.113.99", device).status)
    got = {"guesses": dict(statuses), "heard": dict(heard), "owner": owner_comes_in}
    few = all(heard[name] <= most for name, most in _most().items())
    known = set(statuses) <= {EVALUATED, HELD_BACK}
    return Outcome(got, ok=few and known and min(heard.values()) > 0 and set(owner_comes_in) == {303})


def _most() -> dict[str, int]:
    """Return how many guesses each attack may have heard."""
    return {
        "one account": WINDOWS[Rule.SIGN_IN][0].count,
        "one address": WINDOWS[Rule.SIGN_IN_ADDRESS][0].count,
        "codes": WINDOWS[Rule.SECOND_FACTOR][0].count,
        "in all": WINDOWS[Rule.SIGN_IN_GLOBAL][0].count,
    }


def _write_people() -> None:
    with unit_of_work() as session:
        accounts.a_person(session, email=VICTIM)
        accounts.with_totp(session, accounts.a_person(session, email=OWNER))


def _visitor(port: int, address: str, cookies: dict[str, str] | None = None) -> tuple[Shopper, str]:
    visitor = Shopper(port, dict(cookies or {}), headers={"X-Forwarded-For": address})
    found = _TOKEN.search(visitor.get("/dang-nhap").text)
    assert found is not None
    return visitor, found.group(1)


def _sign_in(
    port: int, person: str, password: str, address: str, cookies: dict[str, str] | None = None
) -> Answer:
    visitor, token = _visitor(port, address, cookies)
    answer = visitor.post("/dang-nhap", {"csrf_token": token, "ten": person, "mat_khau": password})
    if cookies is not None:
        cookies |= visitor.cookies
        cookies.pop("sid", None)
    return answer


def _known_device(port: int) -> dict[str, str]:
    """Sign the victim in once from a browser of their own; return its device cookie."""
    cookies: dict[str, str] = {}
    assert _sign_in(port, VICTIM, accounts.PASSWORD, "203.0.113.1", cookies).status == 303
    return {"device": cookies["device"]}


def _halfway(port: int) -> dict[str, str]:
    """Type the right password of somebody with an authenticator app; return the visit that waits."""
    cookies: dict[str, str] = {}
    answer = _sign_in(port, OWNER, accounts.PASSWORD, "203.0.113.2", cookies)
    assert answer.location.endswith("/dang-nhap/ma"), answer
    return cookies


def _attacks(port: int, count: int, life: int, halfway: dict[str, str]) -> Iterator[tuple[str, Attack]]:
    far = [f"198.51.{100 + life}.{number % 250}" for number in range(count)]
    yield "one account", [partial(_sign_in, port, VICTIM, f"sai {n}", far[n]) for n in range(count)]
    near = "203.0.113.66"
    each = [f"ai{life}-{number}@example.vn" for number in range(count)]
    yield "one address", [partial(_sign_in, port, person, "sai", near) for person in each]
    yield "codes", [partial(_guess_code, port, halfway, f"{n:06}") for n in range(min(count, 100))]


def _guess_code(port: int, halfway: dict[str, str], code: str) -> Answer:
    visitor, token = _visitor(port, "203.0.113.2", halfway)
    return visitor.post("/dang-nhap/ma", {"csrf_token": token, "ma": code})


def _from_everywhere(port: int, count: int) -> Attack:
    """Guess at another account from another address each time."""
    return [
        partial(_sign_in, port, f"moi{n}@example.vn", "sai", f"100.64.{n // 250}.{n % 250}")
        for n in range(count)
    ]
