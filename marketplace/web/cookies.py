"""The cookies of people who sign in: one for the session, one by which their browser is known again."""

from flask import Response, current_app, request

from marketplace.accounts.sessions import CONSUMERS, DEVICE_KNOWN_FOR, SignedIn


def session_token() -> str | None:
    """Return the token of the session cookie, or None."""
    return request.cookies.get(_name("sid"))


def device_token() -> str | None:
    """Return the token of the device cookie, or None."""
    return request.cookies.get(_name("device"))


def keep_signed_in(response: Response, signed_in: SignedIn) -> None:
    """Give a browser both cookies; how long a sign-in really lasts, the database decides."""
    keep_session_token(response, signed_in.token)
    _keep(response, "device", signed_in.device_token, int(DEVICE_KNOWN_FOR.total_seconds()))


def keep_session_token(response: Response, token: str) -> None:
    """Give a browser the session cookie, or another token in it."""
    _keep(response, "sid", token, int(CONSUMERS.absolute.total_seconds()))


def forget_session_token(response: Response) -> None:
    """Take the session cookie back."""
    response.delete_cookie(_name("sid"), secure=_secure(), httponly=True, samesite="Lax")


def _keep(response: Response, name: str, token: str, seconds: int) -> None:
    response.set_cookie(
        _name(name), token, max_age=seconds, secure=_secure(), httponly=True, samesite="Lax", path="/"
    )


def _name(name: str) -> str:
    """Return the name of a cookie; over TLS browsers tie `__Host-` cookies to this very host."""
    return f"__Host-{name}" if _secure() else name


def _secure() -> bool:
    return bool(current_app.extensions["settings"].secure)
