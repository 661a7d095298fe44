"""Addresses of routes on the stage: every argument of every rule filled in with what a tenant has.

A new argument is found by its name (`<int:passkey_id>` is a key of table `passkey`), else by the words
of its rule (OF_SEGMENT); one that is neither is told by Undeclared, and the drills miss their bar.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from marketplace.database import db
from marketplace.upkeep.samples.example_numbers import example_gln
from marketplace.web.guards import SAFE_METHODS, Guard, View, guard_of, is_keyed, is_strong, roles_of
from tests.drills.stage import Tenant

MOST_ADDRESSES = 12
TABLES = {
    "key_id": "api_key",
    "address_id": "saved_address",
    "paper_id": "paper_decision",
    "reference_id": "external_reference",
    "transfer_id": "bank_transfer",
    "payout_id": "seller_payout",
    "evidence_id": "programme_evidence",
    "piece_id": "evidence_file",
    "fact_id": "flagship_product",
    "batch_id": "label_batch",
    "place_id": "material_zone",
    "idea_id": "product_idea",
    "session_id": "council_session",
    "member_id": "council_member",
    "step_id": "roadmap_step",
    "finding_id": "inspection_finding",
    "round_id": "evaluation_round",
    "unit_id": "admin_unit",
    "stays_id": "producer",
    "goes_id": "producer",
}
NUMBERS = {
    "part": (1,),
    "width": (400,),
    "price": (90_000,),
    "year": (2025,),
    "step": (1, 2, 3, 4, 5),
    "position": (1,),
    "in_chain": (1, 2),
}
OF_SEGMENT = {
    "gian-hang": "listing",
    "san-pham": "product",
    "de-nghi": "change_request",
    "bao-cao": "report",
    "quyet-dinh": "paper_decision",
    "giay-to": "quality_certificate",
    "anh": "picture",
    "nguoi": "membership",
    "loi-moi": "invitation",
}
"""What a number stands for where its name does not say it, by the word before it."""
CODES = {"thu-hoi": "recall", "capture": "epcis_capture"}
"""Whose code it is, by a word of the address."""


NOBODYS = frozenset({"year"})
"""Arguments that name nobody's object."""
IN_OBJECT = {"group": "2", "criterion": "2.2"}
"""Arguments that name a part of an object, which is there where the object is not."""


class Undeclared(LookupError):
    """A route with an argument that the stage has nothing for."""


@dataclass(frozen=True)
class Route:
    """A rule with one of its methods and the view behind it."""

    rule: Rule
    method: str
    view: View

    @property
    def name(self) -> str:
        """Return it as people write it."""
        return f"{self.method} {self.rule.rule}"

    @property
    def guard(self) -> Guard:
        """Return who may call it."""
        found = guard_of(self.view)
        assert found is not None
        return found

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles it is for."""
        return frozenset(roles_of(self.view))

    @property
    def writes(self) -> bool:
        """Return whether its method may write."""
        return self.method not in SAFE_METHODS

    @property
    def strong(self) -> bool:
        """Return whether it asks for a fresh proof of identity."""
        return is_strong(self.view)

    @property
    def keyed(self) -> bool:
        """Return whether it asks for the key of a program."""
        return is_keyed(self.view)

    @property
    def has_object(self) -> bool:
        """Return whether its address names somebody's object."""
        return bool(self.rule.arguments - NOBODYS)


