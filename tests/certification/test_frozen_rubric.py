"""R12: a dossier is judged for ever by the rubric of the day it was handed in."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

from marketplace.certification.dossiers import actions
from marketplace.certification.dossiers.actions import submit_dossier
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.office_deeds import return_dossier
from marketplace.certification.dossiers.sheets import rubric_of
from marketplace.certification.dossiers.standing import standing_of
from marketplace.certification.rubrics import shipped
from marketplace.certification.rubrics.shipped import digest_of, list_rubrics
from marketplace.database import unit_of_work
from tests.certification.rubric_files import FOLDER, raw_file, raw_set
from tests.conftest import NOON
from tests.factories.dossiers import (
    a_dossier,
    a_dossier_product,
    fill_dossier,
    reload,
    the_officer,
    the_owner,
)

LATER = 9
"""What is read of it stays read, so no other test asks for an edition of this number."""


@pytest.fixture
def next_edition(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A later edition: advanced processing, the mark of five stars before, is that of four."""
    folder = tmp_path / str(LATER)
    shutil.copytree(FOLDER, folder)
    raw = raw_set(1)
    [processing] = [one for one in raw["parts"][0]["criteria"][0]["children"] if one["code"] == "1.3"]
    assert processing["options"][2]["gate"] == 5
    processing["options"][2]["gate"] = 4
    [file] = (folder / "sets").glob("01-*.json")
    file.write_text(json.dumps(raw), encoding="utf-8")
    digests = {rubric.number: rubric.digest for rubric in list_rubrics()}
    digests[1] = digest_of(raw, raw_file("labels.json"))
    with (folder / "digests.csv").open("w", encoding="utf-8", newline="") as kept:
        csv.writer(kept).writerows([("set", "digest"), *digests.items()])
    monkeypatch.setattr(
        shipped, "_folder", lambda regulation, edition: folder if edition == LATER else FOLDER
    )
    return folder


def judged(dossier: Dossier) -> tuple[int, int | None]:
    """The edition that a dossier is judged by, and the stars its own sheet would reach."""
    assert rubric_of(dossier).edition == dossier.rubric_edition
    return dossier.rubric_edition, standing_of(dossier, NOON.date()).verdict.stars


def test_a_later_edition_changes_nothing_that_was_handed_in(
    app: Flask, next_edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work() as session:
        product, other = a_dossier_product(session), a_dossier_product(session)
        owner = the_owner(session, product)
        before = a_dossier(session, product, DossierState.SUBMITTED, stars=4, actor=owner)
        officer = the_officer(session, before)
        late_owner = the_owner(session, other)
        draft = a_dossier(session, other, actor=late_owner)
        fill_dossier(session, late_owner, draft, stars=4)
        assert judged(before) == judged(reload(session, draft.id)) == (1, 4)

        monkeypatch.setattr(actions, "EDITION", LATER)
        submit_dossier(session, late_owner, draft, NOON)
        assert judged(reload(session, draft.id)) == (LATER, 3)
        assert judged(reload(session, before.id)) == (1, 4)

        digest = before.rubric_digest
        return_dossier(session, officer, before, "Thiếu giấy xác nhận nguyên liệu.", NOON)
        submit_dossier(session, owner, before, NOON)
        again = reload(session, before.id)
        assert judged(again) == (1, 4)
        assert again.rubric_digest == digest != reload(session, draft.id).rubric_digest


def test_an_edition_altered_after_it_was_frozen_judges_nothing(app: Flask, next_edition: Path) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session, a_dossier_product(session), DossierState.SUBMITTED, stars=4)
        dossier.rubric_edition = LATER
        with pytest.raises(shipped.ChangedRubric):
            standing_of(dossier, NOON.date())
        session.expire(dossier)
