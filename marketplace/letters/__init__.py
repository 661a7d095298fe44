"""The door of outgoing letters: rendered for e-mail and as short messages, kept as files to be sent."""

from marketplace.letters import sending  # noqa: F401 - registers the handler of its job
from marketplace.letters.views import door

__all__ = ["door"]
