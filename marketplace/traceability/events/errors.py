"""Refusals of events."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidEvent(InvalidInput):
    """What an event cannot say; `field` names the fact at fault."""

    code = "invalid_event"


class EventDiffers(MarketplaceError):
    """An event identity that stands for another event already; `event_id` is the identity."""

    code = "event_differs"


class EventTakenBack(MarketplaceError):
    """An event that was declared wrong before, or that can never be; `position` is its place in the chain."""

    code = "event_taken_back"
