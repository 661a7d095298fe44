"""What forms 01 and 02 of a dossier print; templates/components/dossier_forms.html lays them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceKind, OwnPage
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.office_deeds import FEWEST_SAMPLES, TOURISM
from marketplace.certification.dossiers.standing import Standing
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.certification.rubrics.stars import Verdict
from marketplace.producers.models import LegalForm, Producer
from marketplace.traceability.codes.trace_code import TraceCode

LEGAL_FORMS = {
    LegalForm.COOPERATIVE: "Hợp tác xã",
    LegalForm.COOPERATIVE_GROUP: "Tổ hợp tác",
    LegalForm.ENTERPRISE: "Doanh nghiệp",
    LegalForm.FARM: "Trang trại",
    LegalForm.HOUSEHOLD: "Hộ kinh doanh",
    LegalForm.WORKSHOP: "Cơ sở sản xuất",
    LegalForm.ASSOCIATION: "Hội, hiệp hội",
}
"""Forms are papers of Vietnamese authorities: their words are not translated."""


IP_BOXES = {
    EvidenceKind.TRADEMARK: "Giấy chứng nhận đăng ký nhãn hiệu",
    EvidenceKind.SHARED_MARK: "Văn bản ghi nhận quyền sử dụng chỉ dẫn địa lý, nhãn hiệu tập thể, "
    "nhãn hiệu chứng nhận",
    EvidenceKind.PATENT: "Bằng sáng chế",
    EvidenceKind.DESIGN: "Bằng độc quyền kiểu dáng công nghiệp",
    EvidenceKind.COPYRIGHT: "Giấy chứng nhận bản quyền tác giả",
    EvidenceKind.IP_RIGHT: "Khác (ghi rõ)",
}
"""The boxes of form 02 under "d) Đã có đăng ký sở hữu trí tuệ", in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaper:
    """A dossier as its forms print it; `day` is that on which it was handed in, None for a draft."""

    dossier: Dossier
    producer: Producer
    standing: Standing
    year: int

    @property
    def sheet(self) -> ScoreSheet:
        """Return the producer's own sheet."""
        return self.standing.sheet

    @property
    def rubric(self) -> Rubric:
        """Return the rubric that it is scored by."""
        return self.standing.sheet.rubric

    @property
    def verdict(self) -> Verdict:
        """Return what the producer's own sheet comes to."""
        return self.standing.verdict

    @property
    def day(self) -> date | None:
        """Return the day on which the dossier was handed in, in Vietnam."""
        submitted = self.dossier.submitted_at
        return clock.local_date(submitted) if submitted else None

    @property
    def reached_province(self) -> datetime | None:
        """Return when the dossier first came to the province."""
        forwarded = (step.at for step in self.dossier.steps if step.state is DossierState.FORWARDED)
        return next(forwarded, None)

    @property
    def samples(self) -> int:
        """Return how many samples go with it: those brought, or else those asked for."""
        return self.dossier.samples or samples_of(self.dossier)

    @property
    def legal_form(self) -> str:
        """Return what the producer is before the law."""
        form = self.producer.legal_form
        return LEGAL_FORMS[form] if form else ""

    @property
    def pieces(self) -> tuple[EvidenceFile, ...]:
        """Return every piece of evidence once, in the order of the criteria."""
        laid = (piece for leaf in self.rubric.leaves() for piece in self._at(leaf.code))
        return tuple({piece.id: piece for piece in laid}.values())

    @property
    def annexes(self) -> Mapping[str, list[tuple[int, EvidenceFile]]]:
        """Return the pieces at each criterion with their numbers in the annex."""
        numbers = {piece.id: number for number, piece in enumerate(self.pieces, start=1)}
        laid = self.standing.evidence
        return {code: [(numbers[piece.id], piece) for piece in laid[code]] for code in laid}

    @property
    def evidence_kinds(self) -> frozenset[EvidenceKind]:
        """Return which kinds of evidence there are."""
        return frozenset(piece.kind for piece in self.pieces)

    @property
    def ip_boxes(self) -> list[tuple[str, bool]]:
        """Return the boxes of form 02 for intellectual property, each with whether it is ticked."""
        return [(words, kind in self.evidence_kinds) for kind, words in IP_BOXES.items()]

    @property
    def other_rights(self) -> list[str]:
        """Return what there is of intellectual property that has no box of its own."""
        return [piece.title for piece in self.pieces if piece.kind is EvidenceKind.IP_RIGHT]

    @property
    def notes(self) -> Mapping[str, str]:
        """Return the words beside the choices."""
        row = self.standing.row
        return {one.criterion: one.words for one in row.choices if one.words} if row else {}

    @property
    def own_paths(self) -> Mapping[OwnPage, str]:
        """Return the addresses of the pages of this market that are evidence."""
        return own_paths(self.dossier.product)

    def _at(self, code: str) -> tuple[EvidenceFile, ...]:
        return self.standing.evidence.get(code, ())


def samples_of(dossier: Dossier) -> int:
    """Return how many samples a dossier asks for, 0 for services of tourism."""
    return 0 if dossier.set_number == TOURISM else FEWEST_SAMPLES


def own_paths(product: Product) -> dict[OwnPage, str]:
    """Return where each page of a product on this market is, whether or not it is there."""
    token = None if product.gtin else product.trace_token
    page = f"/san-pham/{product.slug}"
    return {
        OwnPage.TRACE: TraceCode(gtin=product.gtin, token=token).path,
        OwnPage.STORY: f"{page}#cau-chuyen",
        OwnPage.STALL: page,
    }


def paper_of(dossier: Dossier, producer: Producer, standing: Standing) -> DossierPaper:
    """Return a dossier as its forms print it."""
    opened = clock.local_date(dossier.submitted_at or dossier.created_at)
    return DossierPaper(dossier=dossier, producer=producer, standing=standing, year=opened.year)
