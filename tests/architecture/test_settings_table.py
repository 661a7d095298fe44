"""README lists every setting that the code reads, and no other."""

import ast
import re

from marketplace.settings import PROJECT

NAME = re.compile(r"[A-Z][A-Z_]+")


def read_by_code() -> set[str]:
    tree = ast.parse((PROJECT / "marketplace" / "settings" / "reading.py").read_text())
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and NAME.fullmatch(text)}


def listed_in_readme() -> set[str]:
    section = (PROJECT / "README.md").read_text().split("### Settings", 1)[1].split("\n#", 1)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_readme_lists_every_setting_and_no_other() -> None:
    assert listed_in_readme() == read_by_code()


def test_settings_are_read_in_one_module() -> None:
    readers = [
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "marketplace").rglob("*.py")
        if re.search(r"os\.getenv|os\.environ(\[|\.get)", path.read_text())
    ]
    assert readers == []
