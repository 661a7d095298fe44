"""What is refused to those who review, ask, reply and report."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidVoice(InvalidInput):
    """A field of a review, question, reply or report is out of bounds; `field` names it.

    `shortest` and `most` are the bounds of words in letters, where it is words.
    """

    code = "invalid_voice"


class TooManyPhotographs(InvalidInput):
    """A review shows no more than `most` photographs."""

    code = "too_many_photographs"


class NotDelivered(MarketplaceError):
    """The goods have not been delivered to whom would review them, or were canceled."""

    code = "not_delivered"


class OwnGoods(MarketplaceError):
    """Somebody who works for the seller reviews the seller's goods."""

    code = "own_goods"


class ReviewFixed(MarketplaceError):
    """The days in which a review may be changed are over."""

    code = "review_fixed"


class VoiceHidden(MarketplaceError):
    """The desk has hidden the text: it is neither changed nor answered."""

    code = "voice_hidden"


class VoiceSettled(MarketplaceError):
    """Nobody waits for the desk's word on this text: it was decided, or not reported."""

    code = "voice_settled"
