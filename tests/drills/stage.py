"""The stage of the security drills: two twin tenants that hold one object of every kind.

`build_stage` writes what pages need by the factories, and then, table by table, a row for whatever has
none yet: a new mapped class is on the stage without anybody writing it down here, in every state that it
knows. Where the made-up row breaks a rule of the database, GIVEN names what fits; a table that stays
empty is told in `Stage.unfilled`, which the drills count against themselves.

Every text that is nobody else's business holds the tenant's `secret`, every text of the public register
its `public` word: where they show up tells who saw what.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.api_keys import Ability, issue_api_key
from marketplace.accounts.models import Person
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind, SignInLevel
from marketplace.database import Base, db, unit_of_work
from marketplace.ordering.secret import order_secret
from marketplace.ordering.shipping_zones import begin_zones
from marketplace.ordering.stock import receive
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import Producer
from marketplace.register import PublicFact
from marketplace.upkeep.samples.example_numbers import example_gtin
from tests.drills import dossiers, links, lots
from tests.drills.given import GIVEN, SHARED, TIMES, as_made_up
from tests.factories import accounts
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.ordering import a_unit, ordered
from tests.factories.producers import a_producer

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
PRODUCTS = 6
SEVEN_DAYS = timedelta(days=7)
PLAIN: tuple[tuple[Any, Any], ...] = (
    (sa.JSON, dict),
    (sa.Boolean, lambda: False),
    (sa.LargeBinary, lambda: uuid.uuid4().bytes),
    ((sa.Integer, sa.Numeric), lambda: 1),
)
"""What a made-up column of a type holds."""
ROLES = {
    "owner": (ScopeKind.PRODUCER, Role.OWNER),
    "other owner": (ScopeKind.PRODUCER, Role.OWNER),
    "staff": (ScopeKind.PRODUCER, Role.STAFF),
    "keeper": (ScopeKind.SALES_POINT, Role.KEEPER),
    "commune officer": (ScopeKind.ADMIN_UNIT, Role.COMMUNE_OFFICER),
    "province officer": (ScopeKind.ADMIN_UNIT, Role.PROVINCE_OFFICER),
    "council member": (ScopeKind.COUNCIL, Role.COUNCIL_MEMBER),
}


@dataclass
class Tenant:
    """A cooperative with its people, its officers and all that belongs to them."""

    letter: str
    number: int
    slugs: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        """The word in every text of theirs that is nobody else's business."""
        return f"kin{self.letter}7q"

    @property
    def public(self) -> str:
        """The word in every text of theirs in the public register."""
        return f"cong{self.letter}7q"

    def first(self, table: str) -> Any:
        """Return the key of the first row of theirs in a table, or None."""
        found = self.rows.get(table)
        return found[0][0] if found else None


@dataclass
class Caller:
    """Somebody with a browser of their own, whose cookies are the same at every call."""

    name: str
    app: Flask
    cookies: dict[str, str]
    csrf: str = ""
    person_id: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def call(self, method: str, address: str, fields: Any = None, **options: Any) -> TestResponse:
        """Send a request; an unsafe one comes from our own page and holds the token of this visit."""
        begin()
        headers = {**self.headers, **options.pop("headers", {})}
        if method not in {"GET", "HEAD", "OPTIONS"} and "data" not in options:
            headers = {**SAME_ORIGIN, **headers}
            options["data"] = {"csrf_token": self.csrf, **(fields or {})}
        client: FlaskClient = self.app.test_client(use_cookies=False)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if cookies:
            headers = {"Cookie": cookies, **headers}
        answer = client.open(address, method=method, headers=headers, **options)
        answer.get_data()
        answer.close()
        return answer


@dataclass
class Stage:
    """Everything that is there, and everybody who may come."""

    app: Flask
    own: Tenant
    twin: Tenant
    administrators: list[int]
    callers: dict[str, Caller] = field(default_factory=dict)
    unfilled: dict[str, str] = field(default_factory=dict)

    @property
    def tenants(self) -> tuple[Tenant, Tenant]:
        """Return both tenants."""
        return self.own, self.twin

    def enter(self, name: str, person_id: int | None, level: SignInLevel = SignInLevel.TWO_FACTOR) -> Caller:
        """Add a caller; without a person one who is not signed in."""
        cookies = {}
        if person_id is not None:
            with unit_of_work() as session:
                person = session.get_one(Person, person_id)
                cookies["sid"] = accounts.signed_in(session, person, level).token
        caller = self.callers[name] = Caller(name, self.app, cookies, person_id=person_id)
        begin_visit(caller)
        return caller


