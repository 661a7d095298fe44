"""One spelling of what people read: tone marks on the second vowel, and names of forms as they are printed.

Names of places and what a rubric prints are facts from elsewhere and keep their spelling.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.settings import PROJECT

OLDER = re.compile(r"\b\w*(?:(?<!q)[ùúủũụ]y|[òóỏõọ][ae])\b", re.IGNORECASE)
"""The older place of the mark: huỷ is written with it on the u."""
SHORT = re.compile(r"\bmẫu 0\d|\bmẫu số 0\d", re.IGNORECASE)
PRINTED = "Mẫu số 0"
NOT_READ = {
    "marketplace/upkeep/importing/set_words.py": "words that files of others are searched for",
}


def sources() -> list[Path]:
    """Return every file with words for people: templates, letters and code."""
    pages = [path for path in (PROJECT / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    return sorted(pages) + sorted((PROJECT / "marketplace").rglob("*.py"))


def texts_of(path: Path) -> Iterator[str]:
    """Yield the words of a file; of code its texts, without what is told to those who read the code."""
    if path.suffix != ".py":
        yield path.read_text(encoding="utf-8")
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            yield node.value


def misspelt(text: str) -> list[str]:
    """Return what of a text is written in another way than everywhere else."""
    forms = [found for found in SHORT.findall(text) if not found.startswith(PRINTED)]
    return [*OLDER.findall(text), *forms]


def test_what_people_read_has_one_spelling() -> None:
    found = {}
    for path in sources():
        name = path.relative_to(PROJECT).as_posix()
        wrong = [words for text in texts_of(path) for words in misspelt(text)]
        if wrong and name not in NOT_READ:
            found[name] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("CỘNG HÒA", ["HÒA"]),
        ("Ủy ban huỷ", ["Ủy"]),
        ("khỏe, tuỳ quý, quỹ, của, toàn", ["khỏe"]),
        ("In Mẫu 01, mẫu số 02, Mẫu số 03", ["Mẫu 01", "mẫu số 02"]),
        ("Cộng hoà, Uỷ ban, Mẫu số 01", []),
    ],
)
def test_another_spelling_is_seen(text: str, wrong: list[str]) -> None:
    assert misspelt(text) == wrong
