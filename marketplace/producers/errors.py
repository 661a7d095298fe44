"""What producers are refused."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidProfile(InvalidInput):
    """A telephone, address of a website or text that cannot stand in a profile; `field` names it."""

    code = "invalid_profile"


class InvalidHoliday(InvalidInput):
    """A holiday that ends before it begins, has ended already or lasts more than a year."""

    code = "invalid_holiday"


class InvalidQualityCertificate(InvalidInput):
    """A quality certificate without kind, number, issuer or a possible validity; `field` names it."""

    code = "invalid_quality_certificate"


class TooManyPictures(MarketplaceError):
    """A producer with as many pictures as its page shows."""

    code = "too_many_pictures"
