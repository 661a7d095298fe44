"""The list of routes: `python -m tests.architecture.routes` writes it anew, for a reviewer to read."""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask

from marketplace.app import create_app
from marketplace.web.guards import SAFE_METHODS, guard_of
from tests.environment.application import make_settings

STORED = Path(__file__).with_name("routes.json")


def list_routes(app: Flask) -> list[dict[str, Any]]:
    """Return every route with its methods, its guard and whether it may write, sorted."""
    rows = []
    for rule in app.url_map.iter_rules():
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        rows.append(
            {
                "rule": rule.rule,
                "methods": methods,
                "endpoint": rule.endpoint,
                "guard": guard_of(app.view_functions[rule.endpoint]),
                "writes": not set(methods) <= SAFE_METHODS,
            }
        )
    return sorted(rows, key=lambda row: (row["rule"], row["methods"]))


def main() -> None:
    """Write the list of the application as it is."""
    with tempfile.TemporaryDirectory() as name:
        app = create_app(make_settings(f"sqlite:///{name}/routes.db", Path(name)))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in list_routes(app))
    STORED.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
