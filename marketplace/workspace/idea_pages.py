"""The page of one idea: what the commune said, and what comes next."""

from flask import Response

from marketplace import clock
from marketplace.catalogue.own_products import list_own_products
from marketplace.certification.ideas.models import IdeaState
from marketplace.certification.ideas.queries import get_own_idea, whole_idea
from marketplace.certification.ideas.roadmap import rubric_of_set
from marketplace.certification.ideas.slips import slip_code
from marketplace.certification.ideas.states import MOVES
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.web.idea_words import IDEA_CHECKS, IDEA_STATES, IDEA_TEXTS, PLAN_STATES
from marketplace.workspace.answers import Faults, page


def idea_page(producer: Producer, idea_id: int, faults: Faults = (), status: int = 0) -> Response:
    """Return the page of an idea of a producer; raises NotFound for somebody else's."""
    session = db.session()
    idea = get_own_idea(session, idea_id, producer.id, *whole_idea())
    unnamed = idea.state is IdeaState.ACCEPTED and idea.product_id is None
    return page(
        "idea",
        producer,
        faults=faults,
        status=status,
        idea=idea,
        code=slip_code(idea),
        rubric=rubric_of_set(idea.set_number),
        own_products=list_own_products(session, producer.id) if unnamed else [],
        may_withdraw=IdeaState.WITHDRAWN in MOVES[idea.state],
        states=IDEA_STATES,
        plan_states=PLAN_STATES,
        checks=IDEA_CHECKS,
        texts=IDEA_TEXTS,
        day=clock.today(),
    )
