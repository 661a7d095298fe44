"""The pages of this door, one module per feature; importing this package puts them on the door."""

from marketplace.office import door
from marketplace.office.views import (  # noqa: F401
    bank,
    board,
    change_requests,
    complaints,
    council_minutes,
    council_scoring,
    council_sessions,
    councils,
    decisions,
    dossiers,
    dossiers_advice,
    dossiers_commune,
    dossiers_evidence,
    dossiers_province,
    giving_back,
    holidays,
    idea_lists,
    idea_plans,
    ideas,
    listings,
    money,
    people,
    plan_books,
    plans,
    recalls,
    reports,
    resets,
    results,
    rounds,
    scan_alerts,
    tasks,
    voices,
)

__all__ = ["door"]