def begin() -> None:
    """Forget what the last request left in the application context that a drill keeps open."""
    db.session.rollback()
    for name in list(g):
        g.pop(name)


def begin_visit(caller: Caller) -> None:
    """Give a caller a visit with a form token."""
    begin()
    client = caller.app.test_client()
    for name, value in caller.cookies.items():
        client.set_cookie(name, value)
    page = client.get("/dang-nhap").text
    caller.csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
    kept = client.get_cookie("visit")
    caller.cookies["visit"] = kept.value if kept else ""


def build_stage(app: Flask) -> Stage:
    """Write both tenants and let the actors of drill S1 in."""
    with unit_of_work() as session:
        administrators = [accounts.an_administrator(session).id for _ in range(2)]
    stage = Stage(app, _tenant("a", 1), _tenant("b", 2), administrators)
    for tenant in stage.tenants:
        _gather_rows(tenant)
        _fill_tables(stage, tenant)
        _gather_rows(tenant)
    _let_in(stage)
    return stage


def _let_in(stage: Stage) -> None:
    stage.enter("guest", None)
    own = stage.own
    for name in (
        "buyer",
        "staff",
        "owner",
        "commune officer",
        "province officer",
        "council member",
        "keeper",
    ):
        stage.enter(name, own.people[name])
    stage.enter("rival owner", stage.twin.people["owner"])
    stage.enter("rival staff", stage.twin.people["staff"])
    stage.enter("officer of another province", stage.twin.people["province officer"])
    stage.enter("officer of another commune", stage.twin.people["commune officer"])
    stage.enter("administrator", stage.administrators[0])
    for name, tenant in (("program with a key", own), ("program of a rival", stage.twin)):
        program = stage.enter(name, None)
        program.headers["Authorization"] = f"Bearer {tenant.tokens['api_key']}"


def _tenant(letter: str, number: int) -> Tenant:
    tenant = Tenant(letter, number)
    with unit_of_work() as session:
        producer = _write_register(session, tenant)
        _write_people(session, tenant, producer)
        dossiers.write_dossiers(session, tenant, producer)
        links.write_links(session, tenant)
    _write_order(tenant)
    return tenant


def _write_register(session: Session, tenant: Tenant) -> Producer:
    name = tenant.public.capitalize()
    province = a_unit(session, f"Tỉnh {name}", "tỉnh", Level.PROVINCE)
    commune = a_unit(session, f"Xã {name}", "xã", Level.COMMUNE, province)
    where: dict[str, Any] = {"province_id": province.id, "commune_id": commune.id, "origin_id": commune.id}
    producer = a_producer(session, f"HTX {name}", **where)
    tenant.rows |= {
        "producer": [(producer.id,)],
        "admin_unit": [(commune.id,), (province.id,)],
        "product": [],
        "sales_point": [],
    }
    tenant.slugs["producer"] = producer.slug
    for number in range(1, PRODUCTS + 1):
        gtin = example_gtin(tenant.number) if number == PRODUCTS else None
        product = a_product(session, f"Cam {name} {number}", producer=producer, gtin=gtin, **where)
        tenant.rows["product"].append((product.id,))
        variant = a_variant(session, product)
        certificate = a_certificate(session, product)
        receive(session, variant.id, 100, tenant.secret, clock.now(), sample=True)
        if number == 1:
            tenant.slugs |= {"product": product.slug, "certificate": certificate.code}
            tenant.tokens["trace"] = product.trace_token
            tenant.rows["variant"] = [(variant.id,)]
            lots.write_lots(session, tenant, product, variant.id)
        if gtin is not None:
            tenant.tokens["gtin"] = f"0{gtin}"
    return producer


