"""A real SMTP server on loopback that keeps what it is handed, and refuses whom it is told to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class PostBox:
    """What arrived, and how the server answers: by recipient, else `250`."""

    arrived: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 taken"

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        return self.after_data


@contextmanager
def running_mail_server(
    box: PostBox,
    *,
    login: tuple[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    tls_first: bool = False,
) -> Iterator[int]:
    """Yield the port of a server that hands what it takes to a box."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, offered: Any) -> AuthResult:
        assert isinstance(offered, LoginPassword)
        known = (offered.login.decode(), offered.password.decode()) == login
        return AuthResult(success=known, handled=False)

    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "server_hostname": "mail.test"}
    if login:
        options |= {"authenticator": check, "auth_required": not tls_first}
    if tls and tls_first:
        options |= {"ssl_context": tls, "auth_require_tls": False}
    elif tls:
        options |= {"tls_context": tls, "require_starttls": True}
    controller = _FreePort(box, **options)
    controller.start()
    try:
        yield controller.bound_port
    finally:
        controller.stop()


class _FreePort(Controller):
    """A controller on whatever port is free; aiosmtpd itself wants to know it beforehand."""

    bound_port = 0

    def _create_server(self) -> Any:
        return self._remembering(super()._create_server())

    async def _remembering(self, creating: Any) -> asyncio.AbstractServer:
        server: asyncio.Server = await creating
        self.bound_port = server.sockets[0].getsockname()[1]
        self.port = self.bound_port
        return server
