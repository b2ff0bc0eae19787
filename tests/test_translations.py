"""Every string people read stands in both languages, and the compiled catalogue is fresh."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
APPS = ("crm", "customers", "insights", "engagement")
# Function -> (where its message stands, where its context stands).
FUNCTIONS = {
    "_": (0, None),
    "gettext": (0, None),
    "gettext_lazy": (0, None),
    "gettext_noop": (0, None),
    "ngettext": (0, None),
    "ngettext_lazy": (0, None),
    "pgettext": (1, 0),
    "pgettext_lazy": (1, 0),
    "npgettext": (1, 0),
}
CALL = re.compile(
    r"\b(n?p?gettext|_)\(((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?\s*)+)", re.S
)


def messages_of(source: str):
    """(context, message) of each call with literal strings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        message, context = FUNCTIONS.get(name, (None, None))
        if message is None or len(node.args) <= message:
            continue
        words = [getattr(argument, "value", None) for argument in node.args]
        if isinstance(words[message], str):
            yield (words[context] if context is not None else None), words[message]


def strings() -> set[tuple[str | None, str]]:
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            found |= set(messages_of(path.read_text()))
    for path in (ROOT / "templates").rglob("*.html"):
        for call in CALL.finditer(templatize(path.read_text(), origin=str(path))):
            found |= set(messages_of(f"{call[1]}({call[2].rstrip().rstrip(',')})"))
    return found - {(None, "")}


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def test_every_string_is_in_the_catalogue(catalogue):
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    assert len(known) > 500
    assert strings() - known == set()


def test_every_string_is_translated(catalogue):
    assert [e.msgid for e in catalogue if not e.obsolete and (not e.translated() or e.fuzzy)] == []


def test_placeholders_survive_translation(catalogue):
    holder = re.compile(r"%\(\w+\)[sdf]|%%")
    for entry in catalogue:
        wanted = set(holder.findall(entry.msgid_plural or entry.msgid)) - {"%%"}
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert set(holder.findall(text)) - {"%%"} <= wanted, entry.msgid


def test_the_compiled_catalogue_is_fresh(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    ours = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in catalogue if not e.obsolete}
    theirs = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in compiled}
    assert ours == theirs


def test_chinese_text_uses_chinese_punctuation(catalogue):
    """A comma or full stop behind a Han character is full-width, and no space stands between two of them."""
    wrong = re.compile(
        r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)"
        r"|[\u4e00-\u9fff，。；：？！、（）“”] +[\u4e00-\u9fff，。；：？！、（）“”]"
    )
    texts = [t for e in catalogue for t in ([e.msgstr] if e.msgstr else e.msgstr_plural.values())]
    assert [t for t in texts if wrong.search(t)] == []


def test_what_ends_in_a_han_character_has_no_space_behind_it(catalogue):
    """A day reads 11 月 27 日; in the API's words it is digits alone."""
    digits = "There is no exchange rate for %(currency)s on %(day)s. Add one under exchange rates."
    wrong = re.compile(r"%\((day|first|last|start|end|since|until|metric|model)\)s [\u4e00-\u9fff]")
    found = [e.msgid for e in catalogue if wrong.search(e.msgstr or e.msgstr_plural.get(0, ""))]
    assert [one for one in found if one != digits] == []


def test_a_missing_string_would_be_seen():
    assert set(messages_of('x = _("one") + ngettext("a", "b", n) + pgettext("c", "d")')) == {
        (None, "one"),
        (None, "a"),
        ("c", "d"),
    }
