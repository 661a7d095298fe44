"""What each metric counts: the rows behind a figure, which the page counts and the drill-down lists."""

from collections.abc import Callable

from marketplace.programme.metrics import cycle, deeds, points, producers, products
from marketplace.programme.metrics.ground import Ground, Rows, Subject
from marketplace.programme.models import Metric, Target

Query = Callable[[Ground, Target], Rows]

QUERIES: dict[Metric, tuple[Subject, Query]] = {
    Metric.RECOGNISED: (Subject.PRODUCT, products.recognised),
    Metric.FIRST_RECOGNISED: (Subject.PRODUCT, products.first_recognised),
    Metric.RENEWED: (Subject.PRODUCT, products.renewed),
    Metric.KEPT: (Subject.PRODUCT, products.kept),
    Metric.ONLINE: (Subject.PRODUCT, products.online),
    Metric.FLAGSHIPS: (Subject.PRODUCT, products.flagships),
    Metric.VILLAGE_PRODUCTS: (Subject.PRODUCT, products.of_villages),
    Metric.DOSSIERS_SUPPORTED: (Subject.PRODUCT, products.with_supported_dossier),
    Metric.PRODUCERS_RANKED: (Subject.PRODUCER, producers.ranked),
    Metric.PRODUCERS_NEW: (Subject.PRODUCER, producers.new),
    Metric.PRODUCERS_SUPPORTED: (Subject.PRODUCER, producers.supported),
    Metric.PRODUCERS_TRAINED: (Subject.PRODUCER, producers.trained),
    Metric.PRODUCERS_IN_MODERN_CHANNELS: (Subject.PRODUCER, producers.in_modern_channels),
    Metric.PRODUCERS_WITH_STATISTICS: (Subject.PRODUCER, producers.with_statistics),
    Metric.POINTS: (Subject.POINT, points.standing),
    Metric.POINTS_OPENED: (Subject.POINT, points.opened),
    Metric.TRADE_EVENTS: (Subject.EVENT, deeds.trade_events),
    Metric.TRAINING_SESSIONS: (Subject.SESSION, deeds.training_sessions),
    Metric.IP_RIGHTS: (Subject.RIGHT, deeds.ip_rights),
    Metric.IDEAS: (Subject.IDEA, cycle.ideas),
    Metric.POTENTIAL_IDEAS: (Subject.IDEA, cycle.potential),
    Metric.INSPECTIONS: (Subject.INSPECTION, cycle.inspections),
}

__all__ = ["QUERIES", "Ground", "Query", "Rows", "Subject", "rows_of", "subject_of"]


def subject_of(target: Target) -> Subject | None:
    """Return what a target counts, None for a row that nothing in the register shows."""
    return QUERIES[target.metric][0] if target.metric else None


def rows_of(target: Target, ground: Ground) -> Rows:
    """Return the rows behind a target that has a metric."""
    assert target.metric is not None
    return QUERIES[target.metric][1](ground, target)
