"""What this resolver says of itself to other resolvers."""

from flask import Response, current_app, jsonify

from marketplace.scan import door
from marketplace.settings import Settings
from marketplace.traceability.codes.link_types import PREFIX, VOCABULARY
from marketplace.web.guards import Guard, guarded


@door.get("/.well-known/gs1resolver")
@guarded(Guard.MACHINE)
def resolver_description() -> Response:
    """Say which GS1 Digital Links this site answers: those of goods and of places."""
    settings: Settings = current_app.extensions["settings"]
    response = jsonify(
        name=settings.site_name,
        resolverRoot=settings.site_url,
        supportedPrimaryKeys=["01", "414"],
        supportedLinkType=[{"namespace": VOCABULARY, "prefix": PREFIX}],
        linkTypeDefaultCanBeLinkset=False,
        jsonLdContextLocation="https://ref.gs1.org/standards/resolver/linkset-context",
        contact={"fn": settings.owner.name, "hasEmail": f"mailto:{settings.owner.email}"},
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
