"""Looking an order up by its number and telephone: few tries, masked answers, nothing to learn."""

import ipaddress
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.ordering.counters import count_up
from marketplace.ordering.errors import TooManyLookups
from marketplace.ordering.models import LookupAttempt

MOST_PER_HOUR = 30
KEPT = timedelta(days=1)


def network_of(address: str | None) -> str:
    """Return the network of an address, /24 or /48: what tries are counted by."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, prefix), strict=False))


def count_lookup(session: Session, address: str | None, at: datetime) -> None:
    """Count a try of somebody at an address, in a unit of work of its own.

    Raises TooManyLookups, with the seconds until the hour is over, from the 31st on.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    session.execute(sa.delete(LookupAttempt).where(LookupAttempt.hour < at - KEPT))
    origin = network_of(address)
    if not count_up(session, LookupAttempt, LookupAttempt.tries, MOST_PER_HOUR, origin=origin, hour=hour):
        wait = hour + timedelta(hours=1) - at
        raise TooManyLookups(most=MOST_PER_HOUR, seconds=int(wait.total_seconds()))
