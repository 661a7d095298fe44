"""The page of a decision read off its paper: what a machine found, and what the reader may do with it."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.authorities import issuer_of
from marketplace.certification.decisions.circumstances import circumstances_of
from marketplace.certification.decisions.paper_checks import refuse_repeated, require_no_member
from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.certification.errors import AlreadyAwarded, MemberCannotAward
from marketplace.certification.validity import last_day
from marketplace.office.listing_checks import Check
from marketplace.web.words import gettext as _


def check_paper(session: Session, actor: Actor, paper: PaperDecision) -> list[Check]:
    """Return what was found of a draft, its awards and unit loaded."""
    products = [award.product for award in paper.awards]
    return [
        _authority(paper),
        _repeated(session, paper, products),
        _involved(session, actor, products),
        _newer(paper, products),
    ]


def authority_of(paper: PaperDecision) -> str:
    """Return who issued the decision, by its number or the rules of its day; nothing where that is unsure."""
    stars = max((award.stars for award in paper.awards if award.stars), default=None)
    if stars is None or paper.decided_on is None:
        return ""
    facts = circumstances_of(stars, paper.decided_on, paper.unit, [award.product for award in paper.awards])
    return issuer_of(paper.number or "", facts).name or ""


def valid_until(paper: PaperDecision) -> date | None:
    """Return the last day of the certificates that follow."""
    return last_day(paper.decided_on, None)


def _authority(paper: PaperDecision) -> Check:
    name = authority_of(paper)
    return Check("ok", _("Cơ quan công nhận: %(name)s", name=name) if name else _("Hạng sao cùng một cấp"))


def _repeated(session: Session, paper: PaperDecision, products: list[Product]) -> Check:
    try:
        if paper.number is not None and paper.decided_on is not None:
            refuse_repeated(session, paper.number, paper.decided_on, products)
    except AlreadyAwarded as refusal:
        return Check("bad", _("%(name)s đã có giấy theo quyết định này", name=refusal.parameters["name"]))
    return Check("ok", _("Chưa sản phẩm nào có giấy theo quyết định này"))


def _involved(session: Session, actor: Actor, products: list[Product]) -> Check:
    try:
        require_no_member(session, actor, products)
    except MemberCannotAward:
        return Check("bad", _("Bạn là thành viên của một chủ thể trong quyết định"))
    return Check("ok", _("Bạn không là thành viên của chủ thể nào trong quyết định"))


def _newer(paper: PaperDecision, products: list[Product]) -> Check:
    """Tell of products whose present certificate ends later: then it was issued later and stays."""
    until = valid_until(paper)
    kept = [one.name for one in products if one.certified_until and until and one.certified_until > until]
    if kept:
        return Check("warn", _("%(names)s có giấy mới hơn: sao vẫn theo giấy mới", names=", ".join(kept)))
    return Check("ok", _("Không giấy nào mới hơn quyết định này"))
