"""On what grounds a certificate is revoked, until when, and by whose decision (article 8)."""

from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.certification.authorities import Circumstances, issuer_of
from marketplace.certification.errors import IssuedInFuture, RevokedBeforeIssue
from marketplace.certification.models import Authority, Certificate, RevocationReason
from marketplace.certification.oversight.errors import InvalidRevocation, NotTheirCertificate
from marketplace.certification.oversight.models import Revocation
from marketplace.certification.validity import first_day
from marketplace.text import clean_lines

DAYS_TO_DECIDE = timedelta(days=15)
"""Within how long of the conclusion a certificate is revoked (article 8)."""
SHORTEST_WORDS, LONGEST_WORDS = 20, 2000
FIVE = 5


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a certificate is to be revoked, what was concluded and when, and which inspection led to it."""

    reason: RevocationReason
    words: str
    concluded_on: date
    inspection_id: int | None = None


def decide_by(revocation: Revocation) -> date:
    """Return the last day on which a revocation is decided in time."""
    return revocation.concluded_on + DAYS_TO_DECIDE


def require_authority(stars: int | None, number: str) -> None:
    """Go on only when the number is of who recognises such stars: the ministry for 5, the province for 3, 4.

    Raises NotTheirCertificate.
    """
    by_ministry = issuer_of(number, Circumstances()).level is Authority.MINISTRY
    if stars is not None and by_ministry is not (stars == FIVE):
        raise NotTheirCertificate(field="number", stars=stars)


def read_words(grounds: Grounds, certificate: Certificate, day: date) -> str:
    """Return the words of sound grounds as they are kept.

    Raises InvalidRevocation, IssuedInFuture and RevokedBeforeIssue.
    """
    words = clean_lines(grounds.words)
    if not SHORTEST_WORDS <= len(words) <= LONGEST_WORDS:
        raise InvalidRevocation(field="words", shortest=SHORTEST_WORDS, longest=LONGEST_WORDS)
    if grounds.concluded_on > day:
        raise IssuedInFuture(field="concluded_on", issued_on=grounds.concluded_on)
    begins = first_day(certificate)
    if begins is not None and grounds.concluded_on < begins:
        raise RevokedBeforeIssue(field="concluded_on", on=grounds.concluded_on)
    return words
