"""E-mail over a real SMTP server on loopback: taken, refused for a while, refused for good, away."""

import datetime as dt
import ipaddress
import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts.models import Person
from marketplace.database import db, unit_of_work
from marketplace.errors import SettingsError
from marketplace.jobs import Job
from marketplace.letters.mail import MailNotTaken, post_email
from marketplace.letters.writing import Written
from marketplace.settings import MailServer, read_settings
from marketplace.web.post import Letter, send_letter_to
from tests.environment.mail_server import PostBox, running_mail_server
from tests.factories import accounts
from tests.signin.browsing import letters, write

ADDRESS = "nguoi.mua@example.vn"
WORDS = Written("Đã nhận đơn", "Cảm ơn bạn đã đặt hàng.\n", "đã nhận đơn")
LOGIN = ("cho-phien", "mat khau:dai@")


@pytest.fixture
def box() -> PostBox:
    return PostBox()


@pytest.fixture
def person(app: Flask) -> Person:
    person: Person = write(accounts.a_person, email=ADDRESS, phone="0912345678")
    return person


def use(app: Flask, port: int, **changes: object) -> None:
    server = MailServer(host="127.0.0.1", port=port, user="", password="", tls_first=False, secure=False)
    settings = replace(app.extensions["settings"], mail_server=replace(server, **changes))  # type: ignore[arg-type]
    app.extensions["settings"] = settings


@pytest.fixture(autouse=True)
def _settings_as_before(app: Flask) -> Iterator[None]:
    before = app.extensions["settings"]
    yield
    app.extensions["settings"] = before


def tell(person: Person) -> None:
    with unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id, clock.now())


def waiting() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Job)))


def be_due() -> None:
    with unit_of_work() as session:
        session.execute(sa.update(Job).values(due_at=clock.now()))


def test_a_letter_arrives_whole(app: Flask, person: Person, box: PostBox) -> None:
    with running_mail_server(box) as port:
        use(app, port)
        tell(person)
        jobs.do_all()
    [message] = box.arrived
    settings = app.extensions["settings"]
    assert message["To"] == ADDRESS
    assert settings.owner.email in message["From"]
    assert "máy chưa dùng bao giờ" in message.get_content()
    assert message["Message-ID"].endswith(f"@{urlsplit(settings.site_url).hostname}>")
    assert [letter.by_phone for letter in letters(app)] == [True]
    assert waiting() == []


def test_a_server_that_is_away_keeps_the_letter_and_not_the_message(
    app: Flask, person: Person, box: PostBox, caplog: pytest.LogCaptureFixture
) -> None:
    with running_mail_server(box) as port:
        pass
    use(app, port)
    tell(person)
    jobs.do_all()
    assert [letter.by_phone for letter in letters(app)] == [True]
    [job] = waiting()
    assert job.last_error == "MailNotTaken"
    assert ADDRESS not in caplog.text
    with running_mail_server(box) as port:
        use(app, port)
        be_due()
        jobs.do_all()
    assert [message["To"] for message in box.arrived] == [ADDRESS]
    assert waiting() == []


