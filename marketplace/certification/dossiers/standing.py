"""How a dossier stands now: which stars it would reach, what raises it, what is still to be added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.certification.dossiers.evidence_models import EvidenceFile, OwnPage
from marketplace.certification.dossiers.missing import Missing, MissingKind
from marketplace.certification.dossiers.models import Dossier, DossierKind, SelfReport
from marketplace.certification.dossiers.own_pages import own_pages
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.sheet_models import SheetLevel, SheetRow
from marketplace.certification.dossiers.sheets import find_sheet, read_sheet, rubric_of
from marketplace.certification.models import Authority
from marketplace.certification.rubrics.next_star import NextStar, next_star
from marketplace.certification.rubrics.rubric import Criterion
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.certification.rubrics.stars import Verdict, judge
from marketplace.database import db

ALWAYS = ("representative", "title", "phone", "licence", "workers", "local_workers")
DESCRIBED = ("materials", "technology", "quality", "market", "plan")
AGAIN = ("changes", "revenue", "profit")
"""What forms 01 and 02 ask: who the producer is, how the product is made, and what changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A dossier by its producer's own sheet on a day; `run_out` is evidence laid to it and good no more.

    `evidence` is what is laid to each criterion, `lacking` the criteria that need some and have none good.
    """

    row: SheetRow | None
    sheet: ScoreSheet
    verdict: Verdict
    next_star: NextStar | None
    evidence: Mapping[str, tuple[EvidenceFile, ...]]
    lacking: tuple[Criterion, ...]
    run_out: tuple[EvidenceFile, ...]
    facts_missing: tuple[str, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return all that has to be there before it is handed in."""
        return (
            *(Missing(MissingKind.CHOICE, leaf.code) for leaf in self.sheet.unscored),
            *(Missing(MissingKind.EVIDENCE, leaf.code) for leaf in self.lacking),
            *(Missing(MissingKind.FACT, name) for name in self.facts_missing),
        )


def standing_of(dossier: Dossier, day: date) -> Standing:
    """Return how a dossier stands on a day; its product and its report are loaded with it."""
    row = find_sheet(db.session(), dossier.id, SheetLevel.SELF)
    sheet = read_sheet(row, rubric_of(dossier))
    uses = list_uses(dossier.id)
    pages = own_pages(dossier.product)
    good = {use.criterion for use in uses if is_good(use.evidence, day, pages)}
    stale = {use.evidence_id: use.evidence for use in uses if not is_good(use.evidence, day, pages)}
    laid: dict[str, tuple[EvidenceFile, ...]] = {}
    for use in uses:
        laid[use.criterion] = (*laid.get(use.criterion, ()), use.evidence)
    return Standing(
        row=row,
        sheet=sheet,
        verdict=judge(sheet, Authority.PROVINCE),
        next_star=next_star(sheet, Authority.PROVINCE),
        evidence=laid,
        lacking=tuple(leaf for leaf in needing_evidence(sheet) if leaf.code not in good),
        run_out=tuple(stale.values()),
        facts_missing=missing_facts(dossier.kind, dossier.report),
    )


def needing_evidence(sheet: ScoreSheet) -> Sequence[Criterion]:
    """Return the criteria with star marks at which points are claimed."""
    marked = (leaf for leaf in sheet.rubric.leaves() if any(option.gate for option in leaf.options))
    return [leaf for leaf in marked if sheet.points_at(leaf)]


def is_good(evidence: EvidenceFile, day: date, pages: frozenset[OwnPage]) -> bool:
    """Return whether a piece counts on a day: not run out, and its page, if it is one, still there."""
    if evidence.own_page is not None:
        return evidence.own_page in pages
    return evidence.valid_until is None or day <= evidence.valid_until


def missing_facts(kind: DossierKind, report: SelfReport | None) -> tuple[str, ...]:
    """Return the fields of forms 01 and 02 that are still to be written."""
    asked = ALWAYS + DESCRIBED + (() if kind is DossierKind.FIRST else AGAIN)
    return tuple(name for name in asked if report is None or getattr(report, name) in (None, ""))
