"""Letting people in: officers of the own units, and the first owner of a producer."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.models import Invitation, Membership, SignIn
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.database import db, unit_of_work
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.office import Desk
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, letters, link_in, write

PEOPLE = "/van-phong/nguoi"


def invitations() -> list[Invitation]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Invitation).order_by(Invitation.id)))


def test_a_cooperative_comes_in_by_the_invitation_of_its_province(
    desk: Desk, office: Browser, app: Flask
) -> None:
    producer = write(a_producer, "HTX Mật Ong Vũ Quang", province_id=desk.province)
    page = office.open(f"{PEOPLE}?q=mật ong")
    assert page.links(".rows")[0] == f"{PEOPLE}/chu-the/{producer.id}"
    assert page.texts(".rows .tag")[0] == "chưa ai nhận"
    path = f"{PEOPLE}/chu-the/{producer.id}"
    assert office.send(path, dia_chi="0912 345 678").location == path
    assert "0912345678" in office.open(path).words
    [letter] = letters(app)
    assert letter.to == "0912345678"
    owner = Browser(app)
    owner.enter_as(write(accounts.a_person))
    owner.send(link_in(letter))
    [member] = db.session.scalars(
        sa.select(Membership).where(
            Membership.scope_kind == ScopeKind.PRODUCER, Membership.scope_id == producer.id
        )
    )
    assert member.role == Role.OWNER
    assert office.open(f"{PEOPLE}?q=mật ong").texts(".rows .tag")[0] == "đã có chủ"


def test_producers_without_an_owner_stand_first(desk: Desk, office: Browser) -> None:
    write(a_producer, "HTX Zét", province_id=desk.province)
    write(a_producer, "HTX Ở nơi khác", province_id=desk.elsewhere)
    assert office.open(PEOPLE).texts(".rows a") == ["HTX Zét", "HTX Cam Khe Mây"]


def test_a_producer_of_elsewhere_is_not_there(desk: Desk, office: Browser) -> None:
    other = write(a_producer, "HTX Ở nơi khác", province_id=desk.elsewhere)
    office.open(f"{PEOPLE}/chu-the/{other.id}", 404)
    office.send(f"{PEOPLE}/chu-the/{other.id}", 404, dia_chi="0912345678")
    assert invitations() == []


def test_an_invitation_is_taken_back(desk: Desk, office: Browser) -> None:
    path = f"{PEOPLE}/chu-the/{desk.producer}"
    office.send(path, dia_chi="chu@example.vn")
    [offer] = invitations()
    office.send(f"{path}/loi-moi/{offer.id}/rut")
    assert invitations() == []
    office.send(f"{path}/loi-moi/{offer.id}/rut", 404)


def test_a_province_invites_officers_of_its_communes(desk: Desk, office: Browser) -> None:
    page = office.open(PEOPLE)
    assert [str(one["value"]) for one in page.soup.select("#don_vi option")] == ["", str(desk.commune)]
    office.send(f"{PEOPLE}/don-vi", don_vi=str(desk.commune), dia_chi="canbo@example.vn")
    [offer] = invitations()
    assert (offer.scope_kind, offer.scope_id) == (ScopeKind.ADMIN_UNIT, desk.commune)
    assert (offer.role, offer.invited_by) == (Role.COMMUNE_OFFICER, desk.officer.id)


def test_units_that_are_not_offered_are_refused(desk: Desk, office: Browser) -> None:
    for unit in (desk.province, desk.elsewhere, 0):
        answer = office.send(f"{PEOPLE}/don-vi", 422, don_vi=str(unit), dia_chi="canbo@example.vn")
        assert 'href="#don_vi"' in answer.text
    assert invitations() == []


def test_an_address_is_needed(desk: Desk, office: Browser) -> None:
    for path in (f"{PEOPLE}/don-vi", f"{PEOPLE}/chu-the/{desk.producer}"):
        answer = office.send(path, 422, don_vi=str(desk.commune), dia_chi="không phải")
        assert 'href="#dia_chi"' in answer.text
    assert invitations() == []


def test_administrators_invite_officers_of_provinces(desk: Desk, browser: Browser) -> None:
    browser.enter_as(desk.administrator)
    browser.open(PEOPLE)
    browser.send(f"{PEOPLE}/don-vi", don_vi=str(desk.elsewhere), dia_chi="tinh@example.vn")
    [offer] = invitations()
    assert (offer.scope_id, offer.role) == (desk.elsewhere, Role.PROVINCE_OFFICER)


def test_inviting_asks_who_it_is_once_more(desk: Desk, office: Browser) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=NOON - timedelta(minutes=11)))
    for path in (f"{PEOPLE}/don-vi", f"{PEOPLE}/chu-the/{desk.producer}", f"{PEOPLE}/vai-tro/1/thoi"):
        office.ask_again(path, don_vi=str(desk.commune), dia_chi="a@example.vn")
    assert invitations() == []


def test_a_province_ends_what_it_gave_and_no_more(desk: Desk, office: Browser) -> None:
    roles = {
        one.person_id: one.id
        for one in db.session.scalars(sa.select(Membership).where(Membership.scope_id == desk.commune))
        if one.role is Role.COMMUNE_OFFICER
    }
    commune = roles[desk.commune_officer.id]
    office.send(f"{PEOPLE}/vai-tro/{commune}/thoi")
    office.send(f"{PEOPLE}/vai-tro/{commune}/thoi", 404)
    db.session.rollback()
    second = db.session.scalars(sa.select(Membership).where(Membership.person_id == desk.second.id)).one()
    office.send(f"{PEOPLE}/vai-tro/{second.id}/thoi", 404)
    abroad = db.session.scalars(
        sa.select(Membership).where(Membership.person_id == desk.stranger.id).limit(1)
    ).one()
    office.send(f"{PEOPLE}/vai-tro/{abroad.id}/thoi", 404)