def _write_people(session: Session, tenant: Tenant, producer: Producer) -> None:
    ids = {
        ScopeKind.PRODUCER: producer.id,
        ScopeKind.SALES_POINT: _a_sales_point(session, tenant),
    }
    for place, (name, (kind, role)) in enumerate([*ROLES.items(), ("buyer", (None, None))]):
        address = f"{name.replace(' ', '-')}.{tenant.secret}@example.vn"
        person = accounts.a_person(
            session, f"{name} {tenant.secret}", email=address, phone=f"09{tenant.number}00000{place:02}"
        )
        tenant.people[name] = person.id
        if kind is None or role is None or kind is ScopeKind.COUNCIL:
            continue
        unit = producer.commune_id if role is Role.COMMUNE_OFFICER else producer.province_id
        accounts.a_member(session, Scope(kind, ids.get(kind, unit or 0)), role, person)
    tenant.rows["person"] = [(number,) for number in tenant.people.values()]
    scope = Scope(ScopeKind.PRODUCER, producer.id)
    actor = accounts.an_actor(tenant.people["owner"], (scope, Role.OWNER))
    key = issue_api_key(session, actor, scope, tenant.secret, list(Ability), SEVEN_DAYS, clock.now())
    tenant.tokens["api_key"] = key[1]
    tenant.rows["api_key"] = [(key[0].id,)]
    begin_zones(session, actor, producer, (tenant.public, tenant.public), clock.now())


def _a_sales_point(session: Session, tenant: Tenant) -> int:
    table = db.metadata.tables["sales_point"]
    facts = {"slug": f"diem-{tenant.public}", "name": f"Điểm {tenant.public}", "name_key": tenant.public}
    number = int(
        session.connection().execute(sa.insert(table).values(facts).returning(table.c.id)).scalar_one()
    )
    tenant.slugs["sales_point"] = facts["slug"]
    tenant.rows["sales_point"] = [(number,)]
    return number


def _write_order(tenant: Tenant) -> None:
    commune = db.session.get(AdminUnit, tenant.rows["admin_unit"][0][0])
    variant = tenant.rows["variant"][0][0]
    assert commune is not None
    db.session.rollback()
    group = ordered(
        {variant: 1},
        commune,
        name=f"Người mua {tenant.secret}",
        phone=f"09{tenant.number}1111111",
        address=f"Nhà {tenant.secret}",
        note=f"Nhắn {tenant.secret}",
    )
    tenant.slugs["order"] = group.number
    tenant.tokens["order secret"] = order_secret(group.number)
    tenant.rows["order_group"] = [(group.id,)]


def _gather_rows(tenant: Tenant) -> None:
    """Note the rows that point, over any number of steps, to rows of this tenant and to no other's."""
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name in SHARED or table.name in {"person", "producer", "admin_unit", "sales_point"}:
                continue
            _gather(connection, table, tenant)


def _gather(connection: sa.Connection, table: sa.Table, tenant: Tenant) -> None:
    known = set(tenant.rows.get(table.name, ()))
    keys = list(table.primary_key.columns)
    for column in table.columns:
        for one in column.foreign_keys:
            target = one.column.table.name
            if target == table.name or target in SHARED or not tenant.rows.get(target):
                continue
            belonging = column.in_([key[0] for key in tenant.rows[target]])
            known |= {tuple(row) for row in connection.execute(sa.select(*keys).where(belonging))}
    if known:
        tenant.rows[table.name] = sorted(known, key=str)


def _fill_tables(stage: Stage, tenant: Tenant) -> None:
    """Write rows into every table in which the tenant has none."""
    with unit_of_work() as session:
        for table in db.metadata.sorted_tables:
            if table.name in SHARED or tenant.rows.get(table.name):
                continue
            fill_table(session, stage, tenant, table)


def fill_table(session: Session, stage: Stage, tenant: Tenant, table: sa.Table) -> None:
    """Write made-up rows of a tenant into a table."""
    for row in list(_made_up(table, tenant)):
        _write(session, stage, tenant, table, row)


