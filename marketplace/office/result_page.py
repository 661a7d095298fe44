"""The page of a draft from results: what a machine found, what it replaces, and how it will be printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.councils.models import Council, CouncilSession
from marketplace.certification.decisions.drafts import require_no_part
from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.certification.decisions.result_checks import Checked, Found, check_results
from marketplace.certification.decisions.results import result_of
from marketplace.certification.dossiers.errors import InConflict
from marketplace.certification.errors import MemberCannotAward
from marketplace.certification.regulations import shipped_rules
from marketplace.office.listing_checks import Check
from marketplace.office.tenancy import Reach
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on: the session whose minutes it follows, its council, and the regulations."""

    session: CouncilSession | None
    council: Council | None
    rules: Sequence[str]


def basis_of(paper: PaperDecision) -> Basis:
    """Return what a draft rests on, its session and the dossiers of its awards loaded."""
    codes = {award.dossier.regulation for award in paper.awards if award.dossier}
    titles = [rules.title for rules in shipped_rules() if rules.code in codes]
    return Basis(paper.session, paper.session.council if paper.session else None, titles)


def check_draft(work: Session, actor: Actor, paper: PaperDecision) -> list[Check]:
    """Return what was found of a draft from results, in words; its dossiers are loaded with products."""
    dossiers = [award.dossier for award in paper.awards if award.dossier]
    results = [result for dossier in dossiers if (result := result_of(dossier))]
    found = [_words(one) for one in check_results(work, paper, results)]
    if Reach.of(actor).own_producers & {dossier.producer_id for dossier in dossiers}:
        return [*found, Check("bad", _("Bạn là thành viên của một chủ thể trong quyết định"))]
    return [*found, Check("ok", _("Bạn không là thành viên của chủ thể nào trong quyết định"))]


def bar_to(work: Session, actor: Actor, paper: PaperDecision) -> str:
    """Return why the actor neither confirms a draft nor sends it back, in words; nothing where they may."""
    try:
        require_no_part(work, actor, paper, [award.product for award in paper.awards])
    except (MemberCannotAward, InConflict) as refusal:
        return explain(refusal)
    return ""


def replaced_by(paper: PaperDecision, day: date) -> list[tuple[Product, int]]:
    """Return the products with stars on a day, in whose certificate's place the decision's comes."""
    products = [award.product for award in paper.awards if award.stars]
    return [(product, stars) for product in products if (stars := product.live_stars(day))]


def _words(found: Found) -> Check:
    kind = "ok" if found.fine else "bad" if found.stops else "warn"
    names = ", ".join(found.names)
    if found.what is Checked.MINUTES:
        return Check(kind, _minutes(found))
    if found.fine:
        return Check(kind, _fine()[found.what])
    return Check(kind, _not_fine(names)[found.what])


def _minutes(found: Found) -> str:
    if found.stops:
        return _("Phiên chưa có biên bản")
    return _("Biên bản có %(count)s trên %(most)s chữ ký", count=found.count, most=found.most)


def _fine() -> dict[Checked, str]:
    return {
        Checked.POINTS: _("Điểm khớp kết quả đã chấm"),
        Checked.STARS: _("Hạng là mức thấp hơn của điểm và mốc"),
        Checked.PRODUCERS: _("Sản phẩm vẫn của chủ thể đã nộp hồ sơ"),
        Checked.CERTIFICATES: _("Không trùng giấy chứng nhận cũ"),
    }


def _not_fine(names: str) -> dict[Checked, str]:
    return {
        Checked.POINTS: _("%(names)s: điểm khác kết quả đã chấm", names=names),
        Checked.STARS: _("%(names)s: hạng không phải mức thấp hơn của điểm và mốc", names=names),
        Checked.PRODUCERS: _("%(names)s: không còn của chủ thể đã nộp, hoặc đã rút khỏi sổ", names=names),
        Checked.CERTIFICATES: _("%(names)s: nộp lần đầu mà sổ đã có giấy", names=names),
    }
