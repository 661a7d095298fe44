"""The chain of the register: a line for every turn, hashes that anybody recomputes, changes that show."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.actions import extend_certificate, revoke_certificate
from marketplace.certification.chain.lines import GENESIS, text_of
from marketplace.certification.chain.models import RegisterLine, Subject, Turn
from marketplace.certification.chain.reading import find_break, list_lines, whole_text
from marketplace.certification.chain.writing import write_missing_lines
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.database import db, unit_of_work
from marketplace.upkeep.register_books import list_register_faults
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision

CHECK = """
previous={genesis}
while IFS= read -r line; do
  hash=$(printf '%s %s\\n' "$previous" "${{line#* }}" | sha256sum | cut -c1-64)
  [ "$hash" = "${{line%% *}}" ] || echo "broken: $line"
  previous=$hash
done
echo "$previous"
"""


def lines() -> list[RegisterLine]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(RegisterLine).order_by(RegisterLine.position)))


def checked_by_shell(text: str) -> list[str]:
    """Recompute the chain with sha256sum alone."""
    script = CHECK.format(genesis=GENESIS)
    done = subprocess.run(["sh", "-c", script], input=text, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture
def register(app: Flask) -> None:
    """A product that was recognised, again, and revoked; one whose certificate was extended."""
    with unit_of_work() as session:
        cam = a_product(session, 'Cam "Khe\\Mây" 50 %')
        a_certificate(session, cam, 3, decision=a_decision(session, decided_on=date(2022, 8, 5)))
        gao = a_product(session, "Gạo Đỏ")
        a_certificate(session, gao, 4, issued_on=date(2023, 9, 1))
    with unit_of_work() as session:
        a_certificate(session, named(session, "Cam"), 4, issued_on=date(2025, 6, 1))
    with unit_of_work() as session:
        extend_certificate(session, of(session, "Gạo", 2023), date(2026, 12, 31))
    with unit_of_work() as session:
        revoke_certificate(session, of(session, "Cam", 2025), RevocationReason.OTHER, clock.today())


def named(session: sa.orm.Session, name: str) -> Product:
    return session.scalars(sa.select(Product).where(Product.name.startswith(name))).one()


def of(session: sa.orm.Session, name: str, year: int) -> Certificate:
    wanted = sa.select(Certificate).where(Certificate.product_name.startswith(name), Certificate.year == year)
    return session.scalars(wanted).one()


@pytest.mark.usefixtures("register")
def test_every_turn_is_a_line() -> None:
    told = [(line.subject, line.turn, json.loads(line.facts).get("stars")) for line in lines()]
    assert told == [
        (Subject.DECISION, Turn.RECORDED, None),
        (Subject.CERTIFICATE, Turn.RECORDED, 3),
        (Subject.CERTIFICATE, Turn.RECORDED, 4),
        (Subject.CERTIFICATE, Turn.SUPERSEDED, 3),
        (Subject.CERTIFICATE, Turn.RECORDED, 4),
        (Subject.CERTIFICATE, Turn.EXTENDED, 4),
        (Subject.CERTIFICATE, Turn.REVOKED, 4),
    ]
    first, *_, revoked = lines()
    assert json.loads(first.facts)["number"] == "2919/QĐ-UBND"
    facts = json.loads(revoked.facts)
    assert (facts["revoked"], facts["because"]) == ("2026-11-21", "other")
    assert json.loads(lines()[3].facts)["by"] == revoked.code
    assert [line.position for line in lines()] == list(range(1, 8))


@pytest.mark.usefixtures("register")
def test_sha256sum_comes_to_the_same_hashes() -> None:
    text = whole_text()
    assert checked_by_shell(text) == [lines()[-1].hash]
    forged = text.replace('"stars":3', '"stars":5', 1)
    assert checked_by_shell(forged)[0].startswith("broken:")
    without = "".join(text.splitlines(keepends=True)[1:])
    assert checked_by_shell(without)[0].startswith("broken:")


@pytest.mark.usefixtures("register")
def test_names_of_holders_stay_out() -> None:
    with unit_of_work() as session:
        of(session, "Gạo", 2023).holder_name = "Hộ Nguyễn Thị Mận"
    assert len(lines()) == 7
    assert "Mận" not in whole_text()


@pytest.mark.usefixtures("register")
def test_what_is_corrected_is_told_as_such() -> None:
    with unit_of_work() as session:
        of(session, "Gạo", 2023).stars = 3
    assert lines()[-1].turn is Turn.CORRECTED
    assert list(list_register_faults(db.session())) == []


@pytest.mark.usefixtures("register")
def test_what_was_rolled_back_leaves_no_line() -> None:
    with pytest.raises(RuntimeError, match="no"), unit_of_work() as session:
        of(session, "Gạo", 2023).stars = 3
        session.flush()
        raise RuntimeError("no")
    with unit_of_work() as session:
        a_product(session, "Trà")
        with session.begin_nested() as savepoint:
            of(session, "Gạo", 2023).stars = 5
            session.flush()
            savepoint.rollback()
    assert len(lines()) == 7


@pytest.mark.usefixtures("register")
def test_what_a_part_of_a_deed_changed_is_told_once_with_the_whole() -> None:
    with unit_of_work() as session:
        with session.begin_nested():
            of(session, "Gạo", 2023).stars = 3
        of(session, "Gạo", 2023).extended_until = None
    [line] = lines()[7:]
    assert line.turn is Turn.CORRECTED
    assert json.loads(line.facts)["stars"] == 3
    assert list(list_register_faults(db.session())) == []


@pytest.mark.usefixtures("register")
def test_rows_that_go_in_by_bulk_have_lines_too() -> None:
    with unit_of_work() as session:
        product = named(session, "Gạo").id
        rows = [{"code": f"b{n}", "product_id": product, "product_name": "B"} for n in range(3)]
        session.execute(sa.insert(Certificate), rows)
    assert [line.code for line in lines()[7:]] == ["b0", "b1", "b2"]
    with unit_of_work() as session:
        assert write_missing_lines(session, clock.now()) == 0


@pytest.mark.usefixtures("register")
def test_a_register_older_than_the_chain_begins_it() -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(RegisterLine))
    with unit_of_work() as session:
        assert write_missing_lines(session, clock.now()) == 4
    assert list(list_register_faults(db.session())) == []


@pytest.mark.usefixtures("register")
def test_lines_are_found_by_code_and_page() -> None:
    db.session.rollback()
    code = lines()[-1].code
    page = list_lines(code)
    assert [line.turn for line in page.lines] == [Turn.REVOKED, Turn.RECORDED]
    assert (page.total, page.length, page.head) == (2, 7, lines()[-1].hash)
    assert (list_lines(page=2).lines, list_lines(page=2).pages) == ([], 1)
    assert text_of(lines()[0]).startswith("1 2026-11-21T05:00:00.000000Z recorded decision 2919-qd-ubnd")


def test_writers_at_once_make_one_chain(app: Flask) -> None:
    with unit_of_work() as session:
        products = [a_product(session, f"Trà {number}").id for number in range(4)]

    def certify(product_id: int) -> None:
        with app.app_context():
            for year in (2023, 2024, 2025):
                with unit_of_work() as session:
                    product = session.get_one(Product, product_id)
                    a_certificate(session, product, 3, issued_on=date(year, 5, 1))
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(certify, products))
    assert [line.position for line in lines()] == list(range(1, 4 * (3 + 2) + 1))
    assert find_break(db.session()) is None
    assert list(list_register_faults(db.session())) == []


def test_an_empty_chain_is_whole(app: Flask) -> None:
    assert (list_lines().length, list_lines().head, whole_text()) == (0, GENESIS, "")
    assert find_break(db.session()) is None


TAMPERINGS = {
    "a star raised behind its back": ("UPDATE certificate SET stars = 5 WHERE year = 2023", "certificate"),
    "a decision renumbered": ("UPDATE decision SET number = '1/QĐ'", "decision"),
    "a line changed": (
        "UPDATE register_line SET turn = 'corrected' WHERE position = 2",
        "register line, hash",
    ),
    "a line taken out": ("DELETE FROM register_line WHERE position = 1", "register line, hash"),
    "the end cut off": ("DELETE FROM register_line WHERE position = 7", "certificate"),
    "a certificate gone": ("DELETE FROM certificate WHERE year = 2023", "register line, what"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
@pytest.mark.usefixtures("register")
def test_the_doctor_names_what_was_tampered_with(what: str) -> None:
    assert list(list_register_faults(db.session())) == []
    statement, named_so = TAMPERINGS[what]
    with unit_of_work() as session:
        session.connection().exec_driver_sql(statement)
    assert [off.what for off in list_register_faults(db.session()) if off.what.startswith(named_so)]