def _write(session: Session, stage: Stage, tenant: Tenant, table: sa.Table, row: dict[str, Any]) -> None:
    try:
        with session.begin_nested():
            keys = sa.insert(table).values(row).returning(*table.primary_key.columns)
            key = session.connection().execute(keys).one()
    except (IntegrityError, StatementError) as error:
        if not tenant.rows.get(table.name):
            stage.unfilled[table.name] = str(error).splitlines()[0][:200]
    else:
        tenant.rows.setdefault(table.name, []).append(tuple(key))
        stage.unfilled.pop(table.name, None)


def _made_up(table: sa.Table, tenant: Tenant) -> Iterator[dict[str, Any]]:
    """Yield a row for each state that the table knows, or one."""
    state = next((c for c in table.columns if c.name in {"state", "status", "kind"} and _states(c)), None)
    states = _states(state) if state is not None else [None] * TIMES.get(table.name, 1)
    for number, value in enumerate(states):
        row = {
            column.name: _value(table, column, tenant, number)
            for column in table.columns
            if column.computed is None and not _is_counted(table, column)
        }
        if state is not None:
            row[state.name] = value
        row |= GIVEN.get(table.name, as_made_up)(tenant, row)
        yield row


def _states(column: sa.Column[Any] | None) -> list[Any]:
    kind = column.type if column is not None else None
    if not isinstance(kind, sa.Enum) or kind.enum_class is None:
        return []
    return list(kind.enum_class)


def _is_counted(table: sa.Table, column: sa.Column[Any]) -> bool:
    """Return whether the database numbers the rows by this column."""
    return column is table.autoincrement_column


def _value(table: sa.Table, column: sa.Column[Any], tenant: Tenant, number: int) -> Any:
    if column.foreign_keys:
        return _pointed_at(column, tenant, number)
    if column.name.endswith("_by") and isinstance(column.type, sa.Integer):
        return tenant.people["owner"]
    kind = column.type
    if isinstance(kind, sa.Enum):
        return _states(column)[0]
    if isinstance(kind, sa.String):
        return _text(table, column, kind.length, tenant)
    for types, value in PLAIN:
        if isinstance(kind, types):
            return value()
    return _moment(column)


def _pointed_at(column: sa.Column[Any], tenant: Tenant, number: int) -> Any:
    """Return a row of the tenant's, another for each row when it is the key of this one as well."""
    target = next(iter(column.foreign_keys)).column.table
    if target is column.table:
        return None
    known = tenant.rows.get(target.name, [])
    if not known:
        return None
    if target.name == "picture":
        return known[_place_among_users(column, number) % len(known)][0]
    alone = column.unique or column.primary_key or column.name == "product_id"
    return known[number % len(known) if alone else 0][0]


def _place_among_users(column: sa.Column[Any], number: int) -> int:
    """Return which of the columns that show a picture this is: no two of them show the same."""
    users = sorted(
        str(one)
        for table in db.metadata.sorted_tables
        for one in table.columns
        if any(key.column.table.name == "picture" for key in one.foreign_keys)
    )
    return users.index(str(column)) + number * len(users)


def _text(table: sa.Table, column: sa.Column[Any], length: int | None, tenant: Tenant) -> str:
    if column.name.endswith(("_hash", "digest")):
        return (uuid.uuid4().hex * 2)[: length or 64]
    mapped = next((m.class_ for m in Base.registry.mappers if m.local_table is table), object)
    word = tenant.public if issubclass(mapped, PublicFact) else tenant.secret
    if column.name in {"slug", "key"} or column.unique or column.primary_key:
        return f"{word}-{uuid.uuid4().hex}"[: length or 40]
    return f"{word} {table.name}.{column.name}"[: length or 200]


def _moment(column: sa.Column[Any]) -> Any:
    ahead = column.name.endswith(("_until", "expires_at", "_to", "due_at"))
    if column.nullable and not ahead:
        return None
    at = clock.now() + (SEVEN_DAYS if ahead else timedelta())
    return clock.local_date(at) if isinstance(column.type, sa.Date) else at


def administrator_of(stage: Stage) -> Any:
    """Return an administrator as an actor."""
    return accounts.an_actor(stage.administrators[0], (SITE, Role.ADMINISTRATOR))
