"""What the stage cannot make up: columns whose values hang together, and tables that are nobody's own."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from marketplace import clock
from marketplace.catalogue import tallies
from marketplace.ordering.complaint_ticket import draw_ticket

if TYPE_CHECKING:
    from tests.drills.stage import Tenant

Row = dict[str, Any]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WIDTHS = [200, 400, 800, 1200]

SHARED = frozenset(
    {
        "admin_unit", "admin_succession", "product_group", "product_set", "regulation", "decision",
        "search_generation", "register_version", "job", "attempt", "deed", "deed_head",
        "first_administrator", "register_line", "lookup_attempt", "phone_allowance", "label_key", "scan_salt",
        "public_holiday",
    }
)  # fmt: skip
"""Tables whose rows belong to no tenant."""

TALLIES = frozenset({*tallies.TABLES, "scan_tally", "scan_device", "scan_salt", "scan_alert"})
"""Tables that reading a page may write to, in batches after the answer."""


def as_made_up(tenant: "Tenant", row: Row) -> Row:
    """Leave a row as it was made up."""
    return {}


def a_totp_secret(tenant: "Tenant", row: Row) -> Row:
    """Give the buyer an authenticator app, so that no sign-in of the stage stops halfway."""
    return {"person_id": tenant.people["buyer"], "secret": SECRET, "pending_secret": SECRET}


def a_picture(tenant: "Tenant", row: Row) -> Row:
    """Give a picture a key of its own, an owner, and sizes."""
    owner = f"producer:{tenant.first('producer')}"
    return {"key": secrets.token_urlsafe(16), "owner": owner, "width": 1200, "height": 800, "sizes": WIDTHS}


def a_listing(tenant: "Tenant", row: Row) -> Row:
    """Give a listing what its state asks for; what is not on view is nobody else's business."""
    word = tenant.public if row["state"] == "live" else tenant.secret
    texts = {name: f"{word} {name}" for name in ("description", "usage_note", "storage_note")}
    declined = row["state"] == "declined"
    return {
        **texts,
        "live_since": clock.now() if row["state"] in {"live", "paused"} else None,
        "submitted_at": clock.now(),
        "answer_due_at": clock.now(),
        "decided_at": clock.now() if declined or row["state"] in {"live", "paused"} else None,
        "decline_reason": "other" if declined else None,
        "decline_words": f"{tenant.secret} decline_words" if declined else None,
    }


def a_change_request(tenant: "Tenant", row: Row) -> Row:
    """Ask for another name."""
    old = f"Cam {tenant.public.capitalize()} 1"
    changes = {"name": {"old": old, "new": f"Cam {tenant.secret}"}}
    decided = None if row["state"] == "open" else clock.now()
    return {"changes": changes, "answer_due_at": clock.now(), "decided_at": decided}


def a_report(tenant: "Tenant", row: Row) -> Row:
    """Report a product; the contact is an address."""
    if row["state"] == "open":
        return {"producer_id": None, "phone": None, "decided_by": None, "reason": None, "answer": None}
    decided = {"decided_at": clock.now(), "reason": "corrected"}
    return {"producer_id": None, "phone": None, **decided}


def a_quality_certificate(tenant: "Tenant", row: Row) -> Row:
    """Name a certificate of no known kind, and photograph the first one alone."""
    other, first = row["kind"] == "other", row["kind"] == "vietgap"
    own = {} if first else {"picture_id": None}
    return {"title": f"{tenant.public} title" if other else None, **own}


def a_former_producer(tenant: "Tenant", row: Row) -> Row:
    """Merge another producer of long ago into the tenant's."""
    return {"number": 100_000 + tenant.number}


def a_paper_decision(tenant: "Tenant", row: Row) -> Row:
    """Draft a decision read off its paper, or withdraw it; what comes from results needs real results."""
    drafted = row["kind"] == "paper"
    return {
        "kind": "paper",
        "state": "drafted" if drafted else "withdrawn",
        "unit_id": tenant.rows["admin_unit"][1][0],
        "session_id": None,
        "decided_on": clock.today(),
        "drafted_by": tenant.people["province officer"],
        "confirmed_by": None,
        "decision_id": None,
        "closed_at": None if drafted else clock.now(),
    }


def a_paper_award(tenant: "Tenant", row: Row) -> Row:
    """Give four stars, of no dossier."""
    return {"stars": 4, **dict.fromkeys(("dossier_id", "points", "product_name", "holder_name"))}


