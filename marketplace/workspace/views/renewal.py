"""The renewal radar: each certificate as a line, and what to do next."""

from flask import Response

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.radar import list_quality_ends, look_at
from marketplace.certification.renewal import next_round
from marketplace.certification.renewal_file import pieces_here
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.charts import draw_radar
from marketplace.workspace.renewal_words import OWN_PAPERS, PIECES
from marketplace.workspace.tenancy import own_producer


@door.get("/<slug>/gia-han")
@requires(Role.OWNER, Role.STAFF)
def show_renewal(slug: str) -> Response:
    """Show how far each certificate is on its way to renewal, what presses first."""
    producer, day = own_producer(slug), clock.today()
    lines = look_at(producer.id, day).lines
    quality = list_quality_ends(producer.id, day)
    return page(
        "renewal",
        producer,
        pressing=[line for line in lines if line.pressing],
        others=[line for line in lines if not line.pressing],
        drawings={line.certificate.id: draw_radar(line.renewal) for line in lines if line.renewal},
        pieces={
            line.certificate.id: pieces_here(line.product, producer, line.certificate, quality)
            for line in lines
            if line.pressing
        },
        piece_words=PIECES,
        own_papers=OWN_PAPERS,
        round=next_round(day),
        day=day,
    )
