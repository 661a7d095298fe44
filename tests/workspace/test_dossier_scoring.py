"""The producer's own scoring: a group a page, words beside the choices, nothing else touched."""

import pytest
from flask import Flask

from marketplace.certification.dossiers.models import DossierState
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import LONGEST_WORDS, find_sheet
from marketplace.database import db
from tests.workspace.dossier_desk import DossierDesk, a_dossier_desk


def chosen(desk: DossierDesk) -> dict[str, tuple[int, str | None]]:
    db.session.rollback()
    row = find_sheet(db.session(), desk.dossier_id, SheetLevel.SELF)
    return {one.criterion: (one.option, one.words) for one in row.choices} if row else {}


def test_a_group_is_scored_and_leads_on(app: Flask) -> None:
    desk = a_dossier_desk(app)
    page = desk.staff.open(f"{desk.at}/cham/2")
    assert page.heading.startswith("Nhóm 2: ")
    assert "mốc 3 sao" in page.words
    assert page.texts(".crit legend")[0].startswith("2.1 ")
    assert page.soup.select("[checked]") == []
    fields = {"c2.1": "3", "c2.2": "3", "loi-2.2": " Hộp giấy\ncó hoa văn ", "c1.1": "2"}
    answer = desk.staff.send(f"{desk.at}/cham/2", 303, **fields)
    assert answer.location.endswith("/cham/3")
    assert chosen(desk) == {"2.1": (3, None), "2.2": (3, "Hộp giấy có hoa văn")}, "this group alone"
    page = desk.staff.open(f"{desk.at}/cham/2")
    assert [one["name"] for one in page.soup.select("[checked]")] == ["c2.1", "c2.2"]
    assert "5/10 điểm" in page.words


def test_a_choice_is_taken_away_again(app: Flask) -> None:
    desk = a_dossier_desk(app)
    desk.browser.send(f"{desk.at}/cham/2", 303, **{"c2.1": "3", "c2.2": "1"})
    desk.browser.send(f"{desk.at}/cham/2", 303, **{"c2.2": "1"})
    assert set(chosen(desk)) == {"2.2"}


def test_buttons_lead_to_evidence_and_to_the_dossier(app: Flask) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.at}/cham/2"
    to_evidence = {"c2.2": "3", "toi": "minh-chung:2.2"}
    assert desk.browser.send(at, 303, **to_evidence).location.endswith("/minh-chung/2.2")
    assert chosen(desk) == {"2.2": (3, None)}, "saved on the way"
    for elsewhere in ("minh-chung:9.9", "//ac.example"):
        assert desk.browser.send(at, 303, toi=elsewhere, **{"c2.2": "3"}).location.endswith("/cham/3")
    assert desk.browser.send(at, toi="ho-so").location.endswith(desk.at)


def test_the_last_group_leads_back_to_the_dossier(app: Flask) -> None:
    desk = a_dossier_desk(app)
    page = desk.browser.open(desk.at)
    last = page.links(".sets")[-1]
    answer = desk.browser.send(last, status=303)
    assert answer.location.endswith(desk.at)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"c2.2": "9"}, "c2.1"),
        ({"c2.2": "x"}, "c2.1"),
        ({"c2.2": "3", "loi-2.2": "a" * (LONGEST_WORDS + 1)}, "loi-2.2"),
    ],
)
def test_what_is_wrong_is_named_and_kept(app: Flask, fields: dict[str, str], field: str) -> None:
    desk = a_dossier_desk(app)
    answer = desk.browser.send(f"{desk.at}/cham/2", 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert chosen(desk) == {}


def test_what_was_handed_in_is_read_and_not_changed(app: Flask) -> None:
    desk = a_dossier_desk(app, DossierState.SUBMITTED)
    before = chosen(desk)
    page = desk.browser.open(f"{desk.at}/cham/2")
    assert "chỉ để xem" in page.words
    assert page.soup.select("fieldset[disabled]")
    assert page.soup.select("main .btn.p") == []
    answer = desk.browser.send(f"{desk.at}/cham/2", 303, **{"c2.2": "1"})
    assert answer.location.endswith(desk.at)
    assert "đã nộp nên không sửa" in desk.browser.open(desk.at).words
    assert chosen(desk) == before


def test_there_is_no_such_group(app: Flask) -> None:
    desk = a_dossier_desk(app)
    desk.browser.open(f"{desk.at}/cham/99", 404)
    desk.browser.open(f"{desk.at}/cham/2.2", 404)
    desk.browser.send(f"{desk.at}/cham/99", 404)


def test_findings_that_stop_are_told_and_not_ticked(app: Flask) -> None:
    desk = a_dossier_desk(app)
    page = desk.browser.open(f"{desk.at}/cham/2")
    assert "Dừng chấm:" in page.words
    assert page.soup.select("main [type=checkbox]") == []


def test_two_cases_are_named(app: Flask) -> None:
    desk = a_dossier_desk(app, set_number=26)
    assert "a) " in desk.browser.open(f"{desk.at}/cham/8").words
