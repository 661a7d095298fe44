"""Forms that wait until people have proved who they are: carried by the page that asks, then offered."""

from flask import Response, flash, request
from flask_babel import gettext as _

from marketplace.accounts.tokens import hash_token
from marketplace.signin import door
from marketplace.signin.answers import page
from marketplace.web.cookies import session_token
from marketplace.web.deed_words import DEEDS
from marketplace.web.doorkeeping import take_way_ahead
from marketplace.web.kept_forms import FIELD, KeptForm, form_sent, seal, unseal


def owner_by_sign_in() -> str:
    """Return whose the forms of this sign-in are: nobody's once it has ended."""
    return f"sign-in {hash_token(session_token() or '')}"


def owner_by_person(person_id: int) -> str:
    """Return whose the forms of somebody are whose sign-in ended while they typed."""
    return f"person {person_id}"


def seal_what_was_sent(owner: str) -> str | None:
    """Return the form of this request for the pages in between, or None where it cannot be kept.

    Forms of this door hold proofs of identity; only those that are known to hold none are kept.
    """
    if request.blueprint == door.name and request.endpoint not in DEEDS:
        return None
    form = form_sent()
    return None if form is None else seal(form, owner)


def waiting_form(owner: str) -> KeptForm | None:
    """Return the form that came along with a proof of identity, if it is the owner's and still fresh."""
    return unseal(request.form.get(FIELD, ""), owner)


def offer(form: KeptForm) -> Response:
    """Show what would be sent, and a button that sends it; nothing has been done yet."""
    back = take_way_ahead("signin.show_account")
    return page("send_on", form=form, deed=DEEDS.get(form.endpoint), back_to=back)


def tell_of_loss() -> None:
    """Say on the next page that what came along with a proof is not kept any more, if anything did."""
    if FIELD in request.form:
        flash(_("Những gì đã gõ để quá lâu nên không giữ nữa. Mời bạn gõ lại."))
