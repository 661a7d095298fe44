"""Puts settings, database, domains and doors together."""

from flask import Flask
from flask_migrate import Migrate

import marketplace.certification.models
import marketplace.jobs
import marketplace.ordering.models
import marketplace.sales_points.models  # noqa: F401
from marketplace.database import configure_engine, db
from marketplace.settings import PROJECT, Settings, read_settings

migrate = Migrate()


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; without settings, read them from the environment.

    Raises SettingsError naming every setting that is missing or ill-typed.
    """
    settings = settings or read_settings()
    app = Flask("marketplace", template_folder=PROJECT / "templates", static_folder=PROJECT / "static")
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=1_000_000,
    )
    app.extensions["settings"] = settings
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    migrate.init_app(app, db, directory=str(PROJECT / "marketplace" / "migrations"))
    return app
