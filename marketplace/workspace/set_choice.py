"""The 26 sets as forms offer them, under the names of their groups."""

from itertools import groupby

from marketplace.catalogue.models import ProductGroup, ProductSet
from marketplace.catalogue.queries import list_sets
from marketplace.web.language import current_language


def grouped_sets() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return pairs of a group's name and its sets (slug, name), in the language of the page."""
    sets = sorted(list_sets(), key=lambda one: (one.group_id, one.number))
    return [
        (_name(group), [(one.slug, _name(one)) for one in own])
        for group, own in groupby(sets, key=lambda one: one.group)
    ]


def _name(one: ProductSet | ProductGroup) -> str:
    return one.name_en if current_language() == "en" else one.name
