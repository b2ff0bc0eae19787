"""Of the front-end kit only the named files are served."""

import re
from xml.etree import ElementTree

import pytest

from crm.setup import kit
from crm.setup.steps import ROOT, Stop

SOURCES = [
    path
    for pattern in ("templates/**/*.html", "static/js/*.js", "*/**/*.py")
    for path in ROOT.glob(pattern)
    if not {".venv", "node_modules", "var", "tests"} & set(path.relative_to(ROOT).parts)
]


def icons_listed():
    lines = kit.ICONS.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_sprite_has_a_symbol_for_every_icon_listed():
    root = ElementTree.fromstring((kit.VENDOR / "icons.svg").read_text())
    symbols = {symbol.get("id") for symbol in root}
    assert symbols == {f"i-{name}" for name in icons_listed()}
    assert all(len(symbol) for symbol in root)


def test_no_icon_is_listed_twice():
    assert len(icons_listed()) == len(set(icons_listed()))


def test_every_icon_that_a_page_names_is_in_the_sprite():
    named = re.compile(r"""(?:\{% icon |\bicon=)["']([a-z0-9-]+)["']|#i-([a-z0-9-]+)\b""")
    used = {"".join(names) for path in SOURCES for names in named.findall(path.read_text())}
    assert used
    assert used - set(icons_listed()) == set()


def test_an_unknown_icon_stops_the_set_up_with_its_name():
    with pytest.raises(Stop, match="no-such-icon"):
        kit.sprite("# comment\nusers\nno-such-icon\n")


def test_nothing_refers_to_a_source_map_that_is_not_there():
    for path in kit.VENDOR.iterdir():
        if path.suffix in (".css", ".js"):
            assert "sourceMappingURL" not in path.read_text(), path.name


def test_the_fonts_that_the_style_sheet_names_are_there():
    names = re.findall(r"url\(\./(files/[\w.-]+)\)", (kit.VENDOR / "inter.css").read_text())
    assert names
    assert [name for name in names if not (kit.VENDOR / name).is_file()] == []


def test_nothing_that_is_no_longer_open_source_is_served():
    served = {path.name for path in kit.VENDOR.rglob("*") if path.is_file()}
    assert served == {
        ".made-from",
        "echarts.min.js",
        "icons.svg",
        *kit.FILES,
        *(path.name for path in (kit.VENDOR / "files").iterdir()),
    }
    assert not any("apex" in name for name in served)


def test_a_second_preparation_changes_nothing():
    kit.prepare()
    before = {path: path.stat().st_mtime_ns for path in kit.VENDOR.rglob("*")}
    kit.prepare()
    assert {path: path.stat().st_mtime_ns for path in kit.VENDOR.rglob("*")} == before
