"""The public register of certificates and decisions."""

from typing import Any

from flask import Response, g, render_template, request
from flask_babel import gettext as _

from marketplace.catalogue.models import Publication
from marketplace.certification import register_book as book
from marketplace.certification.history import history_of, standing_on
from marketplace.certification.models import Certificate, Decision
from marketplace.certification.oversight.queries import list_revoked_under, revoking_decisions
from marketplace.certification.register_book import EntryFilter, EntryState
from marketplace.certification.regulations import rules_possible
from marketplace.certification.validity import state_on
from marketplace.places.models import AdminUnit
from marketplace.places.queries import list_provinces
from marketplace.storefront import door
from marketplace.storefront.query import (
    read_choice,
    read_day,
    read_number,
    read_page,
    read_province,
    read_words,
)
from marketplace.web.addresses import full_url, page_url
from marketplace.web.kept_pages import public_page
from marketplace.web.open_csv import write_csv
from marketplace.web.score_sheets import write_points

COLUMNS = (
    "code", "product", "holder", "place_printed", "province_today", "stars", "decision", "decision_date",
    "issued_on", "year", "valid_until", "extended_until", "revoked_on", "state", "regulation", "source_url",
    "url",
)  # fmt: skip


@door.get("/chung-nhan")
@public_page
def register() -> str:
    """Show a page of the register."""
    provinces = list_provinces()
    wanted, province = read_filter(provinces)
    found = book.list_entries(wanted, g.day, read_page())
    return render_template(
        "storefront/register.html",
        found=found,
        filter=wanted,
        province=province,
        day=g.day,
        state_on=state_on,
        state_choices=[
            (state.value, f"{state_name(state)} ({number})") for state, number in found.counts.items()
        ],
        star_choices=[(stars, _("%(stars)s sao", stars=stars)) for stars in (5, 4, 3)],
        year_choices=[(year, year) for year in book.list_years()],
        province_choices=[(unit.slug, unit.name) for unit in provinces],
        csv_url=page_url("/chung-nhan.csv", **query()),
        address=lambda number: page_url("/chung-nhan", **query(), trang=number if number > 1 else None),
    )


def state_name(state: EntryState) -> str:
    """Return what a state is called."""
    return str(
        {
            EntryState.ALIVE: _("Còn hiệu lực"),
            EntryState.LAPSED: _("Đã hết hạn"),
            EntryState.SUPERSEDED: _("Đã có giấy mới thay"),
            EntryState.REVOKED: _("Bị thu hồi"),
            EntryState.UNDATED: _("Không rõ ngày cấp"),
        }[state]
    )


def read_filter(provinces: list[AdminUnit]) -> tuple[EntryFilter, AdminUnit | None]:
    """Read what is looked for from the address; what is not understood counts as not asked."""
    province = read_province(provinces)
    wanted = EntryFilter(
        words=read_words(),
        state=read_choice("tt", EntryState),
        stars=read_number("sao", 3, 5),
        year=read_number("nam", 2018, 2100),
        province_ids=frozenset({province.id}) if province else None,
    )
    return wanted, province


def query() -> dict[str, Any]:
    """Return what the present address looks for, without the page."""
    return {name: request.args.get(name) for name in ("q", "tt", "sao", "nam", "tinh")}


@door.get("/chung-nhan.csv")
@public_page
def register_csv() -> Response:
    """Give the entries looked for as open data."""
    wanted, _province = read_filter(list_provinces())
    rows = (_row(entry) for entry in book.list_all_entries(wanted, g.day))
    return Response(write_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8")


def _row(entry: Certificate) -> tuple[object, ...]:
    product, decision = entry.product, entry.decision
    state = state_on(entry, g.day)
    return (
        entry.code, entry.product_name, entry.holder_name or (product.producer and product.producer.name),
        product.printed_place, product.province and product.province.name, entry.stars,
        decision and decision.number, decision and decision.decided_on, entry.issued_on, entry.year,
        entry.valid_until, entry.extended_until, entry.revoked_on, state and state.value,
        entry.regulation and entry.regulation.code, entry.source_url, full_url(f"/chung-nhan/{entry.code}"),
    )  # fmt: skip


@door.get("/chung-nhan/<code>")
@public_page
def certificate(code: str) -> str:
    """Show a certificate with its product's history, or a decision with what it gave."""
    decision = book.find_decision(code)
    if decision is not None:
        return _decision_page(decision)
    found = book.get_certificate(code)
    every = book.list_certificates_of(found.product_id)
    asked = read_day("ngay")
    return render_template(
        "storefront/certificate.html",
        certificate=found,
        state=state_on(found, g.day),
        day=g.day,
        events=history_of(every, g.day),
        candidates={
            one.id: [rules.code for rules in rules_possible(one.issued_on, one.year)] for one in every
        },
        revoking=revoking_decisions(found.product_id) if any(one.revoked_on for one in every) else {},
        asked=asked,
        then=standing_on(every, asked) if asked else None,
        on_view=found.product.publication is Publication.PUBLISHED,
        write_points=write_points,
    )


def _decision_page(decision: Decision) -> str:
    given = book.list_certificates_under(decision.id)
    return render_template(
        "storefront/decision.html",
        decision=decision,
        given=given,
        revoked=[] if given else list_revoked_under(decision.id),
        day=g.day,
        state_on=state_on,
    )
