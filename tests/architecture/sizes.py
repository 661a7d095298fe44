"""How large things are: reported at the end of every run, never a reason to fail."""

import ast
from pathlib import Path

from marketplace.settings import PROJECT

Size = tuple[int, str]


def module_sizes() -> list[Size]:
    """Return lines and name of each module, longest first."""
    paths = [p for p in (PROJECT / "marketplace").rglob("*.py") if "migrations" not in p.parts]
    return sorted(((_lines(path), _name(path)) for path in paths), reverse=True)


def function_sizes() -> list[Size]:
    """Return lines and name of each function, docstring apart, longest first."""
    sizes = []
    for path in (PROJECT / "marketplace").rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                sizes.append((_length(node), f"{_name(path)}:{node.name}"))
    return sorted(sizes, reverse=True)


def template_sizes() -> list[Size]:
    """Return lines and name of each template, longest first."""
    paths = (PROJECT / "templates").rglob("*.html")
    return sorted(((_lines(path), _name(path)) for path in paths), reverse=True)


def report() -> list[str]:
    """Return one line each for modules, functions and templates: how many, and those past their size."""
    kinds = (
        ("modules", module_sizes(), 200),
        ("functions", function_sizes(), 20),
        ("templates", template_sizes(), 100),
    )
    return [_line(*kind) for kind in kinds]


def _line(kind: str, sizes: list[Size], natural: int) -> str:
    large = [f"{name} ({lines})" for lines, name in sizes if lines > natural]
    names = ": " + ", ".join(large[:4]) if large else ""
    return f"{len(sizes)} {kind}, {len(large)} above {natural} lines{names}"


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def _length(node: ast.FunctionDef) -> int:
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)
