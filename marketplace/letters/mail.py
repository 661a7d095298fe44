"""E-mail: handed to the server that the operator names, or else kept as files."""

import logging
import smtplib
import ssl
from datetime import datetime
from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from urllib.parse import urlsplit

from flask import current_app

from marketplace.letters.outbox import Outbox
from marketplace.letters.writing import Written
from marketplace.settings import MailServer

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 20
REFUSED_FOR_GOOD = 500


class _Subject(UniqueUnstructuredHeader):
    """A subject folded by the older of Python's two ways: the newer loses spaces between its lines."""

    def fold(self, *, policy: Policy) -> str:
        """Return the lines of the header."""
        words = Header(str(self), "utf-8", header_name="Subject").encode(linesep=policy.linesep)
        return f"Subject: {words}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=_HEADERS)


class MailNotTaken(RuntimeError):
    """The server did not take a letter; the job tries again. It says with which code, and not whose."""


def post_email(mark: str, address: str, written: Written, at: datetime) -> None:
    """Send a letter as an e-mail, or keep it as a file where no server is named.

    `mark` makes its Message-ID: should a crash have it sent twice, mailboxes show it once. An address
    that the server refuses for good is logged without naming it. Raises MailNotTaken.
    """
    settings = current_app.extensions["settings"]
    message = _seal(mark, address, written, at)
    if settings.mail_server is None:
        Outbox(settings.outbox).keep_email(mark, message, at)
    else:
        _hand_over(settings.mail_server, message, mark)


def _seal(mark: str, address: str, written: Written, at: datetime) -> EmailMessage:
    settings = current_app.extensions["settings"]
    message = EmailMessage(policy=POLICY)
    message["From"] = f"{settings.site_name} <{settings.owner.email}>"
    message["To"] = address
    message["Date"] = at
    message["Subject"] = written.subject
    message["Message-ID"] = f"<{mark}@{urlsplit(settings.site_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(written.body)
    return message


def _hand_over(server: MailServer, message: EmailMessage, mark: str) -> None:
    """Hand a letter over; what smtplib tells of it names the recipient and stays here."""
    try:
        with _connect(server) as line:
            line.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        [(code, _)] = refused.recipients.values()
        if code < REFUSED_FOR_GOOD:
            raise MailNotTaken(f"the mail server asks to come later: {code}") from None
        log.warning("letter %s was refused by the mail server for good: %s", mark, code)
    except smtplib.SMTPResponseException as answer:
        raise MailNotTaken(f"the mail server answered {answer.smtp_code}") from None
    except (OSError, smtplib.SMTPException) as failure:
        raise MailNotTaken(f"the mail server is away: {type(failure).__name__}") from None


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls_first:
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE_SECONDS, context=context
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        if server.secure and not server.tls_first:
            line.starttls(context=context)
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line
