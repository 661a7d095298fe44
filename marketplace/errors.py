"""Refusals: exceptions with a name, raised where the rule is and translated by the doors."""

from typing import Any, ClassVar


class MarketplaceError(Exception):
    """A refusal that people are told about.

    `code` names it to programs, `status` is the HTTP status a door answers with,
    and the keyword parameters are what its message speaks of.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **parameters: Any) -> None:
        super().__init__(self.code, parameters)
        self.parameters = parameters


class NotFound(MarketplaceError):
    """What was asked for is not there, or not for this person to know of."""

    code = "not_found"
    status = 404


class InvalidInput(MarketplaceError):
    """A value that cannot be understood; `field` names it."""

    code = "invalid_input"
    status = 422


class SettingsError(Exception):
    """The environment holds settings that are missing or ill-typed; `problems` names them all."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
