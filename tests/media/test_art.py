import csv
import re
import xml.etree.ElementTree as ET
from collections import Counter

import brotli
import pytest

from marketplace.catalogue.classification import reviewed_sets
from marketplace.media.art import Subject, draw
from marketplace.media.motif_words import GROUPS, PALETTES, SETS, WORDS, choose_motif
from marketplace.media.motifs import MOTIFS
from marketplace.settings import PROJECT
from marketplace.text import slugify


def shipped_subjects() -> list[Subject]:
    sets = reviewed_sets()
    with (PROJECT / "marketplace/data/register/products.csv").open(encoding="utf-8", newline="") as file:
        return [
            Subject(f"{slugify(row['name'])}-{row['id']}", row["name"], sets.get(row["id"]), "thuc-pham")
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(
    ("name", "motif"),
    [
        ("Cu đơ Thành Đạt", "sandwich_cracker"),
        ("Nhung hươu Chiến Sơn", "antler"),
        ("Rượu nhung hươu Ngọc Linh", "spirit_bottle"),
        ("Nước mắm Lạch Kèn", "sauce_bottle"),
        ("Mắm tôm Vị Thanh", "crock"),
        ("Gạo nhật Cao Bằng", "rice_sack"),
        ("Cao cà gai leo Pù Mát", "mortar"),
        ("Xoài Cao Lãnh", "mango"),
        ("Mực khô Hoa Linh Chi", "squid"),
        ("Tranh gạo", "picture"),
        ("Vải Dèng A Lưới", "cloth"),
        ("Du lịch cộng đồng Khe Rạn", "mountain"),
        ("Sâm Bố Chính Hoàng Gia", "root"),
    ],
)
def test_the_name_decides_the_motif(name: str, motif: str) -> None:
    assert choose_motif(name, None, None)[0] == (motif,)


def test_set_then_group_decide_when_the_name_says_nothing() -> None:
    assert choose_motif("Đặc biệt số 1", 13, "thuc-pham")[0] == ("coffee_beans",)
    assert choose_motif("Đặc biệt số 1", None, "du-lich")[0] == ("mountain",)
    assert choose_motif("Đặc biệt số 1", None, None)[0] == ("basket",)


def test_every_motif_named_exists_and_every_set_has_one() -> None:
    named = {motif for _, motifs, _ in WORDS for motif in motifs.split(", ")}
    named |= {motif for motif, _ in (*SETS.values(), *GROUPS.values())}
    assert named <= set(MOTIFS)
    assert {palette for _, _, palette in WORDS} | {p for _, p in SETS.values()} <= set(PALETTES)
    assert set(SETS) == set(range(1, 27))


def test_every_print_is_small_and_sound() -> None:
    for subject in shipped_subjects():
        print_ = draw(subject)
        assert ET.fromstring(print_).attrib["viewBox"] == "0 0 400 400"
        assert "main" not in print_
        assert len(brotli.compress(print_.encode())) <= 2_000, subject.name


def test_a_motif_is_drawn_within_the_block() -> None:
    for name, motif in MOTIFS.items():
        for path in (*(path for path, _ in motif.areas), *motif.lines):
            for x, y in re.findall(r"M(-?\d+) (-?\d+)", path):
                assert 0 <= int(x) <= 400, name
                assert 0 <= int(y) <= 400, name


def test_the_shipped_products_look_varied() -> None:
    prints = Counter(draw(subject) for subject in shipped_subjects())
    assert len(prints) >= 0.8 * sum(prints.values())
    motifs = Counter(choose_motif(s.name, s.set_number, s.group_slug)[0] for s in shipped_subjects())
    assert len(motifs) >= 60
    assert motifs.most_common(1)[0][1] <= 0.08 * sum(motifs.values())


def test_a_print_is_always_the_same_and_its_version_follows_what_it_is_drawn_from() -> None:
    subject = Subject("mat-ong", "Mật ong", 4, "thuc-pham")
    draw.cache_clear()
    first = draw(subject)
    draw.cache_clear()
    assert draw(subject) == first
    assert subject.version == Subject("mat-ong", "Mật ong", 4, "thuc-pham").version
    assert subject.version != Subject("mat-ong", "Mật ong rừng", 4, "thuc-pham").version
