"""Style sheets lose what only authors need, and nothing else."""

import pytest

from marketplace.web.style_sheets import shrink


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("/* a */ a , b > c { color : red ; margin: 0 auto; }\n", "a,b>c{color :red;margin:0 auto}"),
        ('td::before { content: attr(data-l) ": "; }', 'td::before{content:attr(data-l) ": "}'),
        ("a { width: calc(1px + 2px) }", "a{width:calc(1px + 2px)}"),
        (
            "@media (min-width: 900px) and (x) {\n .a :focus { top: 0 }\n}",
            "@media (min-width:900px) and (x){.a :focus{top:0}}",
        ),
        ("a { content: '/* ; */' }", "a{content:'/* ; */'}"),
    ],
)
def test_shrinks(written: str, served: str) -> None:
    assert shrink(written) == served
