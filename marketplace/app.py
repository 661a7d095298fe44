"""Puts settings, database, domains and doors together."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import marketplace.accounts.attempts
import marketplace.accounts.consent
import marketplace.accounts.journal
import marketplace.accounts.models
import marketplace.accounts.own_data
import marketplace.catalogue.change_requests
import marketplace.certification.councils.models
import marketplace.certification.councils.own_data
import marketplace.certification.dossiers.evidence_models
import marketplace.certification.dossiers.models
import marketplace.certification.dossiers.own_data
import marketplace.certification.dossiers.sheet_models
import marketplace.certification.ideas.models
import marketplace.certification.ideas.own_data
import marketplace.certification.models
import marketplace.certification.oversight.models
import marketplace.certification.oversight.own_data
import marketplace.jobs
import marketplace.media.models
import marketplace.ordering.after_sale_models
import marketplace.ordering.complaint_models
import marketplace.ordering.lot_models
import marketplace.ordering.models
import marketplace.ordering.own_data
import marketplace.ordering.restock_wishes
import marketplace.payments.ledger_models
import marketplace.payments.models
import marketplace.payments.own_data
import marketplace.programme.asset_models
import marketplace.programme.fact_models
import marketplace.programme.models
import marketplace.reviews.models
import marketplace.reviews.own_data
import marketplace.traceability.codes.models
import marketplace.traceability.epcis.models
import marketplace.traceability.events.models
import marketplace.traceability.own_data
import marketplace.traceability.recalls.models
import marketplace.traceability.scans.models  # noqa: F401
from marketplace import letters, storefront
from marketplace.accounts import placement
from marketplace.accounts.roles import ScopeKind
from marketplace.api import views as api
from marketplace.certification.chain import writing as chain
from marketplace.certification.councils.queries import units_of_council
from marketplace.cli import commands
from marketplace.database import configure_engine, db
from marketplace.media import store as media_store
from marketplace.office import views as office
from marketplace.ordering import secret
from marketplace.ordering.models import PaymentMethod
from marketplace.payments import terms as pay_terms
from marketplace.payments.gateway import gateways
from marketplace.payments.stripe import open_gateway
from marketplace.producers.models import Producer
from marketplace.sales_points.models import SalesPoint
from marketplace.scan import views as scan
from marketplace.search import engine as search_engine
from marketplace.search import following
from marketplace.settings import PROJECT, Settings, read_settings
from marketplace.signin import views as signin
from marketplace.storefront.views import machines
from marketplace.traceability.codes import former
from marketplace.web import (
    assets,
    doorkeeping,
    filters,
    guards,
    headers,
    language,
    pictures,
    problems,
    words,
)
from marketplace.web.kept_pages import KeptPages
from marketplace.workspace import views as workspace

migrate = Migrate()

CONNECTIONS = 10
"""To the database, kept open by a process: one for each thread of the web server, and some to spare."""


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; without settings, read them from the environment.

    Raises SettingsError naming every setting that is missing or ill-typed, and UnguardedView for a
    view that does not say who may call it.
    """
    settings = settings or read_settings()
    app = Flask("marketplace", template_folder=str(PROJECT / "templates"), static_folder=None)
    app.config.from_mapping(_configuration(settings))
    app.cli = commands
    app.extensions["settings"] = settings
    app.extensions["kept_pages"] = KeptPages()
    app.extensions["release"] = assets.release_of(
        settings, PROJECT / "marketplace", PROJECT / "templates", PROJECT / "static"
    )
    _prepare_database(app, settings)
    _take_cards(settings)
    _prepare_pages(app, settings)
    _open_doors(app)
    guards.require_guards(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "pool_size": CONNECTIONS},
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 200_000,
        "MAX_FORM_PARTS": 200,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BABEL_TRANSLATION_DIRECTORIES": str(PROJECT / "marketplace" / "web" / "translations"),
        "SESSION_COOKIE_NAME": "__Host-visit" if settings.secure else "visit",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _prepare_database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
        search_engine.configure(db.engine, settings.search_index)
        media_store.configure(db.engine, settings.media, settings.media_url)
        pay_terms.configure(db.engine, _pay_terms(settings))
    secret.configure(settings.secret_key)
    following.follow()
    former.follow_codes()
    chain.follow_register()
    placement.place_scopes(ScopeKind.PRODUCER, placement.located(Producer))
    placement.place_scopes(ScopeKind.SALES_POINT, placement.located(SalesPoint))
    placement.place_scopes(ScopeKind.COUNCIL, units_of_council)
    migrate.init_app(app, db, directory=str(PROJECT / "marketplace" / "migrations"))


def _take_cards(settings: Settings) -> None:
    """Have cards paid by Stripe where there is a key for it, and not offered where there is none."""
    gateways.pop(PaymentMethod.CARD, None)
    if settings.card.secret_key:
        gateways[PaymentMethod.CARD] = open_gateway(settings.card.secret_key, settings.card.api_base)


def _pay_terms(settings: Settings) -> pay_terms.PayTerms:
    told = settings.payout
    return pay_terms.PayTerms(
        withheld_rate=told.withheld_tax_rate,
        payout_every_days=told.every_days,
        payout_minimum=told.minimum,
    )


def _prepare_pages(app: Flask, settings: Settings) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    Babel(app, locale_selector=language.current_language)
    words.install_words(app)
    CSRFProtect(app)
    filters.register_filters(app)
    problems.register_problems(app)
    pictures.show_pictures(app)
    app.before_request(guards.refuse_foreign_origins)
    app.before_request(guards.refuse_nul)
    doorkeeping.keep_doors(app)
    app.after_request(headers.add_security_headers)
    app.add_url_rule("/static/<path:filename>", "static", assets.serve_asset)
    app.context_processor(lambda: {"settings": settings, "language": language.current_language()})
    app.wsgi_app = language.LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]


def _open_doors(app: Flask) -> None:
    """Register the doors' blueprints."""
    for door in (
        storefront.door,
        scan.door,
        machines.door,
        signin.door,
        letters.door,
        workspace.door,
        office.door,
        api.door,
    ):
        app.register_blueprint(door)