def a_revocation(tenant: "Tenant", row: Row) -> Row:
    """Draft a revocation, or give it up; one that was decided needs a real decision."""
    drafted = row["state"] == "drafted"
    return {
        "state": "drafted" if drafted else "withdrawn",
        "unit_id": tenant.rows["admin_unit"][1][0],
        "drafted_by": tenant.people["province officer"],
        "decided_by": None,
        "decision_id": None,
        "closed_at": None if drafted else clock.now(),
    }


def a_sheet_trial(tenant: "Tenant", row: Row) -> Row:
    """Let somebody else have tried a sheet, whose rows only real sheets have; and the canary one as well."""
    owner = tenant.people["owner"] if tenant.letter == "c" else 0
    return {"person_id": owner, "upload": {"words": tenant.secret}, "brought": []}


def a_review(tenant: "Tenant", row: Row) -> Row:
    """Let a review be reported, and be on view; the report is the desk's to read."""
    reported = {"shown": "reported", "reported_at": clock.now(), "report_words": tenant.secret}
    return {**reported, "replied_at": clock.now(), "hidden_because": None, "decided_by": None}


def a_question(tenant: "Tenant", row: Row) -> Row:
    """Let a question be answered and reported; whom the answer is told to is nobody's to read."""
    reported = {"shown": "reported", "reported_at": clock.now(), "report_words": tenant.secret}
    told = {"contact": f"hoi.{tenant.secret}@example.vn", "answered_at": clock.now()}
    return {**reported, **told, "hidden_because": None, "decided_by": None}


def a_seller_transfer(tenant: "Tenant", row: Row) -> Row:
    """Let an entry of the ledger add up."""
    return {"net": row["gross"] - row["commission"] - row["withheld"]}


def a_complaint(tenant: "Tenant", row: Row) -> Row:
    """Complain of an order, which has one complaint that is open at most, under a code that can be read."""
    code = {"ticket": draw_ticket(), "first_response_by": clock.now(), "resolve_by": clock.now()}
    if row["state"] == "received":
        return {**code, "answered_at": None, "closed_at": None, "closed_by": None, "closed_because": None}
    ended = {"answered_at": clock.now(), "closed_at": clock.now(), "closed_because": "explained"}
    return {**code, **ended, "state": "closed"}


def a_complaint_message(tenant: "Tenant", row: Row) -> Row:
    """Let nobody be named where the buyer speaks, and the words be seen by nobody else."""
    return {"said_by": None, "words": tenant.secret}


def a_payout_account(tenant: "Tenant", row: Row) -> Row:
    """Name a bank that there is, and an account such as it gives."""
    return {"bank_bin": "970436", "account": "0011004123456"}


def a_label_batch(tenant: "Tenant", row: Row) -> Row:
    """Print labels of goods, on a sheet that there is."""
    return {"format": "a4-24", "lot_id": tenant.first("lot"), "first_number": 1, "count": 3}


def a_label_key(tenant: "Tenant", row: Row) -> Row:
    """Sign with a key such as is drawn."""
    return {"key": secrets.token_hex(32)}


def a_recall(tenant: "Tenant", row: Row) -> Row:
    """Recall a lot, and lift it again: nothing of the stage is kept from being sold."""
    of_lot = {"scope": "lot", "lot_id": tenant.first("lot"), "product_id": None, "producer_id": None}
    return {**of_lot, "lifted_at": clock.now(), "done_at": clock.now()}


def a_serial_code(tenant: "Tenant", row: Row) -> Row:
    """Number the labels of a lot, and say when one was put to use or voided, and why."""
    void = row["state"] == "void"
    return {
        "serial": secrets.token_hex(8).upper(),
        "number": {"printed": 1, "active": 2}.get(row["state"], 3),
        "activated_at": None if row["state"] == "printed" else clock.now(),
        "voided_at": clock.now() if void else None,
        "void_reason": "lost" if void else None,
        "replaced_by_id": None,
    }


def a_programme(tenant: "Tenant", row: Row) -> Row:
    """Let a plan be the province's."""
    return {"unit_id": tenant.rows["admin_unit"][1][0]}


def a_target(tenant: "Tenant", row: Row) -> Row:
    """Let a target ask for one recognised product, or name no number where it says so."""
    asks = row["compare"] != "none"
    columns: Row = {"metric": "recognised", "spread": "whole", "parent_id": None, "fixed_base": None}
    columns |= dict.fromkeys(("star_from", "star_to", "legal_form", "point_level", "group_slug"))
    columns |= {"least": 1 if asks else None, "most": 2 if row["compare"] == "range" else None}
    return {**columns, "code": f"t-{row['kind']}"}


