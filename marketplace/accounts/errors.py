"""What accounts refuse."""

from marketplace.errors import InvalidInput, MarketplaceError, NotFound


class NotPermitted(NotFound):
    """Not this person's; said in the same words as what does not exist."""


class SecondFactorNeeded(MarketplaceError):
    """The role waits for a second factor or a passkey."""

    code = "second_factor_needed"
    status = 403


class ReauthenticationNeeded(MarketplaceError):
    """A dangerous act asks who it is once more."""

    code = "reauthentication_needed"
    status = 403


class InvalidIdentity(InvalidInput):
    """Neither an e-mail address nor a Vietnamese phone number; `field` names it."""

    code = "invalid_identity"


class InvalidPhone(InvalidInput):
    """A text that is no Vietnamese telephone number of ten digits."""

    code = "invalid_phone"


class InvalidName(InvalidInput):
    """A name without a letter, or too long."""

    code = "invalid_name"


class PasswordRefused(InvalidInput):
    """A password that is too short, too long or too common; `reason` says which, `shortest` how long."""

    code = "password_refused"


class SignInRefused(MarketplaceError):
    """The name, the password or the proof is not right; which one is not said."""

    code = "sign_in_refused"
    status = 422


class CodeRefused(MarketplaceError):
    """A one-time code that is wrong, was used before or ran out."""

    code = "code_refused"
    status = 422


class LinkRefused(MarketplaceError):
    """A link that is unknown, was used before or ran out."""

    code = "link_refused"
    status = 404


class TooManyAttempts(MarketplaceError):
    """Too many attempts; `wait` says after how many seconds another is heard, `rule` which limit it is."""

    code = "too_many_attempts"
    status = 429


class IdentityTaken(MarketplaceError):
    """Somebody else has an account with that e-mail address or phone number."""

    code = "identity_taken"


class OwnGrant(MarketplaceError):
    """Nobody gives themselves a role."""

    code = "own_grant"
    status = 403


class LastOwner(MarketplaceError):
    """The last owner of a producer, or the last administrator, cannot leave."""

    code = "last_owner"


class InvalidRole(InvalidInput):
    """A role that the kind of scope does not know."""

    code = "invalid_role"


class ConflictOfDuty(MarketplaceError):
    """An officer would also trade in the scope of the office."""

    code = "conflict_of_duty"


class AlreadyMember(MarketplaceError):
    """The person has a role there already."""

    code = "already_member"


class InvalidKeyRequest(InvalidInput):
    """An API key asked for too long, without abilities, or with ones that no key may have."""

    code = "invalid_key_request"
