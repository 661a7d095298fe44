"""What a product's card says, shaped once so that templates only write it down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import current_app

from marketplace.catalogue.models import Product, SalePolicy, Variant
from marketplace.media import pictures
from marketplace.media.art import Subject
from marketplace.media.models import Picture
from marketplace.money import format_vnd
from marketplace.settings import LapsedProducts, Settings
from marketplace.storefront.seasons import Season
from marketplace.web.addresses import page_url
from marketplace.web.language import current_language
from marketplace.web.words import gettext as _

WIDEST_COVER = 400


@dataclass(frozen=True, slots=True)
class Tag:
    """A few words in a coloured box; `kind` is ok, warn, bad, new or nothing."""

    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """A photograph in the widths that a card has room for."""

    key: str
    width: int
    height: int
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, picture: Picture) -> "Cover":
        """Return the cover made of a kept picture: its widths up to 400, its narrowest at least."""
        small = tuple(width for width in picture.sizes if width <= WIDEST_COVER)
        return cls(picture.key, picture.width, picture.height, small or (min(picture.sizes),))


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list; `stars` are live ones or None, and `unit` is what the price buys.

    `picture` is the address of its photograph, which `cover` has in several widths, or of its print.
    """

    url: str
    picture: str
    cover: Cover | None
    name: str
    by: str
    stars: int | None
    stars_words: str
    price: str
    unit: str
    tags: tuple[Tag, ...]
    season: Season | None = None


def make_cards(products: Iterable[Product], day: date, month: int | None = None) -> list[Card]:
    """Return the cards of products on a day; with a month, those in season show their months."""
    english = current_language() == "en"
    return [make_card(product, day, english, month) for product in products]


def make_card(product: Product, day: date, english: bool = False, month: int | None = None) -> Card:
    """Return the card of a product whose producer, province, set, group and packs are loaded."""
    stars = product.live_stars(day)
    cheapest = cheapest_variant(product)
    return Card(
        url=page_url(f"/san-pham/{product.slug}"),
        picture=picture_url(product),
        cover=Cover.of(product.cover) if product.cover else None,
        name=product_name(product, english),
        by=" · ".join(part for part in (producer_name(product), place_name(product)) if part),
        stars=stars,
        stars_words=_("%(stars)s sao", stars=stars) if stars else "",
        price=format_vnd(cheapest.price) if cheapest else "",
        unit=f"/ {lower_first(cheapest.name)}" if cheapest else "",
        tags=tuple(_tags(product, day)),
        season=Season.of(product, month) if month else None,
    )


def picture_url(product: Product) -> str:
    """Return the address of a product's photograph, or of the print drawn for it, which changes with it."""
    if product.cover is not None:
        cover = Cover.of(product.cover)
        return pictures.picture_url(cover, max(cover.sizes))
    return f"/anh/{product.slug}.svg?v={subject_of(product).version}"


def subject_of(product: Product) -> Subject:
    """Return what a product's print is drawn from."""
    number = product.set.number if product.set else None
    group = product.group.slug if product.group else None
    return Subject(product.slug, product.name, number, group)


def product_name(product: Product, english: bool) -> str:
    """Return the product's name in the page's language, in Vietnamese where it has no English one."""
    return (product.name_en if english else None) or product.name


def producer_name(product: Product) -> str:
    """Return the producer's name, or nothing when no source names one."""
    return product.producer.name if product.producer else ""


def place_name(product: Product) -> str:
    """Return today's province, or the printed one where today's is unsure."""
    return product.province.name if product.province else product.printed_province or ""


def cheapest_variant(product: Product) -> Variant | None:
    """Return the pack with the lowest price, None when nothing is offered."""
    return min(product.variants, key=lambda variant: variant.price, default=None)


def lower_first(words: str) -> str:
    """Return words as they stand inside a sentence: `Túi 1 kg` is `túi 1 kg`."""
    return words[:1].lower() + words[1:]


def for_sale(product: Product, day: date) -> bool:
    """Say whether a product can be ordered on a day, stock apart."""
    settings: Settings = current_app.extensions["settings"]
    alive = product.certified_until is not None and product.certified_until >= day
    return product.offered and (alive or settings.lapsed_products is LapsedProducts.SELL)


def lapse_words(product: Product, day: date) -> str:
    """Return what is said in place of a plate, nothing while the stars are live."""
    if product.live_stars(day):
        return ""
    if product.granted_stars is None:
        return _("Nguồn không ghi hạng sao")
    if product.certified_until is None:
        return _("%(stars)s sao, chưa rõ ngày cấp", stars=product.granted_stars)
    return _("%(stars)s sao, đã hết", stars=product.granted_stars)


def _tags(product: Product, day: date) -> Iterable[Tag]:
    if lapsed := lapse_words(product, day):
        yield Tag(lapsed)
    if product.sale_policy is SalePolicy.BOOKING:
        yield Tag(_("Gọi đặt chỗ"), "new")
    elif not for_sale(product, day):
        yield Tag(_("Chỉ giới thiệu"), "warn")
    elif product.sale_policy is SalePolicy.AGE_18:
        yield Tag(_("Đủ 18 tuổi"), "warn")
