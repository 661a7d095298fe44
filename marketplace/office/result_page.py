"""The page of a draft from results: what a machine found, what it replaces, and how it will be printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.models import Council, CouncilSession
from marketplace.certification.decisions.paper_checks import require_no_member
from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.certification.decisions.result_checks import Checked, Found, check_results
from marketplace.certification.decisions.results import list_results
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.errors import MemberCannotAward
from marketplace.certification.models import Certificate
from marketplace.certification.regulations import shipped_rules
from marketplace.office.listing_checks import Check
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on: the session whose minutes it follows, its council, and the regulations."""

    session: CouncilSession | None
    council: Council | None
    rules: Sequence[str]


def basis_of(work: Session, paper: PaperDecision) -> Basis:
    """Return what a draft rests on, its awards and their dossiers loaded."""
    held = None
    if paper.session_id is not None:
        wanted = sa.select(CouncilSession).where(CouncilSession.id == paper.session_id)
        held = work.execute(wanted.options(joinedload(CouncilSession.council))).scalar_one()
    codes = {award.dossier.regulation for award in paper.awards if award.dossier}
    titles = [rules.title for rules in shipped_rules() if rules.code in codes]
    return Basis(held, held.council if held else None, titles)


def check_draft(work: Session, actor: Actor, paper: PaperDecision) -> list[Check]:
    """Return what was found of a draft from results, in words."""
    results = list_results(work, Dossier.id.in_([award.dossier_id for award in paper.awards]))
    found = [_words(one) for one in check_results(work, paper, results)]
    try:
        require_no_member(work, actor, [result.dossier.product for result in results])
    except MemberCannotAward:
        return [*found, Check("bad", _("Bạn là thành viên của một chủ thể trong quyết định"))]
    return [*found, Check("ok", _("Bạn không là thành viên của chủ thể nào trong quyết định"))]


def replaced_by(work: Session, paper: PaperDecision, day: date) -> dict[int, Certificate]:
    """Return by product the certificate of today that the decision will stand in the place of."""
    alive = sa.select(Certificate).where(
        Certificate.product_id.in_([award.product_id for award in paper.awards]),
        sa.func.coalesce(Certificate.extended_until, Certificate.valid_until) >= day,
        Certificate.revoked_on.is_(None),
        Certificate.superseded_on.is_(None),
    )
    return {one.product_id: one for one in work.execute(alive).scalars()}


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
