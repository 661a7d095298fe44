"""Damage of every kind is noticed before a byte of it is believed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.search.generations import Damaged, begin, begin_from, remove_others, seal, unseal, writing

VERSION = "1"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    with writing(tmp_path / "index"):
        folder = begin(tmp_path / "index")
    (folder / "words.seg").write_bytes(b"words" * 200)
    (folder / "_MAIN_1.toc").write_bytes(b"contents")
    (folder / "MAIN_WRITELOCK").touch()
    seal(folder, VERSION, 7)
    return tmp_path / "index"


def name_of(base: Path) -> str:
    (folder,) = base.glob("generation-*")
    return folder.name


def test_a_sealed_generation_is_read_whole(base: Path) -> None:
    sealed = unseal(base, name_of(base), VERSION)
    assert sealed.documents == 7
    assert sealed.files == {"words.seg": b"words" * 200, "_MAIN_1.toc": b"contents"}
    assert (base.stat().st_mode & 0o777, (base / name_of(base)).stat().st_mode & 0o777) == (0o700, 0o700)


def zero_fill(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[100:500] = bytes(400)
    file.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a file deleted": lambda folder: (folder / "words.seg").unlink(),
    "a file emptied": lambda folder: (folder / "words.seg").write_bytes(b""),
    "a file cut": lambda folder: os.truncate(folder / "words.seg", 400),
    "a file longer": lambda folder: (folder / "words.seg").write_bytes(b"words" * 201),
    "zeros within": lambda folder: zero_fill(folder / "words.seg"),
    "another table of contents": lambda folder: (folder / "_MAIN_1.toc").write_bytes(b"cos\nsystem\n"),
    "no table of contents": lambda folder: (folder / "_MAIN_1.toc").unlink(),
    "no seal": lambda folder: (folder / "seal.json").unlink(),
    "a garbled seal": lambda folder: (folder / "seal.json").write_bytes(b"\xff{"),
    "an empty seal": lambda folder: (folder / "seal.json").write_text("{}"),
    "a seal of another shape": lambda folder: (folder / "seal.json").write_text("[]"),
    "open to others": lambda folder: folder.chmod(0o755),
    "its parent open to others": lambda folder: folder.parent.chmod(0o770),
}


@pytest.mark.parametrize("damage", [*DAMAGES, "a link elsewhere"])
def test_damage_is_noticed(base: Path, damage: str) -> None:
    name = name_of(base)
    folder = base / name
    if damage == "a link elsewhere":
        folder.rename(base / "elsewhere")
        folder.symlink_to("elsewhere")
    else:
        DAMAGES[damage](folder)
    with pytest.raises(Damaged):
        unseal(base, name, VERSION)


def test_another_version_or_name_is_noticed(base: Path) -> None:
    with pytest.raises(Damaged, match="version"):
        unseal(base, name_of(base), "2")
    with pytest.raises(Damaged):
        unseal(base, "generation-of-yesterday", VERSION)


def test_a_file_that_was_not_sealed_is_not_handed_on(base: Path) -> None:
    (base / name_of(base) / "_MAIN_9.toc").write_bytes(b"cos\nsystem\n")
    assert "_MAIN_9.toc" not in unseal(base, name_of(base), VERSION).files


def test_a_generation_begun_from_another_shares_its_files(base: Path) -> None:
    name = name_of(base)
    later = begin_from(base, name)
    assert sorted(file.name for file in later.iterdir()) == ["_MAIN_1.toc", "words.seg"]
    assert (later / "words.seg").samefile(base / name / "words.seg")


def test_all_but_the_present_one_are_removed(base: Path) -> None:
    name = name_of(base)
    begin(base)
    begin_from(base, name)
    assert remove_others(base, name) == 2
    assert unseal(base, name, VERSION)
