"""What is refused of ideas, their business plans and roadmaps."""

from marketplace.errors import InvalidInput, MarketplaceError


class InvalidIdea(InvalidInput):
    """A slip with `fields` that are empty, too long, or no such year or set."""

    code = "invalid_idea"


class PlaceUnknown(MarketplaceError):
    """The producer lies in no commune that the register knows, so there is nobody to hand a slip to."""

    code = "idea_place_unknown"


class IdeaRepeated(MarketplaceError):
    """The producer has an idea of that `name` in the year already."""

    code = "idea_repeated"


class TooManyIdeas(MarketplaceError):
    """The producer has `most` ideas in the year already."""

    code = "too_many_ideas"


class IdeaMovedOn(MarketplaceError):
    """The idea is in a `state` in which this is not done."""

    code = "idea_moved_on"


class ChecksMissing(InvalidInput):
    """Lines of the checklist (`checks`) have no answer, or say no without words."""

    code = "idea_checks_missing"


class ChecksFailed(InvalidInput):
    """Lines of the checklist (`checks`) that have to hold do not."""

    code = "idea_checks_failed"


class InvalidPlan(InvalidInput):
    """A business plan with `fields` that are too long, or amounts that cannot be."""

    code = "invalid_plan"


class PlanIncomplete(InvalidInput):
    """A business plan is handed in with `fields` that are still to be written."""

    code = "plan_incomplete"


class PlanMovedOn(MarketplaceError):
    """The business plan is in a `state` in which this is not done; None where there is none."""

    code = "plan_moved_on"


class InvalidStep(InvalidInput):
    """A step of a roadmap whose `field` is empty, too long, unknown, or no day that can be."""

    code = "invalid_step"


class TooManySteps(MarketplaceError):
    """The roadmap has `most` steps already."""

    code = "too_many_steps"