def in_a_plan(tenant: "Tenant", row: Row) -> Row:
    """Let a fact stand in the books of the province, or a deed be its office's."""
    return {"unit_id": tenant.rows["admin_unit"][1][0]}


def a_product_idea(tenant: "Tenant", row: Row) -> Row:
    """Hand a slip to the tenant's commune; it has a number where it was taken in."""
    answered = row["state"] in {"returned", "accepted", "declined"}
    return {
        "province_id": tenant.rows["admin_unit"][1][0],
        "year": 2026,
        "set_number": 7,
        "slip_number": 1 if row["state"] == "accepted" else None,
        "answered_at": clock.now() if answered else None,
        "answered_by": tenant.people["commune officer"] if answered else None,
    }


def a_business_plan(tenant: "Tenant", row: Row) -> Row:
    """Hand a business plan in, a draft apart."""
    return {"submitted_at": None if row["state"] == "draft" else clock.now()}


def a_council(tenant: "Tenant", row: Row) -> Row:
    """Let a council of the province be at work."""
    return {"unit_id": tenant.rows["admin_unit"][1][0], "spread_limit": 10, "ended_on": None}


def a_council_session(tenant: "Tenant", row: Row) -> Row:
    """Let a session be planned, or under way, or over."""
    times = {"planned": (None, None), "scoring": (clock.now(), None), "closed": (clock.now(), clock.now())}
    opened, closed = times[row["state"]]
    return {"number": list(times).index(row["state"]) + 1, "opened_at": opened, "closed_at": closed}


def a_score_sheet(tenant: "Tenant", row: Row) -> Row:
    """Let a member have signed a sheet that is open to nobody else yet."""
    session, member = tenant.first("council_session"), tenant.first("council_member")
    return {"level": "council", "session_id": session, "member_id": member, "signed_at": clock.now()}


GIVEN: dict[str, Callable[["Tenant", Row], Row]] = {
    "former_producer": a_former_producer,
    "totp_secret": a_totp_secret,
    "label_batch": a_label_batch,
    "label_key": a_label_key,
    "picture": a_picture,
    "listing": a_listing,
    "change_request": a_change_request,
    "report": a_report,
    "quality_certificate": a_quality_certificate,
    "paper_decision": a_paper_decision,
    "sheet_trial": a_sheet_trial,
    "review": a_review,
    "question": a_question,
    "seller_transfer": a_seller_transfer,
    "complaint": a_complaint,
    "complaint_message": a_complaint_message,
    "payout_account": a_payout_account,
    "recall": a_recall,
    "scan_alert": lambda tenant, row: {
        "product_id": None,
        "seen_at": None,
        "seen_by": None,
        "seen_count": None,
        "cleared_at": None,
        "clear_words": None,
    },
    "serial_code": a_serial_code,
    "stock_reservation": lambda tenant, row: {"latest": row["expires_at"]},
    "paper_award": a_paper_award,
    "revocation": a_revocation,
    "council_conflict": lambda tenant, row: {"dossier_id": tenant.rows["dossier"][-1][0]},
    "minutes_signature": lambda tenant, row: {"version": 1},
    "programme": a_programme,
    "product_idea": a_product_idea,
    "business_plan": a_business_plan,
    "roadmap_step": lambda tenant, row: {"idea_id": tenant.rows["product_idea"][2][0], "criterion": "1.1"},
    "council": a_council,
    "council_member": lambda tenant, row: {"person_id": tenant.people["council member"]},
    "council_session": a_council_session,
    "session_dossier": lambda tenant, row: {"outcome": None},
    "score_sheet": a_score_sheet,
    "programme_target": a_target,
    **dict.fromkeys(
        ("training_session", "trade_event", "channel_presence", "craft_village", "ip_right"), in_a_plan
    ),
    "inspection": lambda tenant, row: {"unit_id": tenant.rows["admin_unit"][0][0]},
    "authority_order": in_a_plan,
    **dict.fromkeys(("producer_year_stat", "capacity_support", "flagship_product"), in_a_plan),
}
"""By table: what a made-up row has instead, given the tenant and the row."""
TIMES = {"picture": 24, "producer_picture": 2, "product_picture": 2}
"""By table: how many rows the tenant has, where that is more than one for each state."""
