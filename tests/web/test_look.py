"""The look: style sheets, icons, fonts, within their budgets and without what old browsers choke on."""

import re

import brotli
import pytest
from flask.testing import FlaskClient

from marketplace.settings import PROJECT
from marketplace.web import assets
from marketplace.web.assets import STATIC, asset_url, load_asset
from marketplace.web.icons import icon, list_icons, star_row

BUDGETS = {
    "css/app.css": 8_192,
    "css/trace.css": 6_000,
    "css/rubric.css": 1_400,
    "js/app.js": 3_000,
    "icons/sprite.svg": 3_000,
}
SHEETS = ("css/app.css", "css/trace.css")


def rules(sheet: str) -> set[str]:
    """Return the rules of a sheet, each as its selectors with its declarations, layers and media left out."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(), flags=re.DOTALL)
    found = re.findall(r"([^{};]+)\{([^{}]*)\}", text)
    return {f"{one}|{normal(body)}" for head, body in found for one in map(normal, head.split(","))}


def normal(text: str) -> str:
    return re.sub(r"\s*([>:;,+])\s*", r"\1", " ".join(text.split())).strip("; ")


@pytest.mark.parametrize("name", BUDGETS)
def test_files_stay_within_their_budget(name: str) -> None:
    asset = load_asset(name)
    assert asset is not None
    assert asset.brotli is not None
    assert len(asset.brotli) <= BUDGETS[name]


def test_fonts_stay_within_their_budget_and_have_their_licence() -> None:
    fonts = sorted((STATIC / "fonts").glob("*.woff2"))
    assert len(fonts) == 2
    assert sum(font.stat().st_size for font in fonts) <= 21_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "LICENSE.txt").read_text()
    assert "ISC License" in (STATIC / "icons" / "LICENSE.txt").read_text()


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheets_name_fonts_by_the_address_that_pages_preload(sheet: str) -> None:
    text = (STATIC / sheet).read_text()
    for weight in (400, 700):
        assert f"url({asset_url(f'fonts/be-vietnam-pro-{weight}.woff2')})" in text
    assert "//" not in text.replace("://", "//").split("@layer")[0]


@pytest.mark.parametrize("sheet", [*SHEETS, "css/rubric.css"])
def test_selectors_are_flat(sheet: str) -> None:
    """A sheet with nesting is dropped whole by web views that do not know it."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(), flags=re.DOTALL)
    stack: list[str] = []
    for head, brace in re.findall(r"([^{}]*)([{}])", text):
        if brace == "{":
            inside = [one for one in stack if not one.startswith("@")]
            assert not inside, (inside, head)
            stack.append(head.rsplit(";", 1)[-1].strip())
        else:
            stack.pop()


OF_TRACE_PAGES_ALONE = re.compile(r"\[hidden\]|\.(?:is-trace|verdict\.stop|zmap|panel>summary|askpin)\b|to\|")


def test_the_trace_sheet_is_cut_out_of_the_other() -> None:
    own = rules("css/trace.css") - rules("css/app.css")
    assert {rule for rule in own if not OF_TRACE_PAGES_ALONE.match(rule)} == set()


def test_trace_pages_are_painted_before_their_fonts_are_asked_for() -> None:
    [(first, later)] = [
        (rule.split("font-family:")[1], rule.split("animation:")[1])
        for rule in rules("css/trace.css")
        if rule.startswith(".is-trace|")
    ]
    assert first.startswith('"BVP Fallback"')
    assert later == "face 0s .1s forwards"


def test_no_template_carries_its_own_style_or_script() -> None:
    for template in (PROJECT / "templates").rglob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=\"", text), template
        assert "javascript:" not in text, template


def test_icons_are_in_the_sprite() -> None:
    assert "sprite.svg?v=" in icon("search")
    assert 'aria-hidden="true"' in icon("search")
    with pytest.raises(KeyError):
        icon("no-such-icon")
    named = {
        name
        for template in (PROJECT / "templates").rglob("*.html")
        for name in re.findall(r'icon\("([\w-]+)"\)', template.read_text())
    }
    assert named <= set(list_icons())


def test_rows_of_stars_hold_three_to_five() -> None:
    assert "#s4" in star_row(4)
    with pytest.raises(KeyError):
        star_row(2)


def test_static_files_are_kept_for_ever_under_their_version(client: FlaskClient) -> None:
    sheet = load_asset("css/app.css")
    assert sheet is not None
    kept = client.get(asset_url("css/app.css"), headers={"Accept-Encoding": "br"})
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert brotli.decompress(kept.data) == sheet.body
    gzipped = client.get("/static/css/app.css", headers={"Accept-Encoding": "gzip"})
    assert gzipped.headers["Content-Encoding"] == "gzip"
    assert gzipped.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.get("/static/../pyproject.toml").status_code == 404
    assert client.get("/static/no-such-file").status_code == 404
    with pytest.raises(FileNotFoundError):
        asset_url("no-such-file")


@pytest.mark.parametrize(
    "name", ["%00", "css/%00", "a" * 400, "a/" * 2_000, "css", "", "css/./app.css", "%2e%2e/wsgi.py"]
)
def test_only_what_lies_in_the_folder_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_names_of_nothing_are_not_remembered() -> None:
    known = assets._read.cache_info().currsize  # noqa: SLF001 - memory is what this is about
    for number in range(50):
        assert load_asset(f"no-such-file-{number}") is None
    assert assets._read.cache_info().currsize == known  # noqa: SLF001
    assert not hasattr(load_asset, "cache_info")