def test_sent_twice_it_is_the_same_letter(app: Flask, person: Person, box: PostBox) -> None:
    """A worker that dies between sending and saying so sends again; mailboxes know it by its name."""
    with running_mail_server(box) as port:
        use(app, port)
        tell(person)
        [job] = waiting()
        jobs.do_all()
        with unit_of_work() as session:
            jobs.put(session, job.kind, **{**job.payload, "by": "email"})
        jobs.do_all()
    first, second = box.arrived
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("answer", ["450 later", "421 too many"])
def test_who_is_told_to_come_later_comes_later(
    app: Flask, box: PostBox, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    box.answers[ADDRESS] = answer
    with running_mail_server(box) as port:
        use(app, port)
        with pytest.raises(MailNotTaken, match=answer[:3]) as refused:
            post_email("m1", ADDRESS, WORDS, clock.now())
    assert ADDRESS not in str(refused.value)
    assert refused.value.__suppress_context__


def test_an_address_refused_for_good_is_let_go(
    app: Flask, person: Person, box: PostBox, caplog: pytest.LogCaptureFixture
) -> None:
    box.answers[ADDRESS] = "550 no such mailbox"
    with running_mail_server(box) as port, caplog.at_level(logging.WARNING):
        use(app, port)
        tell(person)
        jobs.do_all()
    assert (box.arrived, waiting()) == ([], [])
    assert "refused by the mail server for good: 550" in caplog.text
    assert ADDRESS not in caplog.text


def test_a_letter_the_server_does_not_like_is_tried_again(app: Flask, box: PostBox) -> None:
    box.after_data = "554 not now"
    with running_mail_server(box) as port:
        use(app, port)
        with pytest.raises(MailNotTaken, match="554"):
            post_email("m1", ADDRESS, WORDS, clock.now())


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server with a certificate for 127.0.0.1 shows; this process trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=400))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(*plain))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context


@pytest.mark.parametrize("tls_first", [True, False])
def test_it_signs_in_over_tls(app: Flask, box: PostBox, trusted: ssl.SSLContext, tls_first: bool) -> None:
    with running_mail_server(box, login=LOGIN, tls=trusted, tls_first=tls_first) as port:
        use(app, port, user=LOGIN[0], password=LOGIN[1], tls_first=tls_first, secure=True)
        post_email("m1", ADDRESS, WORDS, clock.now())
        use(app, port, user=LOGIN[0], password="wrong", tls_first=tls_first, secure=True)
        with pytest.raises(MailNotTaken, match="535"):
            post_email("m2", ADDRESS, WORDS, clock.now())
    assert len(box.arrived) == 1


def test_a_server_nobody_vouches_for_gets_nothing(
    app: Flask, box: PostBox, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with running_mail_server(box, tls=trusted) as port:
        use(app, port, secure=True)
        with pytest.raises(MailNotTaken, match="SSLCertVerificationError"):
            post_email("m1", ADDRESS, WORDS, clock.now())
    assert box.arrived == []


def test_the_setting_names_a_server() -> None:
    base = {"DEMO": "1", "SECRET_KEY": "s" * 32, "DATABASE_URL": "sqlite:////tmp/none.db"}
    assert read_settings(base).mail_server is None
    far = read_settings({**base, "MAIL_URL": "smtp://ban%40hang:m%3At@mail.example.vn"}).mail_server
    assert far == MailServer(
        host="mail.example.vn", port=587, user="ban@hang", password="m:t", tls_first=False, secure=True
    )
    near = read_settings({**base, "MAIL_URL": "smtp://127.0.0.1:2525"}).mail_server
    assert near
    assert (near.port, near.secure) == (2525, False)
    first = read_settings({**base, "MAIL_URL": "smtps://mail.example.vn"}).mail_server
    assert first
    assert (first.port, first.tls_first) == (465, True)
    assert "m:t" not in repr(far)


@pytest.mark.parametrize(
    "wrong", ["mail.example.vn", "http://mail.example.vn", "smtp://", "smtp://a/b", "smtp://ă:b@c"]
)
def test_an_address_that_is_no_mail_server_is_named(wrong: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_URL"):
        read_settings({"DEMO": "1", "SECRET_KEY": "s" * 32, "MAIL_URL": wrong})


def test_subjects_of_every_length_arrive_word_for_word(app: Flask, box: PostBox) -> None:
    whole = "Ý tưởng Mật ong hoa cà phê Đắk Lắk của Hợp tác xã Nông nghiệp đã được duyệt, mời xem"
    told = [whole[:length].strip() for length in range(20, len(whole))]
    with running_mail_server(box) as port:
        use(app, port)
        for place, subject in enumerate(told):
            post_email(f"m{place}", ADDRESS, replace(WORDS, subject=subject), clock.now())
    assert [message["Subject"] for message in box.arrived] == told
