"""The legal form of a producer, from the type a source prints, else from the name itself."""

from marketplace import text
from marketplace.producers.matching import spelled_out
from marketplace.producers.models import LegalForm

_TYPES = {
    "doanh nghiep": LegalForm.ENTERPRISE,
    "cong ty": LegalForm.ENTERPRISE,
    "cong ty tnhh": LegalForm.ENTERPRISE,
    "cong ty co phan": LegalForm.ENTERPRISE,
    "doanh nghiep tu nhan": LegalForm.ENTERPRISE,
    "doanh nghiep nho va vua": LegalForm.ENTERPRISE,
    "hop tac xa": LegalForm.COOPERATIVE,
    "htx": LegalForm.COOPERATIVE,
    "to hop tac": LegalForm.COOPERATIVE_GROUP,
    "tht": LegalForm.COOPERATIVE_GROUP,
    "trang trai": LegalForm.FARM,
    "ho kinh doanh": LegalForm.HOUSEHOLD,
    "hkd": LegalForm.HOUSEHOLD,
    "ho san xuat": LegalForm.HOUSEHOLD,
    "ho gia dinh": LegalForm.HOUSEHOLD,
    "ho san xuat kinh doanh": LegalForm.HOUSEHOLD,
    "co so san xuat": LegalForm.WORKSHOP,
    "co so": LegalForm.WORKSHOP,
    "hoi": LegalForm.ASSOCIATION,
    "hiep hoi": LegalForm.ASSOCIATION,
}
_BEGINNINGS = (
    ("cong ty", LegalForm.ENTERPRISE),
    ("chi nhanh cong ty", LegalForm.ENTERPRISE),
    ("doanh nghiep", LegalForm.ENTERPRISE),
    ("hop tac xa", LegalForm.COOPERATIVE),
    ("lien hiep hop tac xa", LegalForm.COOPERATIVE),
    ("to hop tac", LegalForm.COOPERATIVE_GROUP),
    ("trang trai", LegalForm.FARM),
    ("ho ", LegalForm.HOUSEHOLD),
    ("co so", LegalForm.WORKSHOP),
    ("hiep hoi", LegalForm.ASSOCIATION),
    ("hoi ", LegalForm.ASSOCIATION),
)


def form_of_type(printed: str) -> LegalForm | None:
    """Return the legal form that a source's word for it means, None for words we do not know."""
    return _TYPES.get(text.fold(printed))


def form_of_name(name: str) -> LegalForm | None:
    """Return the legal form that a name begins with, None for names of persons and brands.

    The accents count for the short words: the family name Hồ is neither hộ nor hội.
    """
    spelled = spelled_out(name)
    folded = text.fold(spelled)
    for beginning, form in _BEGINNINGS:
        if not folded.startswith(beginning):
            continue
        if beginning.strip() not in {"ho", "hoi"}:
            return form
        if spelled.startswith(("hộ ", "hội ")):
            return form
    return None
