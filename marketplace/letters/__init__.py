"""The door of outgoing letters: rendered for e-mail and as short messages, kept as files to be sent."""

from marketplace.letters import forgetting, news, recalls, sending  # noqa: F401 - they register the handlers of their jobs
from marketplace.letters.views import door

__all__ = ["door"]
