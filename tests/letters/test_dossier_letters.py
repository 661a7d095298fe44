"""Letters about dossiers: each state tells whom it concerns, with what was said and by when."""

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import unit_of_work
from marketplace.web.dossier_post import TO_COMMUNES, TO_PRODUCERS, tell_of_dossier
from marketplace.web.post import Letter, send_to_members
from tests.factories.accounts import a_member, an_actor, an_owner
from tests.factories.dossiers import a_dossier, a_dossier_product
from tests.signin.browsing import letters

_S = DossierState


def told(app: Flask, state: DossierState) -> tuple[Dossier, Person, Person, dict[str, tuple[str, str]]]:
    """Bring a dossier into a state, tell of it, and return what owner and commune received."""
    with unit_of_work() as session:
        product = a_dossier_product(session, "Cam Khe Mây")
        assert product.producer_id is not None
        owner = an_owner(session, product.producer_id)
        actor = an_actor(owner, (Scope(ScopeKind.PRODUCER, product.producer_id), Role.OWNER))
        dossier = a_dossier(session, product, state, actor=actor)
        officer = a_member(session, Scope(ScopeKind.ADMIN_UNIT, dossier.commune_id), Role.COMMUNE_OFFICER)
        tell_of_dossier(session, dossier, clock.now())
    return dossier, owner, officer, {one.to: (one.subject, one.body) for one in letters(app)}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (_S.SUBMITTED, "đến hết ngày"),
        (_S.RETURNED, "Lý do: Thiếu giấy xác nhận nguyên liệu."),
        (_S.FORWARDED, "lên tỉnh"),
        (_S.NEEDS_COMPLETION, "chậm nhất ngày 01/12/2026"),
        (_S.ACCEPTED, "xong trước ngày 28/02/2027"),
        (_S.EVALUATED, "tương ứng 4 sao"),
        (_S.PROPOSED, "Tỉnh không công nhận 5 sao"),
        (_S.RECOGNISED, "được công nhận 4 sao"),
        (_S.NOT_RECOGNISED, "không được công nhận lần này"),
    ],
)
def test_producers_are_told(app: Flask, state: DossierState, words: str) -> None:
    dossier, owner, _officer, sent = told(app, state)
    subject, body = sent[owner.email or ""]
    assert words in body
    assert "None" not in body
    assert f"/ho-so-ocop/{dossier.id}" in body
    assert dossier.code in subject + body


@pytest.mark.parametrize("state", [_S.SUBMITTED, _S.RECOGNISED, _S.NOT_RECOGNISED])
def test_communes_are_told_what_comes_and_what_comes_of_it(app: Flask, state: DossierState) -> None:
    dossier, _owner, officer, sent = told(app, state)
    subject, body = sent[officer.email or ""]
    assert dossier.code in subject
    assert f"/van-phong/ho-so/{dossier.id}" in body
    assert "HTX Hồ sơ" in body


@pytest.mark.parametrize("state", [_S.RETURNED, _S.ADVISED, _S.IN_COUNCIL, _S.AT_MINISTRY, _S.WITHDRAWN])
def test_the_rest_of_the_way_is_no_news_to_communes(app: Flask, state: DossierState) -> None:
    _dossier, owner, officer, sent = told(app, state)
    assert officer.email not in sent
    assert (owner.email in sent) is (state in TO_PRODUCERS)
    assert state not in TO_COMMUNES


def test_a_dossier_that_is_gone_is_not_told_of(app: Flask) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session)
        send_to_members(session, Letter.DOSSIER_RETURNED, dossier.producer_id, clock.now(), 999)
        send_to_members(session, Letter.DOSSIER_RESULT, dossier.producer_id, clock.now(), 999)
    assert letters(app) == []
