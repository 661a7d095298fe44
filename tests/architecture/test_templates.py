"""Every template is reached from a view, and imports no macro in vain."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from marketplace.settings import PROJECT

TEMPLATES = PROJECT / "templates"
NAMES = sorted(
    path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*") if not path.name.startswith(".")
)
LANGUAGE = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def parse(source: str) -> nodes.Template:
    return LANGUAGE.parse(source)


def named_in_code(folder: Path) -> set[str]:
    """Return the templates that Python code names, in whole or with parts to be filled in."""
    names, patterns = set(NAMES), set()
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                patterns.add("".join(map(pattern_of, node.values)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value:
                found |= {node.value} & names
    parts = [
        re.compile(pattern) for pattern in patterns if pattern.endswith((r"\.html", r"\.txt", r"[\w-]+"))
    ]
    return found | {name for name in names - found if any(part.fullmatch(name) for part in parts)}


def pattern_of(part: ast.expr) -> str:
    """Return a pattern for a piece of an f-string: its text, or one name of a file for a value."""
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+"


def reached_from(roots: Iterable[str]) -> set[str]:
    """Return the templates that these extend, include and import, themselves included."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        referred = meta.find_referenced_templates(parse((TEMPLATES / name).read_text()))
        waiting += [other for other in referred if other is not None]
    return reached


def imported_in_vain(source: str) -> set[str]:
    """Return the names a template imports and does not use."""
    tree = parse(source)
    imported = {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        imported |= {name if isinstance(name, str) else name[1] for name in node.names}
    return imported - {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def test_there_are_templates() -> None:
    assert NAMES


def test_every_template_is_reached() -> None:
    assert set(NAMES) - reached_from(named_in_code(PROJECT / "marketplace")) == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_macro_is_imported_in_vain(name: str) -> None:
    assert imported_in_vain((TEMPLATES / name).read_text()) == set()


def test_an_import_in_vain_is_seen() -> None:
    source = '{% from "a.html" import one, two as three %}{% import "b.html" as b %}{{ one() }}'
    assert imported_in_vain(source) == {"three", "b"}
