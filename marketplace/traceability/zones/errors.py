"""Refusals of zones and sites."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidPlace(InvalidInput):
    """What a zone or a site cannot be; `field` names the fact at fault."""

    code = "invalid_place"


class PlaceNameTaken(MarketplaceError):
    """A name, or a location number, that another zone or site bears; `name` is the name."""

    code = "place_name_taken"


class PlaceInUse(MarketplaceError):
    """A zone or site that lots or events name: it stays where it was, another is added instead."""

    code = "place_in_use"
