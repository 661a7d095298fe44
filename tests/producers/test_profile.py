import pytest
from flask import Flask

from marketplace import clock, register
from marketplace.accounts.roles import Role
from marketplace.database import db, unit_of_work
from marketplace.producers.errors import InvalidProfile
from marketplace.producers.models import Producer
from marketplace.producers.profile import (
    LONGEST_HOURS,
    LONGEST_STORY,
    Profile,
    describe_producer,
    read_hours,
    read_public_email,
    read_public_phone,
    read_story,
    read_website,
    scope_of,
)
from tests.factories.accounts import an_actor, an_owner
from tests.factories.deeds import deeds
from tests.factories.producers import a_producer


def describe(producer_id: int, profile: Profile) -> None:
    with unit_of_work() as session:
        producer = session.get_one(Producer, producer_id)
        owner = an_owner(session, producer_id)
        actor = an_actor(owner, (scope_of(producer), Role.OWNER))
        describe_producer(session, actor, producer, profile, clock.now())


def test_a_profile_is_written_and_journaled_without_its_words(app: Flask) -> None:
    with unit_of_work() as session:
        number = a_producer(session).id
    version = register.current_version()
    told = Profile(story="Vườn cam.", phone="0912345678", visiting_hours="Thứ 2 đến thứ 7")
    describe(number, told)
    producer = db.session.get_one(Producer, number)
    assert (producer.story, producer.phone, producer.email) == ("Vườn cam.", "0912345678", None)
    [deed] = deeds("producer:describe")
    assert deed.org == f"producer:{number}"
    assert deed.data == '{"changed_codes":["phone","story","visiting_hours"]}'
    db.session.rollback()
    assert register.current_version() > version


def test_a_profile_that_changes_nothing_is_no_deed(app: Flask) -> None:
    with unit_of_work() as session:
        number = a_producer(session).id
    describe(number, Profile(phone="0912000000"))
    assert deeds("producer:describe") == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", None), ("  ", None), ("0912 345 678", "0912345678"), ("+84 912.345.678", "0912345678"),
     ("0084-912345678", "0912345678"), ("(0239) 3855 123", "02393855123"), ("1900 1234", "19001234"),
     ("1800-599-920", "1800599920")],
)  # fmt: skip
def test_public_numbers_may_be_landlines_and_service_numbers(typed: str, kept: str | None) -> None:
    assert read_public_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["912345678", "09123", "0912345678901", "+1 555 0100", "٠٩١٢٣٤٥٦٧٨", "0912345678;1"]
)
def test_other_numbers_are_refused(typed: str) -> None:
    with pytest.raises(InvalidProfile) as refusal:
        read_public_phone(typed)
    assert refusal.value.parameters == {"field": "phone"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", None),
        ("htxkhemay.vn", "https://htxkhemay.vn"),
        (" http://www.htxkhemay.vn/cam?mua=1 ", "http://www.htxkhemay.vn/cam?mua=1"),
        ("https://facebook.com/htx.khemay", "https://facebook.com/htx.khemay"),
        ("https://đặcsản.vn", "https://đặcsản.vn"),
    ],
)
def test_addresses_of_websites(typed: str, kept: str | None) -> None:
    assert read_website(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "javascript://x.vn/%0aalert(1)", "data:text/html,x", "ftp://x.vn", "https://",
     "https://localhost", "https://a:b@x.vn", "https://x.vn:8080", "https://x.vn/a b", 'https://x.vn/"',
     "https://x.vn/<b>", "https://x.vn/\\", "https://[::1", "https://192.168.1.1", "https://x.vn/\x07",
     "https://x.vn/" + "a" * 200, "//x.vn"],
)  # fmt: skip
def test_what_is_no_website_is_refused(typed: str) -> None:
    with pytest.raises(InvalidProfile) as refusal:
        read_website(typed)
    assert refusal.value.parameters["field"] == "website"


def test_addresses_for_letters() -> None:
    assert read_public_email(" ") is None
    assert read_public_email("HTX@KheMay.vn ") == "htx@khemay.vn"
    for typed in ("htx", "htx@", "<b>@x.vn", "a" * 64 + "@" + "b" * 60 + ".vn"):
        with pytest.raises(InvalidProfile, match="email"):
            read_public_email(typed)


def test_a_story_keeps_its_paragraphs_and_nothing_that_cannot_be_seen() -> None:
    assert read_story("  Vườn   cam.\r\n\r\n\r\n Ba\u202e đời\x07 làm.\n") == "Vườn cam.\nBa đời làm."
    assert read_story(" \n ") is None
    with pytest.raises(InvalidProfile, match="story"):
        read_story("a" * (LONGEST_STORY + 1))


def test_hours_are_one_line() -> None:
    assert read_hours("7:30–17:00\n gọi trước ") == "7:30–17:00 gọi trước"
    assert read_hours("") is None
    with pytest.raises(InvalidProfile, match="visiting_hours"):
        read_hours("a" * (LONGEST_HOURS + 1))
