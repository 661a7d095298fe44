"""Reading a new password: looked over and hashed before any unit of work."""

from marketplace.accounts.models import Person
from marketplace.accounts.passwords import SHORTEST, SHORTEST_ON_DUTY, check_password, hash_password
from marketplace.accounts.placement import grants_of
from marketplace.accounts.roles import PUBLIC_DUTY
from marketplace.database import db


def hash_for_new(password: str, name: str, address: str, *, on_duty: bool = False) -> str:
    """Return the hash of the password of an account to be; raises PasswordRefused."""
    shortest = SHORTEST_ON_DUTY if on_duty else SHORTEST
    check_password(password, shortest=shortest, about=(name, address))
    return hash_password(password)


def hash_for(password: str, person: Person) -> str:
    """Return the hash of a new password of somebody; officers need a longer one. Raises PasswordRefused."""
    about = [text for text in (person.name, person.email, person.phone) if text]
    on_duty = any(grant.role in PUBLIC_DUTY for grant in grants_of(db.session(), person.id))
    check_password(password, shortest=SHORTEST_ON_DUTY if on_duty else SHORTEST, about=about)
    return hash_password(password)