def routes(app: Flask) -> list[Route]:
    """Return every route, each with one method, in the order of their addresses."""
    found = [
        Route(rule, method, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda route: (route.rule.rule, route.method))


def is_for(route: Route, name: str) -> bool:
    """Return whether a caller of the stage is the first to get at a route: guest, key, buyer or role."""
    if route.keyed:
        return name in {"guest", "program with a key"}
    if route.roles:
        return name.replace(" ", "_") in route.roles
    return name == ("buyer" if route.guard is Guard.SIGNED_IN else "guest")


def addresses(route: Route, tenant: Tenant) -> list[str]:
    """Return the addresses of a route for what a tenant has, few of many.

    Raises Undeclared.
    """
    names = sorted(route.rule.arguments)
    choices = [_values(route.rule, name, tenant) for name in names]
    filled = (dict(zip(names, values, strict=True)) for values in product(*choices))
    return [_build(route.rule, values) for values in islice(filled, MOST_ADDRESSES)]


def missing_address(route: Route) -> str:
    """Return the address of an object that there is not."""
    values: dict[str, str | int] = {
        name: 999_999 if _is_number(route.rule, name) else _nothing(route.rule, name)
        for name in route.rule.arguments
    }
    return _build(route.rule, values)


def _build(rule: Rule, values: dict[str, str | int]) -> str:
    built = rule.build(values)
    assert built is not None, (rule.rule, values)
    return str(built[1])


def _is_number(rule: Rule, name: str) -> bool:
    return re.search(rf"<int(\([^)]*\))?:{name}>", rule.rule) is not None


def _words_for(rule: Rule, name: str) -> list[str]:
    """Return the words of which an argument is one, or none."""
    listed = re.search(rf"<any\(([^)]*)\):{name}>", rule.rule)
    return re.findall(r"[\w-]+", listed.group(1)) if listed else []


def _nothing(rule: Rule, name: str) -> str:
    return IN_OBJECT.get(name) or next(iter(_words_for(rule, name)), "khong-co-dau-va-dai-22")


def _values(rule: Rule, name: str, tenant: Tenant) -> list[str | int]:
    words = rule.rule.strip("/").split("/")
    if _is_number(rule, name):
        return list(_numbers(words, name, tenant))
    found: list[str | int] = list(_texts(rule, words, name, tenant))
    if not found:
        raise Undeclared(f"{rule.rule}: {name}")
    return found


def _numbers(words: list[str], name: str, tenant: Tenant) -> Iterator[int]:
    if name in NUMBERS:
        yield from NUMBERS[name]
        return
    before = next(words[place - 1] for place, word in enumerate(words) if f":{name}>" in word)
    table = TABLES.get(name, name.removesuffix("_id"))
    if table not in db.metadata.tables:
        table = OF_SEGMENT.get(before, "")
    keys = tenant.rows.get(table, [])
    if not keys:
        raise Undeclared(f"/{'/'.join(words)}: {name} ({table or 'no table'})")
    yield from (int(key[0]) for key in keys)


def _texts(rule: Rule, words: list[str], name: str, tenant: Tenant) -> Iterator[str]:
    known = {
        ("anh", "slug"): tenant.slugs["product"],
        ("chu-the", "slug"): tenant.slugs["producer"],
        ("gian-hang", "slug"): tenant.slugs["producer"],
        ("diem-ban", "slug"): tenant.slugs["sales_point"],
        ("chung-nhan", "code"): tenant.slugs["certificate"],
        **{("gian-hang", part): value for part, value in IN_OBJECT.items()},
        ("chuong-trinh", "rubric"): "rau-cu-qua-hat-tuoi",
        ("van-phong", "book"): "chu-luc",
        ("van-phong", "day"): "2026-04-30",
        ("don-hang", "number"): tenant.slugs["order"],
        ("don-hang", "secret"): tenant.tokens["order secret"],
        ("van-phong", "number"): tenant.slugs["order"],
        ("quan-tri-dau-tien", "token"): "x" * 43,
        ("static", "filename"): "css/site.css",
    }
    if name == "token" and words[0] in tenant.tokens:
        yield tenant.tokens[words[0]]
    elif (words[0], name) in known:
        yield known[words[0], name]
    elif name == "printed":
        yield from _printed(words[0].lower(), tenant)
    elif rule.rule == "/<compressed:link>":
        yield "AQnYUc1gmg"
    elif "product" in name or (words[0], name) == ("san-pham", "slug"):
        yield from _column("product", "slug", tenant)
    elif (column := _column_of(words, name)) is not None:
        yield from _column(*column, tenant)
    else:
        yield from _words_for(rule, name)


def _column_of(words: list[str], name: str) -> tuple[str, str] | None:
    """Return the table and column that a word of an address is taken from, by its name and its neighbours."""
    if name == "code":
        word = next(iter(CODES.keys() & set(words)), "")
        return CODES.get(word, "programme_target"), "code"
    if (words[0], name) == ("truy-xuat", "key"):
        return "document", "key"
    known = {"plan": ("programme", "slug"), "ticket": ("complaint", "ticket"), "key": ("picture", "key")}
    return known.get(name)


def _printed(first: str, tenant: Tenant) -> list[str]:
    """Return what follows a first word on labels: numbers of GS1, or the token of a product without one."""
    lot = f"{tenant.tokens['trace']}/10/{tenant.slugs['lot']}"
    if first in {"truy-xuat", "api"}:
        return [f"t/{lot}"]
    if first == "414" or "gln" in first:
        return [example_gln(tenant.number)]
    return [tenant.tokens["gtin"]] if first == "01" or "gtin" in first else [tenant.tokens["trace"], lot]


def _column(table: str, column: str, tenant: Tenant) -> list[str]:
    keys = [key[0] for key in tenant.rows.get(table, [])]
    if table not in db.metadata.tables:
        return []
    found = db.metadata.tables[table].columns
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(found[column]).where(found.id.in_(keys)).order_by(found.id))
        return [str(row[0]) for row in rows]
