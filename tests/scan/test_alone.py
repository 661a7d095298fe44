"""Trace pages stand alone: neither the search index nor the mail server is asked for anything."""

import shutil
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import jobs
from marketplace.catalogue.report_models import Report
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.settings import MailServer, Settings
from marketplace.traceability.recalls.models import RecallScope
from tests.environment.site import free_port
from tests.factories.recalls import a_recall
from tests.factories.scans import Packs, some_packs
from tests.pages import visit

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def packs(app: object) -> Packs:
    with unit_of_work() as session:
        return some_packs(session)


@pytest.fixture
def deserted(app: Flask, packs: Packs, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site without an index, whose mail server is away."""
    settings: Settings = app.extensions["settings"]
    shutil.rmtree(settings.search_index, ignore_errors=True)
    away = MailServer(host="127.0.0.1", port=free_port(), user="", password="", tls_first=False, secure=False)
    monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_server=away))
    return settings


def test_every_code_is_answered(deserted: Settings, packs: Packs, client: FlaskClient) -> None:
    paths = (packs.code.product_code.path, packs.lot_path, packs.path())
    assert [visit(client, path).heading for path in paths] == [
        "Đúng mã sản phẩm", "Lô hàng có thật", "Mã tem hợp lệ",
    ]  # fmt: skip
    assert client.get(f"/truy-xuat/chuoi{packs.lot_path}").status_code == 200
    assert not deserted.search_index.exists()


def test_a_recall_is_told_and_a_fake_reported(deserted: Settings, packs: Packs, client: FlaskClient) -> None:
    a_recall(RecallScope.LOT, packs.lot.id)
    assert "thu hồi" in visit(client, packs.lot_path).heading.lower()
    told = {"ma": packs.path(), "viec": "fake", "loi": "Tem trên gói này mờ lắm."}
    assert client.post("/bao-cao", data=told, headers=SAME_ORIGIN).status_code == 200
    jobs.do_all()
    db.session.rollback()
    assert db.session.scalars(sa.select(Report.code)).all() == [packs.path()]
    assert "thu hồi" in visit(client, packs.lot_path).heading.lower()
    assert not [job for job in db.session.scalars(sa.select(Job)) if job.kind.startswith("recalls.ordered")]
