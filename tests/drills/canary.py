"""A canary: somebody who signs up, uses every page there is for people, and leaves traces on the way."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from marketplace import jobs
from marketplace.accounts.models import Person
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.web.guards import Guard
from tests.drills import Run
from tests.drills.addresses import Undeclared, addresses, routes
from tests.drills.filling import filled_in
from tests.drills.forms import Form, forms_of
from tests.drills.stage import Caller, Stage, Tenant, begin_visit, fill_table
from tests.factories.ordering import ordered
from tests.signin.browsing import Browser, letters, link_in

WORD = "canhyen7q"
NAME = "Chim Hoàng Yến Kỳ"
EMAIL = f"{WORD}@example.vn"
PHONE = "0987612345"
TRACES = (WORD, NAME, PHONE)
PASSWORD = "hai con trâu cày ruộng"
TYPED = {
    "ho_ten": NAME,
    "ten": NAME,
    "dia_chi": f"khac.{EMAIL}",
    "email": EMAIL,
    "sdt": PHONE,
    "dien_thoai": PHONE,
    "mat_khau_cu": PASSWORD,
}
ENDING = ("/dang-xuat", "/dang-nhap", "/dang-ky", "/vao-vai", "/quen-mat-khau", "/khoi-phuc", "/xac-nhan-lai")
ENDING_PARTS = ("/xoa", "/thiet-bi", "/mat-khau", "/ma-6-so", "/van-tay", "/vai-tro", "/loi-moi")
"""Forms that end the visit or the account, or change how one signs in."""

OF_OTHERS = ("/khieu-nai/",)
"""Forms by which the buyer of an order adds to what is said of it; on the stage that is somebody else."""


ONE_IN = 2
"""Which share of the pages the short form reads."""


def sign_up(stage: Stage) -> Caller:
    """Sign up, follow the letter's link and sign in, all by the pages."""
    browser = Browser(stage.app)
    browser.send("/dang-ky", 200, ho_ten=NAME, dia_chi=EMAIL, mat_khau=PASSWORD, dong_y="co")
    link = next(link_in(letter) for letter in letters(stage.app) if letter.to == EMAIL)
    browser.send(link)
    browser.send("/dang-nhap", ten=EMAIL, mat_khau=PASSWORD)
    number = db.session.execute(sa.select(Person.id).where(Person.email == EMAIL)).scalar_one()
    caller = Caller("canary", stage.app, {"sid": browser.cookie("sid") or ""}, person_id=number)
    begin_visit(caller)
    return caller


def forms_for_people(run: Run, stage: Stage, caller: Caller) -> Iterator[Form]:
    """Yield the forms of the pages for everybody who has an account, each once; the short form reads some."""
    met: set[str] = set()
    for route in routes(stage.app):
        if route.writes or route.guard not in {Guard.PUBLIC, Guard.VISITOR, Guard.SIGNED_IN}:
            continue
        if not run.takes(route.name, ONE_IN):
            continue
        try:
            ways = addresses(route, stage.own)
        except Undeclared:
            continue
        for form in forms_of(caller.call("GET", ways[-1])):
            path = form.action.split("?")[0]
            if path in met or path in ENDING or any(part in path for part in (*ENDING_PARTS, *OF_OTHERS)):
                continue
            met.add(path)
            yield form


def use_every_form(run: Run, stage: Stage, caller: Caller) -> list[int]:
    """Send each of those forms with one's own words; return the statuses."""
    return [
        caller.call("POST", form.action, {**filled_in(form, EMAIL, WORD, **TYPED)}).status_code
        for form in forms_for_people(run, stage, caller)
    ]


SEATS = "council_member"
"""Records of a public duty, which stay; all that they say of somebody is the account they point at."""


def leave_rows(stage: Stage, caller: Caller) -> None:
    """Order something, and write a row into every table of people in which the canary has none yet."""
    commune = db.session.get(AdminUnit, stage.own.rows["admin_unit"][0][0])
    assert commune is not None
    db.session.rollback()
    facts = {"name": NAME, "phone": PHONE, "address": "Số 12", "note": "Gọi trước"}
    ordered({stage.own.rows["variant"][0][0]: 1}, commune, person_id=caller.person_id, **facts)
    jobs.do_all()
    db.session.rollback()
    tenant = _Canary("c", 3)
    tenant.people = {**dict.fromkeys(stage.own.people, caller.person_id or 0)}
    tenant.rows = {**stage.own.rows, "person": [(caller.person_id,)]}
    with unit_of_work() as session:
        for table in db.metadata.sorted_tables:
            if table.name != SEATS and "person_id" in table.columns and not _has_row(session, table, caller):
                tenant.rows[table.name] = []
                fill_table(session, stage, tenant, table)


class _Canary(Tenant):
    """The canary in the place of a tenant; every word is the canary's."""

    @property
    def secret(self) -> str:
        return WORD

    @property
    def public(self) -> str:
        return WORD


def _has_row(session: Any, table: sa.Table, caller: Caller) -> bool:
    own = sa.select(sa.func.count()).select_from(table).where(table.c.person_id == caller.person_id)
    return bool(session.connection().execute(own).scalar_one())


def traces_in_tables() -> list[str]:
    """Return each table that holds a trace, with the trace."""
    found = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            text = str(connection.execute(sa.select(table)).all())
            found += [f"{table.name}: {trace}" for trace in TRACES if trace in text]
    return found
