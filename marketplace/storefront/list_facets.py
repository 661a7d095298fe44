"""The filters beside a list: what can be chosen, what is, and how many products each choice shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.catalogue.facets import Choice, Facets
from marketplace.catalogue.filters import State
from marketplace.catalogue.product_list import Sort
from marketplace.money import format_vnd
from marketplace.producers.models import LegalForm
from marketplace.storefront.list_places import Places
from marketplace.storefront.list_query import ListQuery
from marketplace.storefront.promises import ORDER_NAMES
from marketplace.web.words import gettext as _

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter; `stars` draws a row of stars in place of words."""

    value: str
    words: str
    count: int
    checked: bool
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A filter: the options in view and those folded away; `kind` is checkbox or radio."""

    name: str
    title: str
    options: tuple[Option, ...]
    more: tuple[Option, ...] = ()
    kind: str = "checkbox"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of prices as a link."""

    words: str
    url: str
    count: int
    chosen: bool


def legal_form_name(form: LegalForm) -> str:
    """Return what a legal form is called."""
    return {
        LegalForm.COOPERATIVE: _("Hợp tác xã"),
        LegalForm.COOPERATIVE_GROUP: _("Tổ hợp tác"),
        LegalForm.ENTERPRISE: _("Doanh nghiệp"),
        LegalForm.FARM: _("Trang trại"),
        LegalForm.HOUSEHOLD: _("Hộ kinh doanh"),
        LegalForm.WORKSHOP: _("Cơ sở sản xuất"),
        LegalForm.ASSOCIATION: _("Hội, hiệp hội"),
    }[form]


def state_name(state: State) -> str:
    """Return what is asked of certificates."""
    return {
        State.ALIVE: _("Còn hiệu lực"),
        State.LAPSED: _("Hết hạn hoặc chưa rõ"),
        State.ALL: _("Tất cả"),
    }[state]


def list_boxes(query: ListQuery, places: Places, facets: Facets, english: bool) -> list[Box]:
    """Return the filters in the order they are shown, prices apart; empty ones are left out."""
    communes = {unit.slug for unit in places.communes}
    provinces = {unit.slug for unit in places.provinces}
    boxes = [
        _stars(query, facets),
        _box("tinh", _("Tỉnh, thành phố"), _options(facets.provinces, provinces, english)),
        _box("xa", _("Xã, phường"), _options(facets.communes, communes, english)),
        _box("nhom", _("Nhóm sản phẩm"), _options(facets.groups, set(query.groups), english)),
        _box("bo", _("Bộ sản phẩm"), _options(facets.sets, set(query.sets), english)),
        _legal_forms(query, facets),
        _offered(query, facets),
        _states(query, facets),
    ]
    return [box for box in boxes if box.options]


def _stars(query: ListQuery, facets: Facets) -> Box:
    options = tuple(
        Option(str(stars), _("%(stars)s sao", stars=stars), count, stars in query.stars, stars)
        for stars, count in facets.stars.items()
    )
    hint = _("Chỉ tính giấy còn hiệu lực.")
    return Box("sao", _("Hạng sao"), options, hint=hint)


def _options(choices: Iterable[Choice], chosen: set[str], english: bool) -> list[Option]:
    """Return choices that show something or are chosen, those chosen first, then by count."""
    options = [
        Option(one.slug, _label(one.name_en if english else one.name), one.count, one.slug in chosen)
        for one in choices
        if one.count or one.slug in chosen
    ]
    return sorted(options, key=lambda option: (not option.checked, -option.count))


def _label(name: str) -> str:
    """Return a name as a label of its own: provinces without their kind, others with a capital."""
    for kind in ("tỉnh ", "thành phố "):
        name = name.removeprefix(kind)
    return name[:1].upper() + name[1:]


def _box(name: str, title: str, options: list[Option]) -> Box:
    chosen = sum(option.checked for option in options)
    shown = max(SHOWN, chosen)
    if len(options) <= shown + 1:
        return Box(name, title, tuple(options))
    return Box(name, title, tuple(options[:shown]), tuple(options[shown:]))


def _legal_forms(query: ListQuery, facets: Facets) -> Box:
    options = [
        Option(form.value, legal_form_name(form), count, form in query.legal_forms)
        for form, count in facets.legal_forms.items()
        if count or form in query.legal_forms
    ]
    return Box("chu_the", _("Loại chủ thể"), tuple(options))


def _offered(query: ListQuery, facets: Facets) -> Box:
    option = Option("1", _("Đặt mua trực tuyến"), facets.offered, query.offered)
    return Box("ban_online", _("Cách mua"), (option,))


def _states(query: ListQuery, facets: Facets) -> Box:
    options = tuple(
        Option(state.value, state_name(state), facets.states[state], query.state is state)
        for state in (State.ALL, State.ALIVE, State.LAPSED)
    )
    return Box("chung_nhan", _("Giấy chứng nhận"), options, kind="radio")


def list_sorts() -> list[tuple[str, str]]:
    """Return the orders of a list with the names under which they are explained; best match first."""
    named = [(sort.value, str(name)) for sort, name in ORDER_NAMES.items()]
    return [(Sort.RELEVANCE.value, _("Khớp nhất")), *named]


def list_bands(query: ListQuery, facets: Facets) -> list[Band]:
    """Return the ranges of prices that hold something, as links."""
    return [
        Band(
            words=price_words(band.price_from, band.price_to),
            url=query.url(price_from=band.price_from, price_to=band.price_to),
            count=band.count,
            chosen=(query.price_from, query.price_to) == (band.price_from, band.price_to),
        )
        for band in facets.price_bands
        if band.count
    ]


def price_words(price_from: int | None, price_to: int | None) -> str:
    """Return a range of prices in words; upper ends one đồng short are rounded for reading."""
    upper = price_to + 1 if price_to is not None and price_to % 1000 == 999 else price_to
    if price_from is None:
        return _("dưới %(price)s", price=format_vnd(upper or 0))
    if upper is None:
        return _("từ %(price)s", price=format_vnd(price_from))
    return _("%(low)s đến %(high)s", low=format_vnd(price_from), high=format_vnd(upper))
