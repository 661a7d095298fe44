"""What pages of a dossier show: how far it is, what its producer does next, and its addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from marketplace.certification.dossiers.missing import MissingKind
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.queries import get_own_dossier
from marketplace.certification.dossiers.standing import Standing, standing_of
from marketplace.certification.rubrics.rubric import Criterion
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.web.addresses import page_url
from marketplace.web.dossier_words import DOSSIER_KINDS, DOSSIER_STATES, EVIDENCE_KINDS, OWN_PAGES
from marketplace.web.language import current_language
from marketplace.web.score_sheets import Trial, try_out
from marketplace.web.words import gettext as _
from marketplace.workspace.dossier_words import NEXT_WORDS

_AT = {
    DossierState.DRAFT: 0,
    DossierState.SUBMITTED: 1,
    DossierState.RETURNED: 1,
    DossierState.FORWARDED: 2,
    DossierState.NEEDS_COMPLETION: 2,
    DossierState.ACCEPTED: 2,
    DossierState.ADVISED: 3,
    DossierState.IN_COUNCIL: 3,
}
"""How many of the five steps lie behind a dossier; all others stand at the last."""
LAST_STEP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFile:
    """A dossier of the producer's own as it stands, with its address and what its own sheet comes to."""

    dossier: Dossier
    standing: Standing
    trial: Trial
    at: str
    day: date

    @property
    def step(self) -> int:
        """Return on which of the five steps it is, counted from 0."""
        return _AT.get(self.dossier.state, LAST_STEP)

    @property
    def said(self) -> str:
        """Return what was last said with a return, a demand or a result."""
        spoken = [step.words for step in self.dossier.steps if step.words]
        return spoken[-1] if spoken and self.dossier.state is self.dossier.steps[-1].state else ""

    @property
    def next(self) -> tuple[str, str]:
        """Return the words and the address of what is to be done next while it may be changed."""
        missing = next(iter(self.standing.missing), None)
        if missing is None:
            return str(NEXT_WORDS[self.dossier.state]), f"{self.at}/nop"
        code = missing.code
        return {
            MissingKind.CHOICE: (_("Chấm tiếp nhóm %(code)s", code=group_of(code)), _group(self.at, code)),
            MissingKind.EVIDENCE: (
                _("Bổ sung minh chứng %(code)s", code=code),
                f"{self.at}/minh-chung/{code}",
            ),
            MissingKind.FACT: (_("Điền thông tin cơ sở"), f"{self.at}/thong-tin"),
        }[missing.kind]

    @property
    def words_of(self) -> Mapping[str, str]:
        """Return what each criterion is called in the language of the page."""
        language = current_language()
        return {leaf.code: getattr(leaf.words, language) for leaf in self.standing.sheet.rubric.leaves()}

    @property
    def notes(self) -> Mapping[str, str]:
        """Return the words that stand beside the choices of the producer's own sheet."""
        row = self.standing.row
        return {one.criterion: one.words or "" for one in row.choices} if row else {}


def open_file(producer: Producer, dossier_id: int, day: date) -> DossierFile:
    """Return a dossier of a producer with how it stands; raises NotFound for those of others."""
    dossier = get_own_dossier(db.session(), dossier_id, producer.id)
    standing = standing_of(dossier, day)
    return DossierFile(
        dossier=dossier,
        standing=standing,
        trial=try_out(standing.sheet),
        at=f"/gian-hang/{producer.slug}/ho-so-ocop/{dossier_id}",
        day=day,
    )


def group_of(code: str) -> str:
    """Return the group that a criterion is scored with: `2` for `2.3`."""
    return code.split(".", maxsplit=1)[0]


def _group(at: str, code: str) -> str:
    return f"{at}/cham/{group_of(code)}"


def link_to_field(at: str, criterion: Criterion) -> str:
    """Return where a criterion is scored: its group's page, at the place where it stands."""
    return f"{page_url(_group(at, criterion.code))}#c{criterion.code}"


def facts_of(file: DossierFile) -> dict[str, Any]:
    """Return what every template of a dossier is given."""
    return {
        "file": file,
        "dossier": file.dossier,
        "at": file.at,
        "link_of": partial(link_to_field, file.at),
        **WORDS,
        "day": file.day,
    }


WORDS: dict[str, Any] = {
    "states": DOSSIER_STATES,
    "kinds": DOSSIER_KINDS,
    "evidence_kinds": EVIDENCE_KINDS,
    "own_pages": OWN_PAGES,
}
"""What states, kinds and evidence are called, as the templates name them."""
