"""Which group and set a row's product belongs to, and on whose word."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.classification import group_slug_of, reviewed_sets
from marketplace.catalogue.models import ClassifiedBy, ProductGroup, ProductSet
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.importing.product_rows import ProductRow
from marketplace.upkeep.importing.set_words import ALCOHOL, ALCOHOL_SETS, infer_set, speaks_of_alcohol


@dataclass(frozen=True, slots=True)
class Verdict:
    """A product's place in annex I; the group is the source's where it names one."""

    group_id: int | None
    set_id: int | None
    by: ClassifiedBy | None


class Classifier:
    """Decides from the source's group, our reviewed mapping, and at last the words of the name.

    The source's group beats ours. A name that speaks of alcohol is put into an alcohol set
    whatever the group, so that its sale always asks for age.
    """

    def __init__(self, session: Session) -> None:
        self._groups = {group.slug: group for group in session.scalars(sa.select(ProductGroup))}
        self._sets = {kept.number: kept for kept in session.scalars(sa.select(ProductSet))}

    def classify(self, row: ProductRow, say: Speaker) -> Verdict:
        """Return where a row's product belongs."""
        stated = self._stated_group(row, say)
        reviewed = self._sets.get(reviewed_sets().get(row.external_id, 0))
        chosen = reviewed or self._inferred(row.name)
        if stated is not None:
            return Verdict(stated.id, self._set_within(stated, chosen, row.name, say), ClassifiedBy.SOURCE)
        if reviewed is not None:
            return Verdict(reviewed.group_id, reviewed.id, ClassifiedBy.OURS)
        if chosen is not None:
            return Verdict(chosen.group_id, chosen.id, ClassifiedBy.INFERRED)
        guessed = self._groups.get(group_slug_of(row.group_inferred or "") or "")
        return Verdict(guessed.id, None, ClassifiedBy.INFERRED) if guessed else Verdict(None, None, None)

    def _stated_group(self, row: ProductRow, say: Speaker) -> ProductGroup | None:
        if row.group is None:
            return None
        group = self._groups.get(group_slug_of(row.group) or "")
        if group is None:
            say.doubt("group", f"«{row.group[:60]}» không phải nhóm sản phẩm nào đã biết; bỏ qua")
        return group

    def _inferred(self, name: str) -> ProductSet | None:
        return self._sets.get(infer_set(name) or 0)

    def _set_within(
        self, group: ProductGroup, chosen: ProductSet | None, name: str, say: Speaker
    ) -> int | None:
        if chosen is not None and chosen.group_id == group.id:
            return chosen.id
        if not speaks_of_alcohol(name):
            return None
        say.doubt(
            "group", f"nguồn ghi nhóm «{group.name}» nhưng tên gọi là đồ uống có cồn; bán phải hỏi tuổi"
        )
        strict = chosen if chosen is not None and chosen.number in ALCOHOL_SETS else self._sets[ALCOHOL]
        return strict.id
